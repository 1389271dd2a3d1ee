#ifndef HG_RULES_SCHEMA_H
#define HG_RULES_SCHEMA_H

#include "json/check.h"

/* The shape of a rule file; rules/rules.schema.json says the same to editors,
 * and a test holds the two together. */

/* Names of the tables below, for that test. */
struct schema_table {
	const char *name;
	const struct json_field *fields;
	size_t n;
};
extern const struct schema_table schema_tables[];
extern const size_t n_schema_tables;
extern const struct schema_table schema_intent_tables[];
extern const size_t n_schema_intent_tables;
extern const struct schema_table schema_slot_tables[];
extern const size_t n_schema_slot_tables;

/* Check one parsed rule file; findings go to f->diags.  True when its shape is
 * right, so that its values may be used without asking for their kinds. */
bool schema_check(const struct checked_file *f, json_t *json);

/* The key is one of the wordings an intent's replies may have / the engine's
 * phrases. */
bool reply_key_is_known(const char *key);
extern const char *const reply_keys[]; /* beside the moods */
extern const size_t n_reply_keys;

/* A phrase of the engine: packs need all that are required. */
struct phrase_kind {
	const char *key;
	bool required;
	const char *placeholders; /* names with spaces between */
};
extern const struct phrase_kind phrase_kinds[];
extern const size_t n_phrase_kinds;
/* Names that may stand in {{...}} anywhere, with spaces between. */
extern const char *const common_placeholders;
/* "mon" to "sun". */
extern const char *const day_names[7];

/* The text of a wording, which may be an object. */
static inline const char *wording_text(const json_t *v)
{
	return json_string_value(
	    json_is_object(v) ? json_object_get(v, "text") : v);
}
/* The hours of a wording, "4-10", both included. */
bool wording_hours(const char *z, int *from, int *to);

#endif
