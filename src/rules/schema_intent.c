/* The shape of an intent and of what stands in it: patterns, replies, buttons.
 */
#include "model/conversation.h"
#include "model/mood.h"
#include "rules/schema_parts.h"

#include <stdio.h>

static const struct json_field pattern_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "match", JSON_IS_STRING, true },
	{ "weight", JSON_IS_NUMBER, false },
	{ "edges", JSON_IS_BOOL, false },
	{ "case", JSON_IS_BOOL, false },
	{ "after", JSON_IS_ARRAY, false },
	{ "within", JSON_IS_INTEGER, false },
};
static const struct json_field intent_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "title", JSON_IS_STRING, false },
	{ "kind", JSON_IS_STRING, false },
	{ "priority", JSON_IS_INTEGER, false },
	{ "handoff", JSON_IS_BOOL, false },
	{ "off", JSON_IS_BOOL, false },
	{ "after", JSON_IS_ARRAY, false },
	{ "within", JSON_IS_INTEGER, false },
	{ "lookup", JSON_IS_OBJECT, false },
	{ "needs", JSON_IS_OBJECT, false },
	{ "listens", JSON_IS_BOOL, false },
	{ "enquiry", JSON_IS_BOOL, false },
	{ "add", JSON_IS_OBJECT, false },
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
static const struct json_field add_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "patterns", JSON_IS_ARRAY, false },
	{ "unless", JSON_IS_ARRAY, false },
	{ "examples", JSON_IS_ARRAY, false },
	{ "not_examples", JSON_IS_ARRAY, false },
};
static const struct json_field lookup_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "table", JSON_IS_STRING, true },
	{ "slot", JSON_IS_STRING, true },
	{ "found", JSON_IS_ARRAY, true },
	{ "missing", JSON_IS_ARRAY, true },
	{ "each", JSON_IS_ARRAY, false },
	{ "total", JSON_IS_OBJECT, false },
	{ "sum", JSON_IS_ARRAY, false },
	{ "parcel", JSON_IS_OBJECT, false },
	{ "card", JSON_IS_OBJECT, false },
};
static const struct json_field parcel_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "goods", JSON_IS_STRING, true },
	{ "grams", JSON_IS_STRING, true },
	{ "free_from", JSON_IS_STRING, false },
	{ "say", JSON_IS_ARRAY, true },
	{ "free", JSON_IS_ARRAY, false },
};
/* Of a sponsored row the sponsor is always shown, so nobody says so here. */
static const struct json_field card_fields[] = {
	{ "title", JSON_IS_STRING, true },
	{ "text", JSON_IS_STRING, false },
	{ "price", JSON_IS_STRING, false },
	{ "url", JSON_IS_STRING, false },
};

static const struct json_field need_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "ask", JSON_IS_ARRAY, false },
	{ "why", JSON_IS_ARRAY, false },
	{ "retry", JSON_IS_ARRAY, false },
	{ "optional", JSON_IS_BOOL, false },
};

static const struct json_field wording_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "text", JSON_IS_STRING, true },
	{ "hours", JSON_IS_STRING, false },
	{ "voice", JSON_IS_STRING, false },
	{ "row", JSON_IS_OBJECT, false },
	{ "without", JSON_IS_OBJECT, false },
	{ "over", JSON_IS_OBJECT, false },
	{ "under", JSON_IS_OBJECT, false },
	{ "card", JSON_IS_BOOL, false },
};

const struct schema_table schema_intent_tables[] = {
	SCHEMA_TABLE(pattern),
	SCHEMA_TABLE(intent),
	SCHEMA_TABLE(button),
	SCHEMA_TABLE(add),
	SCHEMA_TABLE(lookup),
	SCHEMA_TABLE(parcel),
	SCHEMA_TABLE(card),
	SCHEMA_TABLE(need),
	SCHEMA_TABLE(wording),
};
const size_t n_schema_intent_tables = HG_COUNT(schema_intent_tables);

static bool check_text(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	if (!check_kind(f, at, v, what, JSON_IS_STRING))
		return false;
	if (str_trim(str_of(json_string_value(v))).n != 0)
		return true;
	check_error(f, at, "%s is empty; write something or take it out", what);
	return false;
}

bool check_texts(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what)
{
	bool good = true;
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v) {
		struct json_at here = { at, NULL, i };
		good = check_text(f, &here, v, what) && good;
	}
	return good;
}

/* "after" names intents, "within" counts turns. */
static bool check_context(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	if (!check_member(f, at, v, "after", what, check_texts))
		return false;
	const json_t *within = json_object_get(v, "within");
	json_int_t turns = json_integer_value(within);
	if (within == NULL || (turns >= 1 && turns <= CONTEXT_TURNS))
		return true;
	struct json_at here = { at, "within", 0 };
	check_error(f, &here,
	    "%s: \"within\" is %lld; write a number of turns from 1 to %d",
	    what, (long long)turns, CONTEXT_TURNS);
	return false;
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
	if (json_is_object(v) && !check_context(f, at, v, what))
		return false;
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

bool check_patterns(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what)
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

bool check_lists(const struct checked_file *f, const struct json_at *at,
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
	return i < n_reply_keys ? reply_keys[i]
				: mood_name((enum mood)(i - n_reply_keys));
}

/* "4-10": hours of the day, both included; it may go over midnight. */
bool wording_hours(const char *z, int *from, int *to)
{
	struct str rest = str_of(z), part;
	int hours[2], n = 0;
	while (str_next(&rest, '-', &part)) {
		if (n == 2 || part.n == 0 || part.n > 2)
			return false;
		hours[n] = 0;
		for (size_t i = 0; i < part.n; i++) {
			if (part.p[i] < '0' || part.p[i] > '9')
				return false;
			hours[n] = hours[n] * 10 + (part.p[i] - '0');
		}
		if (hours[n++] > 23)
			return false;
	}
	*from = n == 2 ? hours[0] : -1;
	*to = n == 2 ? hours[1] : -1;
	return n == 2;
}

/* One key and its text. */
static bool is_pair(json_t *v)
{
	return json_object_size(v) == 1 &&
	       json_is_string(json_object_iter_value(json_object_iter(v)));
}

/* Of which rows a wording is said. */
static bool check_rows(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	static const struct {
		const char *key, *says;
	} conditions[] = {
		{ "row", "the text of its cell; write {\"stock\": \"0\"}" },
		{ "without", "the slot whose value it lacks; write {\"sizes\": "
			     "\"size\"}" },
		{ "over", "the slot whose number is larger; write {\"stock\": "
			  "\"count\"}" },
		{ "under",
		    "the slot whose number is smaller; write {\"least\": "
		    "\"amount\"}" },
	};
	for (size_t i = 0; i < HG_COUNT(conditions); i++) {
		json_t *pair = json_object_get(v, conditions[i].key);
		if (pair == NULL || is_pair(pair))
			continue;
		check_error(f, at, "%s: \"%s\" names one column and %s", what,
		    conditions[i].key, conditions[i].says);
		return false;
	}
	return true;
}

/* A wording that is said under a condition only. */
static bool check_conditions(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	int from, to;
	if (!check_object(
		f, at, v, what, wording_fields, HG_COUNT(wording_fields)))
		return false;
	const char *hours = json_string_value(json_object_get(v, "hours"));
	const char *voice = json_string_value(json_object_get(v, "voice"));
	const char *text = json_string_value(json_object_get(v, "text"));
	if (!check_rows(f, at, v, what))
		return false;
	if (hours != NULL && !wording_hours(hours, &from, &to))
		check_error(f, at,
		    "%s: \"hours\" is \"%.20s\"; write \"4-10\" for from 4 to "
		    "10:59",
		    what, hours);
	else if (voice != NULL && strcmp(voice, "formal") != 0 &&
		 strcmp(voice, "casual") != 0)
		check_error(f, at,
		    "%s: \"voice\" is \"%.20s\"; write \"formal\" or "
		    "\"casual\"",
		    what, voice);
	else if (str_trim(str_of(text)).n == 0)
		check_error(f, at, "%s: \"text\" is empty", what);
	else
		return true;
	return false;
}

bool check_wordings(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what)
{
	bool good = true, always = json_array_size(list) == 0;
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v) {
		struct json_at here = { at, NULL, i };
		bool fits = json_is_object(v)
				? check_conditions(f, &here, v, what)
				: check_text(f, &here, v, what);
		good = good && fits;
		always = always || !json_is_object(v);
	}
	if (good && !always)
		check_error(f, at,
		    "%s: every wording has a condition; add one that can "
		    "always be said",
		    what);
	return good && always;
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
		const char *near = nearest_name(
		    key, reply_key_at, NULL, n_reply_keys + MOOD_COUNT);
		check_error_key(f, &here, "%s: unknown reply \"%s\"; %s%s%s",
		    what, key,
		    near != NULL ? "did you mean \""
				 : "the keys are default, "
				   "again, ready, closed, "
				   "remembered, forgotten and the "
				   "moods",
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		good = false;
	}
	return good && check_lists(f, at, replies, what, check_wordings);
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

bool check_member(const struct checked_file *f, const struct json_at *up,
    json_t *object, const char *key, const char *owner, check_fn check)
{
	json_t *v = json_object_get(object, key);
	if (v == NULL)
		return true;
	struct json_at at = { up, key, 0 };
	char what[192];
	(void)snprintf(
	    what, sizeof(what), "%.150s: %s", owner, key); /* cut is fine */
	return check(f, &at, v, what);
}

static bool name_is_good(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && name[n] == '\0';
}

static bool check_add(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(f, at, v, what, add_fields, HG_COUNT(add_fields)) &&
	       check_member(f, at, v, "patterns", what, check_patterns) &&
	       check_member(f, at, v, "unless", what, check_patterns) &&
	       check_member(f, at, v, "examples", what, check_texts) &&
	       check_member(f, at, v, "not_examples", what, check_texts);
}

static bool check_card(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(f, at, v, what, card_fields, HG_COUNT(card_fields));
}

static bool check_total(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	if (is_pair(v))
		return true;
	check_error(f, at,
	    "%s names one column and the slot it is multiplied by; write "
	    "{\"price\": \"count\"}",
	    what);
	return false;
}

static bool check_parcel(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(
		   f, at, v, what, parcel_fields, HG_COUNT(parcel_fields)) &&
	       check_member(f, at, v, "say", what, check_wordings) &&
	       check_member(f, at, v, "free", what, check_wordings);
}

static bool check_lookup(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(
		   f, at, v, what, lookup_fields, HG_COUNT(lookup_fields)) &&
	       check_member(f, at, v, "found", what, check_wordings) &&
	       check_member(f, at, v, "missing", what, check_wordings) &&
	       check_member(f, at, v, "each", what, check_wordings) &&
	       check_member(f, at, v, "total", what, check_total) &&
	       check_member(f, at, v, "sum", what, check_wordings) &&
	       check_member(f, at, v, "parcel", what, check_parcel) &&
	       check_member(f, at, v, "card", what, check_card);
}

static bool check_need(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(
		   f, at, v, what, need_fields, HG_COUNT(need_fields)) &&
	       check_member(f, at, v, "ask", what, check_wordings) &&
	       check_member(f, at, v, "why", what, check_wordings) &&
	       check_member(f, at, v, "retry", what, check_wordings);
}

static bool check_needs(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_kind(f, at, v, what, JSON_IS_OBJECT) &&
	       check_named(f, at, v, "need", check_need);
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
		{ "add", check_add },
		{ "lookup", check_lookup },
		{ "needs", check_needs },
	};
	bool good = check_context(f, at, v, what);
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

bool check_named(const struct checked_file *f, const struct json_at *at,
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

bool check_intents(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "intent", check_intent);
}
