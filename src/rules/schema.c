/* Which keys a rule file may have, and of what kind their values are. */
#include "base/attr.h"
#include "base/buf.h"
#include "model/conversation.h"
#include "model/mood.h"
#include "rules/calibration.h"
#include "rules/ruleset.h"
#include "rules/schema_parts.h"

#include <math.h>
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
	{ "clitics", JSON_IS_ARRAY, false },
	{ "concepts", JSON_IS_OBJECT, false },
	{ "moods", JSON_IS_OBJECT, false },
	{ "negators", JSON_IS_ARRAY, false },
	{ "refusals", JSON_IS_ARRAY, false },
	{ "joins", JSON_IS_ARRAY, false },
	{ "harmless", JSON_IS_ARRAY, false },
	{ "signals", JSON_IS_OBJECT, false },
	{ "slots", JSON_IS_OBJECT, false },
	{ "phrases", JSON_IS_OBJECT, false },
	{ "canned", JSON_IS_OBJECT, false },
	{ "intents", JSON_IS_OBJECT, false },
	{ "shop", JSON_IS_OBJECT, false },
	{ "business", JSON_IS_OBJECT, false },
	{ "tables", JSON_IS_OBJECT, false },
	{ "calibration", JSON_IS_OBJECT, false },
	{ "classifier", JSON_IS_OBJECT, false },
	{ "detector", JSON_IS_OBJECT, false },
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
	{ "accepted_error", JSON_IS_NUMBER, false },
};
static const struct json_field table_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "key", JSON_IS_STRING, true },
	{ "required", JSON_IS_ARRAY, false },
	{ "also", JSON_IS_STRING, false },
	{ "kind", JSON_IS_STRING, false },
};
static const struct json_field business_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "utc_offset", JSON_IS_STRING, false },
	{ "hours", JSON_IS_OBJECT, false },
	{ "holidays", JSON_IS_ARRAY, false },
};
static const struct json_field calibration_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "rules", JSON_IS_STRING, true },
	{ "fitted_on", JSON_IS_ARRAY, true },
	{ "rows", JSON_IS_INTEGER, true },
	{ "oos_share", JSON_IS_NUMBER, true },
	{ "accepted_error", JSON_IS_NUMBER, true },
	{ "answer", JSON_IS_NUMBER, true },
	{ "clarify", JSON_IS_NUMBER, true },
	{ "top", JSON_IS_ARRAY, true },
	{ "next", JSON_IS_ARRAY, true },
};
static const struct json_field classifier_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "trained_on", JSON_IS_ARRAY, true },
	{ "rows", JSON_IS_INTEGER, true },
	{ "step", JSON_IS_NUMBER, true },
	{ "unheard", JSON_IS_NUMBER, true },
	{ "classes", JSON_IS_ARRAY, true },
	{ "bias", JSON_IS_ARRAY, true },
	{ "pieces", JSON_IS_ARRAY, true },
};
static const struct json_field detector_fields[] = {
	{ "note", JSON_IS_STRING, false },
	{ "intent", JSON_IS_STRING, true },
	{ "trained_on", JSON_IS_ARRAY, true },
	{ "rows", JSON_IS_INTEGER, true },
	{ "step", JSON_IS_NUMBER, true },
	{ "bias", JSON_IS_NUMBER, true },
	{ "pieces", JSON_IS_ARRAY, true },
};
const struct schema_table schema_tables[] = {
	SCHEMA_TABLE(file),
	SCHEMA_TABLE(persona),
	SCHEMA_TABLE(threshold),
	SCHEMA_TABLE(table),
	SCHEMA_TABLE(calibration),
	SCHEMA_TABLE(classifier),
	SCHEMA_TABLE(detector),
	SCHEMA_TABLE(business),
};
const size_t n_schema_tables = HG_COUNT(schema_tables);

const char *const day_names[7] = { "mon", "tue", "wed", "thu", "fri", "sat",
	"sun" };

const char *const common_placeholders = "persona call name memory";

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
	{ "closed", true, "opens" },
	{ "already_waiting", true, "" },
	{ "waiting_unsure", true, "" },
	{ "back_to_bot", true, "agent" },
	{ "agent_joined", true, "agent" },
	{ "agent_left", true, "agent" },
	{ "resolved", true, "agent" },
	{ "worry", false, "" },
	{ "care", false, "" },
	{ "check_in", false, "second" },
	{ "check_in_only", false, "" },
	{ "checked", false, "" },
	{ "all_clear", false, "" },
	{ "waiting_danger", false, "" },
	{ "withdrawn", false, "" },
	{ "agent_suggestion", false, "agent first value" },
	{ "confirm", false, "first" },
	{ "not_that", false, "" },
	{ "also", false, "second" },
	{ "corrected", false, "value" },
	{ "unsure_about", false, "first" },
	{ "sponsor_label", false, "value" },
	{ "ask_contact", false, "" },
	{ "contact_noted", false, "value" },
	{ "still_waiting", false, "position wait opens" },
	{ "agent_snoozed", false, "agent" },
	{ "day_today", false, "" },
	{ "day_tomorrow", false, "" },
	{ "day_names", false, "" },
	{ "noted_what", false, "value" },
	{ "noted_about", false, "first value" },
	{ "steady", false, "" },
	{ "listened", false, "" },
	{ "form_ask", false, "" },
	{ "form_retry", false, "" },
	{ "form_why", false, "" },
	{ "form_wait", false, "" },
	{ "form_refused", false, "" },
	{ "form_cancelled", false, "" },
	{ "form_resume", false, "" },
	{ "handoff_form", false, "" },
	{ "handoff_later", false, "" },
	{ "offer_declined", false, "" },
	{ "listening", false, "" },
	{ "listening_end", false, "" },
	{ "too_long", false, "" },
	{ "photo", false, "" },
	{ "opener_angry", false, "" },
	{ "opener_sad", false, "" },
	{ "opener_anxious", false, "" },
	{ "opener_confused", false, "" },
	{ "opener_lonely", false, "" },
};
const size_t n_phrase_kinds = HG_COUNT(phrase_kinds);

const char *const reply_keys[] = { "default", "again", "ready", "closed",
	"remembered", "forgotten", "danger" };
const size_t n_reply_keys = HG_COUNT(reply_keys);

bool reply_key_is_known(const char *key)
{
	for (size_t i = 0; i < n_reply_keys; i++)
		if (strcmp(key, reply_keys[i]) == 0)
			return true;
	return mood_from_name(key) >= 0;
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

/* Lists under fixed names: each passes check, and there is no name but the n of
 * name_at; hint is said of one that is near to none. */
static bool check_named_lists(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what, check_fn check,
    const char *(*name_at)(const void *, size_t), size_t n, const char *hint)
{
	bool good = check_lists(f, at, v, what, check);
	const char *key;
	json_t *list;
	json_object_foreach (v, key, list) {
		size_t i = 0;
		while (i < n && strcmp(name_at(NULL, i), key) != 0)
			i++;
		if (i < n)
			continue;
		struct json_at here = { at, key, 0 };
		const char *near = nearest_name(key, name_at, NULL, n);
		check_error_key(f, &here, "%s \"%s\" is unknown; %s%s%s", what,
		    key, near != NULL ? "did you mean \"" : hint,
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		good = false;
	}
	return good;
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
	return check_named_lists(f, at, v, "mood", check_patterns, mood_at,
	    MOOD_COUNT - 1,
	    "the moods are angry, sad, anxious, confused, lonely, happy");
}

static const char *signal_at(const void *names, size_t i)
{
	(void)names; /* the signals are fixed */
	return signal_name((enum signal)i);
}

static bool check_signals(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named_lists(f, at, v, "signal", check_patterns, signal_at,
	    SIGNAL_COUNT, "hangat-rules(5) lists them");
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
	return check_named_lists(f, at, v, "phrase", check_wordings, phrase_at,
	    n_phrase_kinds, "hangat-rules(5) lists them");
}

static bool check_one_canned(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	if (!check_kind(f, at, v, what, JSON_IS_ARRAY) ||
	    !check_wordings(f, at, v, what))
		return false;
	if (json_array_size(v) > 0)
		return true;
	check_error(f, at, "%s is an empty list; add a text", what);
	return false;
}

static bool check_canned(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "canned reply", check_one_canned);
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

/* A fact of the shop: a text, or one by language. */
static bool check_fact(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	if (!check_kind(f, at, v, what, JSON_IS_STRING | JSON_IS_OBJECT))
		return false;
	bool good = true;
	const char *key;
	json_t *text;
	json_object_foreach (v, key, text) {
		struct json_at here = { at, key, 0 };
		good = check_kind(f, &here, text, what, JSON_IS_STRING) && good;
	}
	return good;
}

static bool check_shop(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "shop fact", check_fact);
}

static bool check_table(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	return check_object(
		   f, at, v, what, table_fields, HG_COUNT(table_fields)) &&
	       check_member(f, at, v, "required", what, check_texts);
}

static bool check_tables(const struct checked_file *f, const struct json_at *at,
    json_t *v, const char *what)
{
	(void)what; /* names are said one by one */
	return check_named(f, at, v, "table", check_table);
}

/* Pairs [score, share], both from 0 to 1 and neither falling. */
static bool check_points(const struct checked_file *f, const struct json_at *at,
    json_t *list, const char *what)
{
	size_t i;
	json_t *v;
	double before[2] = { 0, 0 };
	bool good = json_array_size(list) <= CALIBRATION_POINTS;
	json_array_foreach (list, i, v) {
		for (size_t k = 0; good && k < 2; k++) {
			const json_t *x = json_array_get(v, k);
			good = json_array_size(v) == 2 && json_is_number(x) &&
			       json_number_value(x) >= before[k] &&
			       json_number_value(x) <= 1;
			before[k] = json_number_value(x);
		}
	}
	if (!good)
		check_error(f, at,
		    "%s is not a list of at most %d rising pairs [score, "
		    "share]; let hangatctl calibrate write it",
		    what, CALIBRATION_POINTS);
	return good;
}

static bool check_calibration(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	return check_object(f, at, v, what, calibration_fields,
		   HG_COUNT(calibration_fields)) &&
	       check_member(f, at, v, "fitted_on", what, check_texts) &&
	       check_member(f, at, v, "top", what, check_points) &&
	       check_member(f, at, v, "next", what, check_points);
}

/* Which line of pieces has one without n letters, the first of at least least
 * steps?  -1: none. */
static int wrong_line(const json_t *pieces, size_t n, int least)
{
	struct classifier_letters known;
	struct str piece, letters;
	size_t i;
	json_t *line;
	classifier_letters(&known);
	json_array_foreach (pieces, i, line) {
		struct str rest = str_of(json_string_value(line));
		if (!json_is_string(line))
			return (int)i;
		while (classifier_next(&rest, &piece, &letters))
			if (piece.n == 0 ||
			    !classifier_fits(&known, letters, n, least))
				return (int)i;
	}
	return -1;
}

/* What was learnt, of which a key is bad, or NULL, and the pieces may be;
 * nobody writes it by hand. */
static bool check_learnt(const struct checked_file *f, const struct json_at *at,
    const json_t *v, const char *what, const char *bad, size_t letters,
    int least)
{
	const json_t *pieces = json_object_get(v, "pieces");
	int line = bad == NULL ? wrong_line(pieces, letters, least) : -1;
	if (bad == NULL && line < 0)
		return true;
	struct json_at key = { at, line < 0 ? bad : "pieces", 0 };
	struct json_at item = { &key, NULL, line < 0 ? 0 : (size_t)line };
	check_error(f, line < 0 ? &key : &item,
	    "%s: \"%s\" is not what hangatctl train writes; delete the file, "
	    "then let it write it",
	    what, key.key);
	return false;
}

static bool is_small(const json_t *v)
{
	return json_is_number(v) && fabs(json_number_value(v)) <= 100;
}

static bool are_small(const json_t *list)
{
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v)
		if (!is_small(v))
			return false;
	return true;
}

static bool is_within(const json_t *v, double most)
{
	return json_number_value(v) > 0 && json_number_value(v) <= most;
}

static bool are_different(const json_t *classifier)
{
	const json_t *names = json_object_get(classifier, "classes");
	for (size_t i = 0; i < json_array_size(names); i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(json_string_value(json_array_get(names, i)),
				json_string_value(json_array_get(names, k))) ==
			    0)
				return false;
	return true;
}

/* The lists of a classifier belong together; nobody writes them by hand. */
static bool check_classifier(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	if (!check_object(f, at, v, what, classifier_fields,
		HG_COUNT(classifier_fields)) ||
	    !check_member(f, at, v, "trained_on", what, check_texts) ||
	    !check_member(f, at, v, "classes", what, check_texts))
		return false;
	const json_t *bias = json_object_get(v, "bias");
	size_t n = json_array_size(json_object_get(v, "classes"));
	const char *bad =
	    n > CLASSIFIER_CLASSES || !are_different(v)      ? "classes"
	    : json_array_size(bias) != n || !are_small(bias) ? "bias"
	    : !is_within(json_object_get(v, "step"), 10)     ? "step"
	    : !is_within(json_object_get(v, "unheard"), 100) ? "unheard"
							     : NULL;
	return check_learnt(f, at, v, what, bad, n + 1, 1);
}

static bool check_detector(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	if (!check_object(
		f, at, v, what, detector_fields, HG_COUNT(detector_fields)) ||
	    !check_member(f, at, v, "trained_on", what, check_texts))
		return false;
	const char *bad = !is_small(json_object_get(v, "bias"))        ? "bias"
			  : !is_within(json_object_get(v, "step"), 10) ? "step"
								       : NULL;
	return check_learnt(f, at, v, what, bad, 1, -CLASSIFIER_LEVELS);
}

static bool check_hours(const struct checked_file *f, const struct json_at *at,
    json_t *hours, const char *what)
{
	struct json_field fields[7];
	for (int i = 0; i < 7; i++)
		fields[i] =
		    (struct json_field){ day_names[i], JSON_IS_STRING, false };
	bool good = check_object(f, at, hours, what, fields, 7);
	const char *key;
	json_t *v;
	json_object_foreach (hours, key, v) {
		struct json_at here = { at, key, 0 };
		struct calendar_day day;
		if (!good ||
		    calendar_read_day(str_of(json_string_value(v)), &day))
			continue;
		check_error(f, &here,
		    "%s: \"%.40s\" is no opening hours; write "
		    "\"09:00-17:00\", \"09:00-12:00, 13:00-17:00\" or "
		    "\"closed\"",
		    what, json_string_value(v));
		good = false;
	}
	return good;
}

static bool check_holidays(const struct checked_file *f,
    const struct json_at *at, json_t *list, const char *what)
{
	bool good = check_texts(f, at, list, what);
	size_t i;
	json_t *v;
	if (good && json_array_size(list) > CALENDAR_HOLIDAYS) {
		check_error(f, at, "%s: more than %d holidays", what,
		    CALENDAR_HOLIDAYS);
		return false;
	}
	json_array_foreach (list, i, v) {
		struct json_at here = { at, NULL, i };
		int64_t day;
		if (!good ||
		    calendar_read_date(str_of(json_string_value(v)), &day))
			continue;
		check_error(f, &here,
		    "%s: \"%.40s\" is no date; write \"2026-12-25\"", what,
		    json_string_value(v));
		good = false;
	}
	return good;
}

static bool check_business(const struct checked_file *f,
    const struct json_at *at, json_t *v, const char *what)
{
	(void)what; /* it has one name */
	bool good = check_object(
	    f, at, v, "business", business_fields, HG_COUNT(business_fields));
	const char *offset =
	    json_string_value(json_object_get(v, "utc_offset"));
	int minutes;
	if (good && offset != NULL &&
	    !calendar_read_offset(str_of(offset), &minutes)) {
		struct json_at here = { at, "utc_offset", 0 };
		check_error(f, &here,
		    "business: \"%.20s\" is no offset from UTC; write "
		    "\"+07:00\"",
		    offset);
		good = false;
	}
	return good && check_member(f, at, v, "hours", "hours", check_hours) &&
	       check_member(f, at, v, "holidays", "holidays", check_holidays);
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
		{ "refusals", check_patterns },
		{ "joins", check_patterns },
		{ "harmless", check_patterns },
		{ "signals", check_signals },
		{ "clitics", check_texts },
		{ "slots", check_slots },
		{ "phrases", check_phrases },
		{ "canned", check_canned },
		{ "intents", check_intents },
		{ "shop", check_shop },
		{ "business", check_business },
		{ "tables", check_tables },
		{ "calibration", check_calibration },
		{ "classifier", check_classifier },
		{ "detector", check_detector },
	};
	bool good = true;
	for (size_t i = 0; i < HG_COUNT(parts); i++)
		good = check_member(f, NULL, json, parts[i].key, "rule file",
			   parts[i].check) &&
		       good;
	return good;
}
