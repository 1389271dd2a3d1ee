#ifndef HG_RULES_SCHEMA_PARTS_H
#define HG_RULES_SCHEMA_PARTS_H

#include "base/attr.h"
#include "rules/schema.h"

/* How many turns back a follow-up may reach. */
enum { CONTEXT_TURNS = 12 };

/* Checks shared by the files that know the shape of a rule file.  Each reports
 * to f->diags and returns false when it did; `what` names the value. */
typedef bool (*check_fn)(const struct checked_file *, const struct json_at *,
    json_t *, const char *what);

/* Every element of a list is a text that is not empty. */
/* Texts, or objects with a text and a condition; one without a condition. */
bool check_wordings(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what);
bool check_texts(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what);
bool check_patterns(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what);
/* Every member of an object is a list that is not empty and passes check. */
bool check_lists(const struct checked_file *f, const struct json_at *at,
    json_t *object, const char *what, check_fn check);
/* Run a check on one member of an object, when it is there. */
bool check_member(const struct checked_file *f, const struct json_at *up,
    json_t *object, const char *key, const char *owner, check_fn check);
/* Every member has a good name and passes check. */
bool check_named(const struct checked_file *f, const struct json_at *at,
    json_t *object, const char *what, check_fn check);
bool check_slots(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what);
bool check_intents(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what);

#define SCHEMA_TABLE(which)                                                    \
	{                                                                      \
		.name = #which, .fields = which##_fields,                      \
		.n = HG_COUNT(which##_fields)                                  \
	}

#endif
