/* Which keys a rule file may have, and of what kind their values are. */
#include "rules/schema.h"
#include "base/attr.h"
#include "base/buf.h"
#include "model/conversation.h"
#include "model/mood.h"

#include <stdio.h>

static const struct json_field file_fields[] = {
	{ "$schema", JSON_IS_STRING, false },
	{ "note", JSON_IS_STRING, false },
	{ "language", JSON_IS_STRING, true },
	{ "default", JSON_IS_BOOL, false },
	{ "persona", JSON_IS_OBJECT, false },
	{ "thresholds", JSON_IS_OBJECT, false },
	{ "lexicon", JSON_IS_OBJECT, false },
	{ "words", JSON_IS_ARRAY, false },
	{ "concepts", JSON_IS_OBJECT, false },
	{ "moods", JSON_IS_OBJECT, false },
	{ "negators", JSON_IS_ARRAY, false },
	{ "slots", JSON_IS_OBJECT, false },
	{ "phrases", JSON_IS_OBJECT, false },
	{ "intents", JSON_IS_OBJECT, false },
};
static const struct json_field persona_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "name", JSON_IS_STRING, false },
	{ "calls_customer", JSON_IS_STRING, false },
};
static const struct json_field threshold_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "answer", JSON_IS_NUMBER, false },
	{ "clarify", JSON_IS_NUMBER, false },
	{ "margin", JSON_IS_NUMBER, false },
};
static const struct json_field pattern_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "match", JSON_IS_STRING, true },
	{ "weight", JSON_IS_NUMBER, false },
	{ "edges", JSON_IS_BOOL, false },
};
static const struct json_field slot_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "capture", JSON_IS_ARRAY, true },
};
static const struct json_field intent_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "title", JSON_IS_STRING, false },
	{ "kind", JSON_IS_STRING, false },
	{ "priority", JSON_IS_INTEGER, false },
	{ "handoff", JSON_IS_BOOL, false },
	{ "patterns", JSON_IS_ARRAY, false },
	{ "unless", JSON_IS_ARRAY, false },
	{ "replies", JSON_IS_OBJECT, false },
	{ "quick_replies", JSON_IS_ARRAY, false },
	{ "examples", JSON_IS_ARRAY, false },
	{ "not_examples", JSON_IS_ARRAY, false },
};
static const struct json_field button_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "title", JSON_IS_STRING, true },
	{ "text", JSON_IS_STRING, true },
};

#define TABLE(name)                                                            \
	{                                                                      \
#name, name##_fields, HG_COUNT(name##_fields)                  \
	}
const struct schema_table schema_tables[] = {
	TABLE(file),
	TABLE(persona),
	TABLE(threshold),
	TABLE(pattern),
	TABLE(slot),
	TABLE(intent),
	TABLE(button),
};
const size_t n_schema_tables = HG_COUNT(schema_tables);

const char *const common_placeholders = "persona call name";

const struct phrase_kind phrase_kinds[] = {
	{ "disclosure", true, "" },
	{ "help", true, "" },
	{ "rephrase", true, "" },
	{ "clarify", true, "first second" },
	{ "neither", true, "" },
	{ "noted", true, "value" },
	{ "offer_human", true, "" },
	{ "human_button", true, "" },
	{ "human_text", true, "" },
	{ "handoff_unsure", true, "" },
	{ "handoff_wish", true, "" },
	{ "handoff_anger", true, "" },
	{ "handoff_crisis", true, "" },
	{ "handoff_rule", true, "" },
	{ "queue", true, "position wait" },
	{ "queue_unknown", true, "position" },
	{ "nobody", true, "" },
	{ "closed", true, "" },
	{ "already_waiting", true, "" },
	{ "waiting_unsure", true, "" },
	{ "back_to_bot", true, "agent" },
	{ "agent_joined", true, "agent" },
	{ "agent_left", true, "agent" },
	{ "resolved", true, "agent" },
	{ "opener_angry", false, "" },
	{ "opener_sad", false, "" },
	{ "opener_anxious", false, "" },
	{ "opener_confused", false, "" },
	{ "opener_lonely", false, "" },
};
const size_t n_phrase_kinds = HG_COUNT(phrase_kinds);

bool reply_key_is_known(const char *key)
{
	return strcmp(key, "default") == 0 || strcmp(key, "again") == 0 ||
	       mood_from_name(key) >= 0;
}

/* Every element of a list is a text that is not empty. */
static bool check_texts(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what)
{
	bool good = true;
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v) {
		struct json_at here = { at, NULL, i };
		if (!check_kind(f, &here, v, what, JSON_IS_STRING)) {
			good = false;
		} else if (str_trim(str_of(json_string_value(v))).n == 0) {
			check_error(f, &here,
			    "%s is empty; write something "
			    "or take it out",
			    what);
			good = false;
		}
	}
	return good;
}

static bool check_pattern(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	if (!check_kind(f, at, v, what, JSON_IS_STRING | JSON_IS_OBJECT))
		return false;
	json_t *match = v;
	if (json_is_object(v)) {
		if (!check_object(f, at, v, what, pattern_fields,
			HG_COUNT(pattern_fields)))
			return false;
		match = json_object_get(v, "match");
	}
	if (str_trim(str_of(json_string_value(match))).n == 0) {
		check_error(f, at,
		    "%s is empty and would match everything; "
		    "write words or take it out",
		    what);
		return false;
	}
	json_t *weight = json_object_get(v, "weight");
	double w = weight != NULL ? json_number_value(weight) : 1;
	if (w <= 0 || w > 1) {
		struct json_at here = { at, "weight", 0 };
		check_error(f, &here,
		    "%s: \"weight\" is %g; write a number "
		    "over 0, at most 1",
		    what, w);
		return false;
	}
	return true;
}

static bool check_patterns(const struct checked_file *f,
    const struct json_at *at, json_t *list, const char *what)
{
	bool good = true;
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v) {
		struct json_at here = { at, NULL, i };
		char name[192];
		(void)snprintf(name, sizeof(name), "%s %zu", what,
		    i + 1); /* cut is fine */
		good = check_pattern(f, &here, v, name) && good;
	}
	return good;
}

static bool check_lists(const struct checked_file *f, const struct json_at *at,
    json_t *object, const char *what,
    bool (*check)(const struct checked_file *, const struct json_at *, json_t *,
	const char *))
{
	bool good = true;
	const char *key;
	json_t *v;
	json_object_foreach (object, key, v) {
		struct json_at here = { at, key, 0 };
		char name[160];
		(void)snprintf(name, sizeof(name), "%s \"%s\"", what,
		    key); /* cut is fine */
		if (!check_kind(f, &here, v, name, JSON_IS_ARRAY))
			good = false;
		else if (json_array_size(v) == 0) {
			check_error(f, &here,
			    "%s is an empty list; add one "
			    "or take it out",
			    name);
			good = false;
		} else {
			good = check(f, &here, v, name) && good;
		}
	}
	return good;
}

static const char *reply_key_at(const void *names, size_t i)
{
	(void)names; /* the keys are fixed */
	return i == 0   ? "default"
	       : i == 1 ? "again"
			: mood_name((enum mood)(i - 2));
}

static bool check_replies(const struct checked_file *f,
    const struct json_at *at, json_t *replies, const char *what)
{
	bool good = true;
	const char *key;
	json_t *v;
	json_object_foreach (replies, key, v) {
		struct json_at here = { at, key, 0 };
		if (reply_key_is_known(key))
			continue;
		const char *near =
		    nearest_name(key, reply_key_at, NULL, 2 + MOOD_COUNT);
		check_error_key(f, &here, "%s: unknown reply \"%s\"; %s%s%s",
		    what, key,
		    near != NULL ? "did you mean \""
				 : "the keys are default, "
				   "again and the moods",
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		good = false;
	}
	return good && check_lists(f, at, replies, what, check_texts);
}

static bool check_buttons(const struct checked_file *f,
    const struct json_at *at, json_t *list, const char *what)
{
	bool good = true;
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v) {
		struct json_at here = { at, NULL, i };
		good = check_object(f, &here, v, what, button_fields,
			   HG_COUNT(button_fields)) &&
		       good;
	}
	return good;
}

typedef bool (*check_fn)(const struct checked_file *, const struct json_at *,
    json_t *, const char *);

/* Run a check on one member of an object, when it is there. */
static bool check_member(const struct checked_file *f, const struct json_at *up,
    json_t *object, const char *key, const char *owner, check_fn check)
{
	json_t *v = json_object_get(object, key);
	if (v == NULL)
		return true;
	struct json_at at = { up, key, 0 };
	char what[192];
	(void)snprintf(
	    what, sizeof(what), "%s: %s", owner, key); /* cut is fine */
	return check(f, &at, v, what);
}

static bool name_is_good(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && name[n] == '\0';
}

static bool check_intent(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	if (!check_object(
		f, at, v, what, intent_fields, HG_COUNT(intent_fields)))
		return false;
	static const struct {
		const char *key;
		check_fn check;
	} parts[] = {
		{ "patterns", check_patterns },
		{ "unless", check_patterns },
		{ "replies", check_replies },
		{ "quick_replies", check_buttons },
		{ "examples", check_texts },
		{ "not_examples", check_texts },
	};
	bool good = true;
	for (size_t i = 0; i < HG_COUNT(parts); i++)
		good = check_member(
			   f, at, v, parts[i].key, what, parts[i].check) &&
		       good;
	json_t *kind = json_object_get(v, "kind");
	if (kind != NULL && strcmp(json_string_value(kind), "request") != 0 &&
	    strcmp(json_string_value(kind), "social") != 0) {
		struct json_at here = { at, "kind", 0 };
		check_error(f, &here,
		    "%s: kind \"%s\" is unknown; write "
		    "\"request\" or \"social\"",
		    what, json_string_value(kind));
		good = false;
	}
	return good;
}

static bool check_named(const struct checked_file *f, const struct json_at *at,
    json_t *object, const char *what, check_fn check)
{
	bool good = true;
	const char *key;
	json_t *v;
	json_object_foreach (object, key, v) {
		struct json_at here = { at, key, 0 };
		char name[160];
		(void)snprintf(name, sizeof(name), "%s \"%s\"", what,
		    key); /* cut is fine */
		if (!name_is_good(key) || strlen(key) >= INTENT_NAME_BYTES) {
			check_error_key(f, &here,
			    "%s: a name has lower case letters, digits and _, "
			    "at most %d; rename it",
			    name, INTENT_NAME_BYTES - 1);
			good = false;
		}
		good = check(f, &here, v, name) && good;
	}
	return good;
}

static bool check_intents(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "intent", check_intent);
}

static bool check_slot(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(
		   f, at, v, what, slot_fields, HG_COUNT(slot_fields)) &&
	       check_member(f, at, v, "capture", what, check_patterns);
}

static bool check_slots(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "slot", check_slot);
}

static bool check_concepts(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_lists(f, at, v, "concept", check_texts);
}

static bool check_lexicon(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_lists(f, at, v, "lexicon entry", check_texts);
}

static const char *mood_at(const void *names, size_t i)
{
	(void)names; /* the moods are fixed */
	return mood_name((enum mood)(i + 1));
}

static bool check_moods(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	bool good = check_lists(f, at, v, "mood", check_patterns);
	const char *key;
	json_t *list;
	json_object_foreach (v, key, list) {
		if (mood_from_name(key) > MOOD_NEUTRAL)
			continue;
		struct json_at here = { at, key, 0 };
		const char *near =
		    nearest_name(key, mood_at, NULL, MOOD_COUNT - 1);
		check_error_key(f, &here, "mood \"%s\" is unknown; %s%s%s", key,
		    near != NULL ? "did you mean \""
				 : "the moods are angry, "
				   "sad, anxious, confused, lonely, happy",
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		good = false;
	}
	return good;
}

static const char *phrase_at(const void *names, size_t i)
{
	(void)names; /* the phrases are fixed */
	return phrase_kinds[i].key;
}

static bool check_phrases(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	bool good = check_lists(f, at, v, "phrase", check_texts);
	const char *key;
	json_t *list;
	json_object_foreach (v, key, list) {
		size_t i = 0;
		while (
		    i < n_phrase_kinds && strcmp(phrase_kinds[i].key, key) != 0)
			i++;
		if (i < n_phrase_kinds)
			continue;
		struct json_at here = { at, key, 0 };
		const char *near =
		    nearest_name(key, phrase_at, NULL, n_phrase_kinds);
		check_error_key(f, &here, "phrase \"%s\" is unknown; %s%s%s",
		    key,
		    near != NULL ? "did you mean \""
				 : "hangat-rules(5) lists them",
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		good = false;
	}
	return good;
}

static bool check_persona(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* said shorter */
	return check_object(
	    f, at, v, "persona", persona_fields, HG_COUNT(persona_fields));
}

static bool check_thresholds(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* said shorter */
	bool good = check_object(f, at, v, "thresholds", threshold_fields,
	    HG_COUNT(threshold_fields));
	const char *key;
	json_t *number;
	json_object_foreach (v, key, number) {
		double x = json_number_value(number);
		struct json_at here = { at, key, 0 };
		if (json_is_number(number) && (x < 0 || x > 1)) {
			check_error(f, &here,
			    "threshold \"%s\" is %g; write "
			    "a number from 0 to 1",
			    key, x);
			good = false;
		}
	}
	return good;
}

static bool check_language(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* said shorter */
	const char *lang = json_string_value(v);
	size_t n = strspn(lang, "abcdefghijklmnopqrstuvwxyz");
	if (n >= 2 && n < LIMIT_LANG_BYTES && lang[n] == '\0')
		return true;
	check_error(f, at,
	    "language \"%s\" is not a language code; write "
	    "\"id\", \"en\", or \"any\" for all packs",
	    lang);
	return false;
}

bool schema_check(const struct checked_file *f, json_t *json)
{
	if (!check_object(
		f, NULL, json, "rule file", file_fields, HG_COUNT(file_fields)))
		return false;
	static const struct {
		const char *key;
		check_fn check;
	} parts[] = {
		{ "language", check_language },
		{ "persona", check_persona },
		{ "thresholds", check_thresholds },
		{ "lexicon", check_lexicon },
		{ "words", check_texts },
		{ "concepts", check_concepts },
		{ "moods", check_moods },
		{ "negators", check_patterns },
		{ "slots", check_slots },
		{ "phrases", check_phrases },
		{ "intents", check_intents },
	};
	bool good = true;
	for (size_t i = 0; i < HG_COUNT(parts); i++)
		good = check_member(f, NULL, json, parts[i].key, "rule file",
			   parts[i].check) &&
		       good;
	return good;
}
