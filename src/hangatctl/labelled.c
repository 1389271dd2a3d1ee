/* Reading labelled messages and letting the rules judge them. */
#include "hangatctl/labelled.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>
#include <unistd.h>

struct verdict classify_text(
    struct ctl_talk *t, const char *text, const char *lang)
{
	struct talk_event ev = { TALK_MESSAGE, str_of(text), NULL };
	struct step step = { 0 };
	ctl_talk_restart(t);
	FIELD_SET(t->c.lang, lang, strlen(lang));
	ctl_talk_step(t, &ev, &step);
	const struct reply *r = &step.reply;
	struct verdict v = { .decision = r->decision,
		.mood = r->mood.mood,
		.confidence = r->confidence,
		.n_candidates = r->n_candidates };
	FIELD_SET(v.intent, r->intent, strlen(r->intent));
	memcpy(v.candidates, r->candidates, sizeof(v.candidates));
	step_clear(&step);
	return v;
}

static const char *text_of(const json_t *row, const char *key)
{
	return json_string_value(json_object_get(row, key));
}

bool labelled_names(const json_t *v, const char *intent)
{
	const char *z = json_string_value(v);
	if (z != NULL)
		return strcmp(z, intent) == 0;
	for (size_t i = 0; i < json_array_size(v); i++) {
		z = json_string_value(json_array_get(v, i));
		if (z != NULL && strcmp(z, intent) == 0)
			return true;
	}
	return false;
}

static bool is_right(const json_t *row, const char *label, const char *intent)
{
	return strcmp(label, intent) == 0 ||
	       labelled_names(json_object_get(row, "alt"), intent) ||
	       labelled_names(json_object_get(row, "also"), intent);
}

static void judge(struct labelled_row *r, const json_t *row,
    const struct verdict *v, bool moods)
{
	FIELD_SET(r->intent, v->intent, strlen(v->intent));
	r->decision = v->decision;
	r->mood = v->mood;
	r->confidence = v->confidence;
	if (moods)
		return;
	r->oos = strcmp(r->label, "out_of_scope") == 0;
	r->strict = strcmp(r->label, v->intent) == 0;
	r->lenient = is_right(row, r->label, v->intent);
	if (v->n_candidates > 0) {
		/* below the thresholds the verdict is out_of_scope, yet what
		 * stood first is what confidence is fitted for */
		const char *first = v->candidates[0].intent;
		r->score = v->candidates[0].lead;
		if (strcmp(r->intent, "out_of_scope") == 0)
			r->lenient = is_right(row, r->label, first);
	}
	if (v->n_candidates > 1) {
		r->next_score = v->candidates[1].score;
		r->next_right =
		    is_right(row, r->label, v->candidates[1].intent);
	}
	r->offered =
	    v->decision == DECISION_CLARIFY && (r->lenient || r->next_right);
}

const char *labelled_label(const json_t *row)
{
	const char *label = text_of(row, "label");
	return label != NULL ? label : text_of(row, "intent");
}

/* What add_row needs. */
struct reading_set {
	struct ctl_talk *t;
	struct labelled_set *set;
	bool moods;
};

static int add_row(void *arg, const json_t *json, struct err *e)
{
	const struct reading_set *to = arg;
	struct labelled_set *set = to->set;
	const char *text = text_of(json, "text");
	const char *label = labelled_label(json);
	const char *origin = text_of(json, "origin");
	if (to->moods && mood_from_name(label) < 0)
		return err_set(e, "\"%.40s\" is no mood", label);
	VEC_ROOM(set->v, set->n, set->cap);
	struct labelled_row *r = &set->v[set->n++];
	*r = (struct labelled_row){ .label =
					arena_strdup(&set->a, str_of(label)) };
	r->origin =
	    arena_strdup(&set->a, str_of(origin != NULL ? origin : "-"));
	r->source = set->files;
	r->fold = labelled_fold(text);
	struct verdict v = classify_text(to->t, text, "");
	r->lang = arena_strdup(&set->a, str_of(to->t->c.lang));
	judge(r, json, &v, to->moods);
	return 0;
}

unsigned labelled_fold(const char *text)
{
	return (unsigned)(hash_bytes(7, text, strlen(text)) % LABELLED_FOLDS);
}

static int read_row(struct str text, labelled_fn fn, void *arg, struct err *e)
{
	enum { DEPTH = 8 };
	struct json_pos at;
	if (text.n == 0)
		return 0;
	json_t *row = json_parse(text, DEPTH, &at, e);
	if (row == NULL)
		return -1;
	int rc = text_of(row, "text") == NULL || labelled_label(row) == NULL
		     ? err_set(e, "no \"text\" or \"label\"; write both")
		     : fn(arg, row, e);
	json_decref(row);
	return rc;
}

int labelled_each(const char *path, labelled_fn fn, void *arg)
{
	enum { PROGRESS_EVERY = 20000 };
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return ctl_fail("%s: cannot be opened", path);
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int code = CTL_OK, number = 0;
	bool person = isatty(STDERR_FILENO) != 0;
	while (code == CTL_OK && (n = getline(&line, &cap, f)) > 0) {
		struct err e = ERR_NONE;
		if (++number % PROGRESS_EVERY == 0 && person)
			fprintf(stderr, "%s: %d messages\r", path, number);
		struct str text = str_trim((struct str){ line, (size_t)n });
		if (read_row(text, fn, arg, &e) != 0)
			code = ctl_fail("%s:%d: %s", path, number, e.text);
	}
	free(line);
	(void)fclose(f); /* read only */
	return code;
}

int labelled_read(
    struct ctl_talk *t, const char *path, bool moods, struct labelled_set *set)
{
	struct reading_set to = { t, set, moods };
	int code = labelled_each(path, add_row, &to);
	set->files++;
	return code;
}

void labelled_clear(struct labelled_set *set)
{
	free(set->v);
	arena_clear(&set->a);
	*set = (struct labelled_set){ 0 };
}
