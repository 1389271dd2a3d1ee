/* Requests: JSON objects to structs. */
#include "base/utf8.h"
#include "model/conversation.h"
#include "model/ticket.h"
#include "wire/wire.h"
#include "json/check.h"

#include <stddef.h>

static const struct {
	const char *name;
	enum request_type type;
	bool needs_text, needs_ticket;
} types[] = {
	{ "hello", REQUEST_HELLO, false, false },
	{ "message", REQUEST_MESSAGE, true, false },
	{ "typing", REQUEST_TYPING, false, false },
	{ "feedback", REQUEST_FEEDBACK, false, false },
	{ "attributes", REQUEST_ATTRIBUTES, false, false },
	{ "bye", REQUEST_BYE, false, false },
	{ "claim", REQUEST_CLAIM, false, true },
	{ "note", REQUEST_NOTE, true, true },
	{ "transfer", REQUEST_TRANSFER, false, true },
	{ "release", REQUEST_RELEASE, false, true },
	{ "resolve", REQUEST_RESOLVE, false, true },
	{ "return_to_bot", REQUEST_RETURN_TO_BOT, false, true },
	{ "snooze", REQUEST_SNOOZE, false, true },
	{ "draft", REQUEST_DRAFT, false, true },
	{ "view", REQUEST_VIEW, false, false },
	{ "canned", REQUEST_CANNED, false, false },
	{ "stats", REQUEST_STATS, false, false },
	{ "ended", REQUEST_ENDED, false, false },
	{ "audit", REQUEST_AUDIT, false, false },
	{ "ping", REQUEST_PING, false, false },
	{ "status", REQUEST_STATUS, false, false },
	{ "reload", REQUEST_RELOAD, false, false },
	{ "tickets", REQUEST_TICKETS, false, false },
	{ "agent_add", REQUEST_AGENT_ADD, false, false },
	{ "agent_list", REQUEST_AGENT_LIST, false, false },
	{ "agent_token", REQUEST_AGENT_TOKEN, false, false },
	{ "agent_passwd", REQUEST_AGENT_PASSWD, true, false },
	{ "sign_in", REQUEST_SIGN_IN, true, false },
	{ "agent_set", REQUEST_AGENT_SET, false, false },
	{ "agent_disable", REQUEST_AGENT_DISABLE, false, false },
	{ "export", REQUEST_EXPORT, false, false },
	{ "forget", REQUEST_FORGET, false, false },
};

static const struct {
	const char *key;
	size_t at; /* offset of a struct str */
	size_t most;
} texts[] = {
	{ "id", offsetof(struct request, id), LIMIT_ID_BYTES },
	{ "text", offsetof(struct request, text), LIMIT_TEXT_BYTES },
	{ "lang", offsetof(struct request, lang), LIMIT_LANG_BYTES - 1 },
	{ "name", offsetof(struct request, name), LIMIT_NAME_BYTES - 1 },
	{ "resume", offsetof(struct request, resume), 256 },
	{ "role", offsetof(struct request, role), 16 },
	{ "token", offsetof(struct request, token), 256 },
	{ "conversation", offsetof(struct request, conversation), 64 },
	{ "ticket", offsetof(struct request, ticket), 32 },
	{ "to", offsetof(struct request, to), LIMIT_NAME_BYTES - 1 },
	{ "outcome", offsetof(struct request, outcome), OUTCOME_BYTES - 1 },
	{ "customer", offsetof(struct request, customer),
	    LIMIT_CUSTOMER_BYTES },
	{ "signature", offsetof(struct request, signature), 64 },
	{ "langs", offsetof(struct request, langs), SKILLS_BYTES - 1 },
	{ "topics", offsetof(struct request, topics), SKILLS_BYTES - 1 },
};

static const struct {
	const char *key;
	size_t at; /* offset of an int64_t */
} numbers[] = {
	{ "after", offsetof(struct request, after) },
	{ "generation", offsetof(struct request, generation) },
	{ "rating", offsetof(struct request, rating) },
	{ "wait_s", offsetof(struct request, wait_s) },
	{ "since_s", offsetof(struct request, since_s) },
	{ "capacity", offsetof(struct request, capacity) },
};

static int fail(enum error_code *code, enum error_code c)
{
	*code = c;
	return -1;
}

static int read_texts(
    struct request *r, json_t *json, enum error_code *code, struct err *e)
{
	for (size_t i = 0; i < HG_COUNT(texts); i++) {
		const json_t *v = json_object_get(json, texts[i].key);
		if (v == NULL || json_is_null(v))
			continue;
		if (!json_is_string(v)) {
			err_set(e,
			    "\"%s\" is not a text; write it in double "
			    "quotes",
			    texts[i].key);
			return fail(code, ERROR_BAD_JSON);
		}
		struct str s = { json_string_value(v), json_string_length(v) };
		if (s.n > texts[i].most) {
			err_set(e,
			    "\"%s\" has %zu bytes; at most %zu are "
			    "allowed",
			    texts[i].key, s.n, texts[i].most);
			return fail(code, ERROR_TOO_LONG);
		}
		*(struct str *)(void *)((char *)r + texts[i].at) = s;
	}
	return 0;
}

static int read_numbers(
    struct request *r, json_t *json, enum error_code *code, struct err *e)
{
	for (size_t i = 0; i < HG_COUNT(numbers); i++) {
		const json_t *v = json_object_get(json, numbers[i].key);
		if (v == NULL || json_is_null(v))
			continue;
		if (!json_is_integer(v) || json_integer_value(v) < 0) {
			err_set(e,
			    "\"%s\" is not a whole number of 0 or "
			    "more",
			    numbers[i].key);
			return fail(code, ERROR_BAD_JSON);
		}
		*(int64_t *)(void *)((char *)r + numbers[i].at) =
		    json_integer_value(v);
	}
	return 0;
}

static int read_flags(
    struct request *r, json_t *json, enum error_code *code, struct err *e)
{
	static const char *const names[] = { "explain", "remember", "burst",
		"take_over" };
	for (size_t i = 0; i < HG_COUNT(names); i++) {
		const json_t *v = json_object_get(json, names[i]);
		if (v == NULL || json_is_boolean(v) || json_is_null(v))
			continue;
		err_set(e, "\"%s\" is not true or false", names[i]);
		return fail(code, ERROR_BAD_JSON);
	}
	const json_t *remember = json_object_get(json, "remember");
	r->explain = json_is_true(json_object_get(json, "explain"));
	r->take_over = json_is_true(json_object_get(json, "take_over"));
	r->burst = json_is_true(json_object_get(json, "burst"));
	if (json_is_boolean(remember))
		r->remember = json_is_true(remember);
	return 0;
}

/* A name as slots have it. */
static bool is_slot_name(const char *name)
{
	size_t n = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return n > 0 && n < INTENT_NAME_BYTES && name[n] == '\0' &&
	       name[0] >= 'a' && name[0] <= 'z';
}

static int read_attributes(
    struct request *r, json_t *json, enum error_code *code, struct err *e)
{
	json_t *all = json_object_get(json, "attributes"), *v;
	const char *name;
	if (all == NULL || json_is_null(all))
		return 0;
	if (!json_is_object(all) ||
	    json_object_size(all) > REQUEST_MOST_ATTRIBUTES) {
		err_set(e, "\"attributes\" is an object with at most %d texts",
		    REQUEST_MOST_ATTRIBUTES);
		return fail(code, ERROR_BAD_JSON);
	}
	json_object_foreach (all, name, v) {
		struct str value = { json_string_value(v),
			json_string_length(v) };
		if (!is_slot_name(name) || value.p == NULL ||
		    value.n >= LIMIT_SLOT_BYTES) {
			err_set(e,
			    "attribute \"%.32s\": a name of small letters, "
			    "digits and _, and a text of at most %d bytes",
			    name, LIMIT_SLOT_BYTES - 1);
			return fail(code, ERROR_BAD_JSON);
		}
		r->attributes[r->n_attributes].name = str_of(name);
		r->attributes[r->n_attributes++].value = value;
	}
	return 0;
}

static const char *type_at(const void *none, size_t i)
{
	(void)none; /* the table is fixed */
	return types[i].name;
}

static int read_type(struct request *r, json_t *json, const char *type,
    enum error_code *code, struct err *e)
{
	const json_t *said = json_object_get(json, "type");
	const char *name = said != NULL ? json_string_value(said) : type;
	if (name == NULL) {
		err_set(e, "\"type\" is missing; write {\"type\":\"message\","
			   "\"text\":\"...\"}");
		return fail(code, ERROR_MISSING_FIELD);
	}
	size_t i = 0;
	while (i < HG_COUNT(types) && strcmp(types[i].name, name) != 0)
		i++;
	if (i == HG_COUNT(types)) {
		const char *near =
		    nearest_name(name, type_at, NULL, HG_COUNT(types));
		err_set(e, "there is no type \"%.32s\"; %s%s%s", name,
		    near != NULL ? "did you mean \"" : "see hangat-protocol(7)",
		    near != NULL ? near : "", near != NULL ? "\"?" : "");
		return fail(code, ERROR_UNKNOWN_TYPE);
	}
	r->type = types[i].type;
	const char *missing = types[i].needs_text && r->text.p == NULL ? "text"
			      : types[i].needs_ticket && r->ticket.p == NULL
				  ? "ticket"
				  : NULL;
	if (missing == NULL)
		return 0;
	err_set(e, "\"%s\" is missing; add it to the %s", missing, name);
	return fail(code, ERROR_MISSING_FIELD);
}

int request_parse(struct request *r, struct str text, const char *type,
    enum error_code *code, struct err *e)
{
	*r = (struct request){ .after = -1,
		.generation = -1,
		.rating = -1,
		.wait_s = -1,
		.since_s = -1,
		.capacity = -1,
		.remember = -1 };
	if (!json_depth_ok(text, LIMIT_JSON_DEPTH)) {
		err_set(e, "nests deeper than %d levels; flatten it",
		    LIMIT_JSON_DEPTH);
		return fail(code, ERROR_TOO_DEEP);
	}
	if (utf8_check(text) != text.n) {
		err_set(e, "byte %zu is not valid UTF-8; send UTF-8",
		    utf8_check(text) + 1);
		return fail(code, ERROR_BAD_UTF8);
	}
	struct json_pos at;
	json_t *json = json_parse(text, LIMIT_JSON_DEPTH, &at, e);
	if (json == NULL)
		return fail(code, ERROR_BAD_JSON);
	r->owner = json;
	if (!json_is_object(json)) {
		err_set(e, "not an object; write {\"type\":...}");
		return fail(code, ERROR_BAD_JSON);
	}
	if (read_texts(r, json, code, e) != 0)
		return -1;
	if (r->id.n == 0)
		r->id = STR_NONE; /* no id at all */
	if (read_numbers(r, json, code, e) != 0 ||
	    read_flags(r, json, code, e) != 0 ||
	    read_attributes(r, json, code, e) != 0)
		return -1;
	return read_type(r, json, type, code, e);
}

void request_clear(struct request *r)
{
	json_decref(r->owner);
	*r = (struct request){ 0 };
}
