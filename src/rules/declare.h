#ifndef HG_RULES_DECLARE_H
#define HG_RULES_DECLARE_H

#include "base/arena.h"
#include "rules/expand.h"
#include "rules/ruleset.h"
#include "json/places.h"

/* What the rule files of one language declare, after later directories have
 * overridden earlier ones, and before anything is compiled. */

/* One rule file, parsed. */
struct source {
	const struct text_file *file;
	json_t *json;
	struct json_places *places;
	const char *path; /* lives as long as the ruleset */
};

/* A value and the file it came from. */
struct decl {
	const struct source *src;
	json_t *value;
};

struct decl_list {
	struct decl *v;
	size_t n, cap;
};

/* Keys of an intent that a later directory replaces as a whole... */
enum intent_key {
	INTENT_TITLE,
	INTENT_KIND,
	INTENT_PRIORITY,
	INTENT_HANDOFF,
	INTENT_OFF,
	INTENT_AFTER,
	INTENT_WITHIN,
	INTENT_BUTTONS,
	INTENT_LOOKUP,
	INTENT_NEEDS,
	INTENT_LISTENS,
	INTENT_ENQUIRY,
};
/* ...and lists, which it may also add to. */
enum intent_list {
	INTENT_PATTERNS,
	INTENT_UNLESS,
	INTENT_EXAMPLES,
	INTENT_NOT_EXAMPLES,
};
enum {
	INTENT_KEYS = INTENT_ENQUIRY + 1,
	INTENT_LISTS = INTENT_NOT_EXAMPLES + 1
};

struct intent_decl {
	const char *name;
	struct decl whole; /* the newest declaration */
	struct decl keys[INTENT_KEYS];
	struct decl_list lists[INTENT_LISTS];
	struct map replies; /* by key: -> struct decl */
};

struct pack_decl {
	const char *lang;
	struct map concepts; /* -> struct concept */
	struct map slots;    /* -> struct decl */
	struct map phrases;  /* -> struct decl */
	struct map canned;   /* -> struct decl */
	struct map shop;     /* -> struct decl */
	struct map places;   /* where a name was declared: -> struct decl */
	struct intent_decl **intents; /* in the order first declared */
	size_t n_intents, cap_intents;
	struct map intent_by_name;
	struct decl_list signals[SIGNAL_COUNT], moods[MOOD_COUNT], negators,
	    refusals, joins, harmless, lexicon, words, clitics;
	struct decl persona_name, calls_customer, answer, clarify, margin,
	    accepted_error, calibration, classifier, detector, utc_offset,
	    holidays, days[7];
};

/* Collect what sources declare for a language.  Everything lives in a and in
 * the sources; lists are freed by pack_decl_clear.  Duplicates go to diags. */
void pack_declare(struct pack_decl *p, const char *lang,
    const struct source *sources, size_t n, struct arena *a,
    struct diags *diags);
void pack_decl_clear(struct pack_decl *p);

struct json_pos decl_pos(const struct source *src, const json_t *value);
void decl_error(struct diags *d, const struct source *src, const json_t *value,
    const char *fmt, ...) HG_PRINTF(4, 5);

#endif
