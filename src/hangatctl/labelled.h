#ifndef HG_HANGATCTL_LABELLED_H
#define HG_HANGATCTL_LABELLED_H

#include "hangatctl/ctl.h"
#include "rules/calibration.h"

/* Labelled messages and what the rules make of them. */

/* One message, its label and the verdict.  Texts live in the set. */
struct labelled_row {
	const char *label, *origin;
	char intent[INTENT_NAME_BYTES]; /* the verdict, or "out_of_scope" */
	const char *lang;               /* the pack that read it */
	enum decision decision;
	enum mood mood;
	double confidence;
	double score, next_score; /* lead of the first, score of the next */
	bool oos;                 /* the label is out_of_scope */
	bool strict, lenient; /* the verdict is the label / or an alternative */
	bool next_right;      /* the runner-up is */
	bool offered;         /* a clarification offers the right one */
	unsigned source;      /* number of its file */
	unsigned fold;        /* 0..LABELLED_FOLDS-1, by a hash of the text */
};
enum { LABELLED_FOLDS = 5 };

/* Call fn for each row of FILE.jsonl; every one has "text" and a label.  fn
 * returns -1 with the reason when the row will not do.  Prints what is wrong
 * and returns an exit code; says on stderr how far it is when that takes long.
 */
typedef int (*labelled_fn)(void *arg, const json_t *row, struct err *e);
int labelled_each(const char *path, labelled_fn fn, void *arg);
/* The "label" of a row, or its "intent". */
const char *labelled_label(const json_t *row);
/* Is intent named by v, a text or a list of texts (or NULL)? */
bool labelled_names(const json_t *v, const char *intent);
/* The part of a cross validation that a text is in. */
unsigned labelled_fold(const char *text);

/* All zero is empty. */
struct labelled_set {
	struct labelled_row *v;
	size_t n, cap;
	unsigned files; /* read so far */
	struct arena a;
};

/* Read FILE.jsonl and let t answer each message as the first of a fresh
 * conversation.  Rows need "text" and "label" (or "intent"); "alt" and "also"
 * name other right intents, "origin" where the row comes from.  Appends to set.
 * With moods, labels are moods.  Prints what is wrong and returns an exit
 * code. */
int labelled_read(
    struct ctl_talk *t, const char *path, bool moods, struct labelled_set *set);
void labelled_clear(struct labelled_set *set);

/* What one verdict on a fresh conversation was. */
struct verdict {
	char intent[INTENT_NAME_BYTES];
	enum decision decision;
	enum mood mood;
	double confidence;
	struct candidate_brief candidates[REPLY_CANDIDATES];
	int n_candidates;
};
struct verdict classify_text(
    struct ctl_talk *t, const char *text, const char *lang);

/* Print figures of the rows [from, to) of a set: by origin and of all, the
 * risk-coverage curve, the calibration error, confusions. */
void labelled_report(const char *name, const struct labelled_set *set,
    size_t from, size_t to, double oos_share);
void labelled_report_moods(
    const char *name, const struct labelled_set *set, size_t from, size_t to);

#endif
