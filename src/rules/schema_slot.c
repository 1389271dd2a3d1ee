/* The shape of the slots of a rule file. */
#include "rules/schema_parts.h"
#include "rules/value.h"

#include <string.h>

static const struct json_field slot_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "title", JSON_IS_STRING, false },
	{ "capture", JSON_IS_ARRAY, false },
	{ "answer", JSON_IS_ARRAY, false },
	{ "unless", JSON_IS_ARRAY, false },
	{ "from", JSON_IS_STRING, false },
	{ "normalise", JSON_IS_STRING, false },
	{ "words", JSON_IS_OBJECT, false },
	{ "days", JSON_IS_OBJECT, false },
	{ "country", JSON_IS_STRING, false },
	{ "identifies", JSON_IS_BOOL, false },
	{ "contact", JSON_IS_BOOL, false },
	{ "reads_as", JSON_IS_STRING, false },
	{ "not_after", JSON_IS_ARRAY, false },
	{ "other_with", JSON_IS_ARRAY, false },
	{ "detail", JSON_IS_BOOL, false },
};
const struct schema_table schema_slot_tables[] = { SCHEMA_TABLE(slot) };
const size_t n_schema_slot_tables = HG_COUNT(schema_slot_tables);

/* Words and the whole numbers they stand for. */
static bool check_numbers(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	bool good = true;
	const char *key;
	json_t *number;
	json_object_foreach (v, key, number) {
		struct json_at here = { at, key, 0 };
		good =
		    check_kind(f, &here, number, what, JSON_IS_INTEGER) && good;
	}
	return good;
}

static bool check_normalise(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	if (value_form_from_name(json_string_value(v)) >= 0)
		return true;
	check_error(f, at,
	    "%s is \"%.20s\"; write \"upper\", \"lower\", \"digits\", "
	    "\"phone\", \"date\", \"amount\" or \"count\"",
	    what, json_string_value(v));
	return false;
}

static bool check_country(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	const char *code = json_string_value(v);
	size_t n = strspn(code, "0123456789");
	if (n >= 1 && n <= 3 && code[n] == '\0')
		return true;
	check_error(f, at,
	    "%s is \"%.20s\"; write the calling code without a plus, such as "
	    "\"62\"",
	    what, code);
	return false;
}

static bool check_slot(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	if (!check_object(f, at, v, what, slot_fields, HG_COUNT(slot_fields)))
		return false;
	if (json_object_get(v, "capture") == NULL &&
	    json_object_get(v, "from") == NULL) {
		check_error(f, at,
		    "%s has neither \"capture\" nor \"from\", so it never has "
		    "a value; add a list of patterns, or the table whose keys "
		    "are its values",
		    what);
		return false;
	}
	return check_member(f, at, v, "capture", what, check_patterns) &&
	       check_member(f, at, v, "answer", what, check_patterns) &&
	       check_member(f, at, v, "unless", what, check_patterns) &&
	       check_member(f, at, v, "not_after", what, check_texts) &&
	       check_member(f, at, v, "other_with", what, check_texts) &&
	       check_member(f, at, v, "normalise", what, check_normalise) &&
	       check_member(f, at, v, "words", what, check_numbers) &&
	       check_member(f, at, v, "days", what, check_numbers) &&
	       check_member(f, at, v, "country", what, check_country);
}

bool check_slots(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "slot", check_slot);
}
