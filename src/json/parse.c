/* Strict JSON on jansson, and places: jansson keeps no positions, so when an
 * error is to be reported a small scanner walks the accepted text again. */
#include "json/parse.h"
#include "base/mem.h"
#include "json/places.h"

#include <stdint.h>
#include <stdlib.h>

bool json_depth_ok(struct str text, unsigned max)
{
	unsigned depth = 0;
	bool in_string = false;
	for (size_t i = 0; i < text.n; i++) {
		char c = text.p[i];
		if (in_string) {
			if (c == '\\')
				i++;
			else if (c == '"')
				in_string = false;
		} else if (c == '"') {
			in_string = true;
		} else if (c == '{' || c == '[') {
			if (++depth > max)
				return false;
		} else if (c == '}' || c == ']') {
			depth -= depth > 0;
		}
	}
	return true;
}

static struct json_pos pos_at(struct str text, size_t offset)
{
	struct json_pos pos = { 1, 1 };
	for (size_t i = 0; i < offset && i < text.n; i++) {
		if (text.p[i] == '\n') {
			pos.line++;
			pos.col = 1;
		} else {
			pos.col++;
		}
	}
	return pos;
}

/* What most likely went wrong at offset, in the author's words. */
static const char *mend_for(struct str text, size_t offset)
{
	if (offset > text.n)
		offset = text.n;
	struct str head = { text.p, offset };
	struct str last = str_trim(head);
	char before = last.n > 0 ? last.p[last.n - 1] : '\0';
	char at = offset < text.n ? text.p[offset] : '\0';
	if (before == '/' || before == '#' || at == '/' || at == '#')
		return "JSON has no comments; write a \"note\" key instead";
	if ((before == '}' || before == ']') && last.n > 1) {
		struct str more = str_trim((struct str){ last.p, last.n - 1 });
		if (more.n > 0 && more.p[more.n - 1] == ',')
			return "take out the comma before the closing bracket";
	}
	if (before == '\'' || at == '\'')
		return "use double quotes";
	if (at == '\0')
		return "the file ends too early; close what is open";
	return "check for a missing comma, quote or bracket just before";
}

static json_t *parse_failed(struct str text, const json_error_t *je,
    struct json_pos *where, struct err *e)
{
	size_t offset = je->position > 0 ? (size_t)je->position : 0;
	*where = pos_at(text, offset > 0 ? offset - 1 : 0);
	const char *near = "";
	switch (json_error_code(je)) {
	case json_error_duplicate_key:
		err_set(e,
		    "a key stands twice in one object (%s); "
		    "rename or merge one of them",
		    je->text);
		return NULL;
	case json_error_null_character:
	case json_error_null_byte_in_key:
		err_set(e, "a text holds the character NUL; take it out");
		return NULL;
	case json_error_invalid_utf8:
		err_set(e, "not valid UTF-8; save the file as UTF-8");
		return NULL;
	default:
		near = mend_for(text, offset);
	}
	err_set(e, "not valid JSON: %s; %s", je->text, near);
	return NULL;
}

json_t *json_parse(
    struct str text, unsigned max_depth, struct json_pos *where, struct err *e)
{
	*where = (struct json_pos){ 1, 1 };
	if (str_starts(text, STR("\xef\xbb\xbf"))) {
		err_set(e, "starts with a byte order mark; save it as plain "
			   "UTF-8 without BOM");
		return NULL;
	}
	/* jansson 2.14 takes "true" and a NUL for "true" */
	const char *nul = text.n != 0 ? memchr(text.p, '\0', text.n) : NULL;
	if (nul != NULL) {
		*where = pos_at(text, (size_t)(nul - text.p));
		err_set(e, "holds the character NUL; take it out");
		return NULL;
	}
	if (!json_depth_ok(text, max_depth)) {
		err_set(
		    e, "nests deeper than %u levels; flatten it", max_depth);
		return NULL;
	}
	json_error_t je;
	json_t *json = json_loadb(text.p, text.n, JSON_REJECT_DUPLICATES, &je);
	return json != NULL ? json : parse_failed(text, &je, where, e);
}

/* A cursor over text that is known to be valid JSON. */
struct scan {
	const char *p, *end;
};

static void skip_blank(struct scan *s)
{
	while (s->p < s->end && (*s->p == ' ' || *s->p == '\t' ||
				    *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static void skip_string(struct scan *s)
{
	for (s->p++; s->p < s->end && *s->p != '"'; s->p++)
		if (*s->p == '\\')
			s->p++;
	s->p++;
}

static void skip_value(struct scan *s)
{
	unsigned depth = 0;
	do {
		skip_blank(s);
		if (s->p >= s->end)
			return;
		if (*s->p == '"') {
			skip_string(s);
		} else if (*s->p == '{' || *s->p == '[') {
			depth++;
			s->p++;
		} else if (*s->p == '}' || *s->p == ']') {
			depth--;
			s->p++;
		} else if (*s->p == ',' || *s->p == ':') {
			s->p++;
		} else {
			while (s->p < s->end &&
			       strchr(" \t\r\n,]}:", *s->p) == NULL)
				s->p++;
		}
	} while (depth > 0);
}

/* Does the string at s, escapes and all, spell key? */
static bool key_is(const struct scan *s, const char *key)
{
	struct scan end = *s;
	skip_string(&end);
	json_t *k =
	    json_loadb(s->p, (size_t)(end.p - s->p), JSON_DECODE_ANY, NULL);
	bool same = k != NULL && strcmp(json_string_value(k), key) == 0;
	json_decref(k);
	return same;
}

static bool step_in(struct scan *s, const struct json_at *at, const char **key)
{
	skip_blank(s);
	if (s->p >= s->end || *s->p != (at->key != NULL ? '{' : '['))
		return false;
	s->p++;
	for (size_t i = 0;; i++) {
		skip_blank(s);
		if (s->p >= s->end || *s->p == '}' || *s->p == ']')
			return false;
		*key = s->p;
		bool here =
		    at->key != NULL ? key_is(s, at->key) : i == at->index;
		if (at->key != NULL) {
			skip_string(s);
			skip_blank(s);
			s->p++; /* the colon */
			skip_blank(s);
		}
		if (here)
			return true;
		skip_value(s);
		skip_blank(s);
		if (s->p < s->end && *s->p == ',')
			s->p++;
	}
}

static bool walk(struct scan *s, const struct json_at *at, const char **key)
{
	if (at == NULL)
		return true;
	return walk(s, at->up, key) && step_in(s, at, key);
}

struct json_pos json_locate(
    struct str text, const struct json_at *at, bool at_key)
{
	struct scan s = { text.p, text.p + text.n };
	const char *key = text.p;
	if (!walk(&s, at, &key))
		return (struct json_pos){ 1, 1 };
	skip_blank(&s);
	const char *p = at_key ? key : s.p;
	return pos_at(text, (size_t)(p - text.p));
}

struct json_places {
	struct place {
		const json_t *value;
		struct json_pos pos;
	} * v;
	size_t n, cap;
	const char *seen; /* counted up to here */
	struct json_pos now;
};

static void note_place(
    struct json_places *places, const struct scan *s, const json_t *value)
{
	for (; places->seen < s->p; places->seen++) {
		if (*places->seen == '\n') {
			places->now.line++;
			places->now.col = 1;
		} else {
			places->now.col++;
		}
	}
	VEC_ROOM(places->v, places->n, places->cap);
	places->v[places->n++] = (struct place){ value, places->now };
}

/* Walk text and tree together: jansson keeps members in the order they were
 * read (json_object_iter, "insertion order"). */
static void note_value(
    struct json_places *places, struct scan *s, json_t *value)
{
	skip_blank(s);
	note_place(places, s, value);
	bool object = json_is_object(value);
	if (!object && !json_is_array(value)) {
		skip_value(s);
		return;
	}
	s->p++;
	size_t n = object ? json_object_size(value) : json_array_size(value);
	void *it = object ? json_object_iter(value) : NULL;
	for (size_t i = 0; i < n; i++) {
		skip_blank(s);
		json_t *child = object ? json_object_iter_value(it)
				       : json_array_get(value, i);
		if (object) {
			skip_string(s);
			skip_blank(s);
			s->p++; /* the colon */
			it = json_object_iter_next(value, it);
		}
		note_value(places, s, child);
		skip_blank(s);
		if (i + 1 < n)
			s->p++; /* the comma */
	}
	skip_blank(s);
	s->p++; /* the closing bracket */
}

static int by_value(const void *a, const void *b)
{
	uintptr_t x = (uintptr_t)((const struct place *)a)->value;
	uintptr_t y = (uintptr_t)((const struct place *)b)->value;
	return (x > y) - (x < y);
}

struct json_places *json_places_new(struct str text, json_t *json)
{
	struct json_places *places = xcalloc(1, sizeof(*places));
	places->now = (struct json_pos){ 1, 1 };
	places->seen = text.p;
	struct scan s = { text.p, text.p + text.n };
	note_value(places, &s, json);
	qsort(places->v, places->n, sizeof(*places->v), by_value);
	return places;
}

struct json_pos json_places_find(
    const struct json_places *p, const json_t *value)
{
	struct place key = { value, { 0, 0 } };
	const struct place *found =
	    p->n == 0 ? NULL
		      : bsearch(&key, p->v, p->n, sizeof(*p->v), by_value);
	return found != NULL ? found->pos : (struct json_pos){ 1, 1 };
}

void json_places_free(struct json_places *p)
{
	if (p == NULL)
		return;
	free(p->v);
	free(p);
}
