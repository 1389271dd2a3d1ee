/* Checking JSON that people wrote against tables of fields, and the list of
 * findings, each with its place. */
#include "json/check.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static HG_PRINTF(5, 0) void diags_addv(struct diags *d, enum diag_level level,
    const char *path, struct json_pos pos, const char *fmt, va_list ap)
{
	char text[640];
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	struct buf clean = { 0 };
	utf8_add_clean(&clean, str_of(text));
	VEC_ROOM(d->v, d->n, d->cap);
	d->v[d->n++] =
	    (struct diag){ level, xstrdup(path), pos, buf_take(&clean) };
	d->errors += level == DIAG_ERROR;
}

void diags_add(struct diags *d, enum diag_level level, const char *path,
    struct json_pos pos, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diags_addv(d, level, path, pos, fmt, ap);
	va_end(ap);
}

void diag_print(const struct diag *d, struct buf *b)
{
	buf_addf(b, "%s:%d:%d: %s%s", d->path, d->pos.line, d->pos.col,
	    d->level == DIAG_WARNING ? "warning: " : "", d->text);
}

static int by_place(const void *a, const void *b)
{
	const struct diag *x = a, *y = b;
	int order = strcmp(x->path, y->path);
	if (order != 0)
		return order;
	if (x->pos.line != y->pos.line)
		return x->pos.line < y->pos.line ? -1 : 1;
	if (x->pos.col != y->pos.col)
		return x->pos.col < y->pos.col ? -1 : 1;
	return strcmp(x->text, y->text);
}

void diags_sort(struct diags *d)
{
	if (d->n > 1)
		qsort(d->v, d->n, sizeof(*d->v), by_place);
}

void diags_clear(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		free(d->v[i].path);
		free(d->v[i].text);
	}
	free(d->v);
	*d = (struct diags){ 0 };
}

void check_error(const struct checked_file *f, const struct json_at *at,
    const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diags_addv(f->diags, DIAG_ERROR, f->path,
	    json_locate(f->text, at, false), fmt, ap);
	va_end(ap);
}

void check_error_key(const struct checked_file *f, const struct json_at *at,
    const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	diags_addv(f->diags, DIAG_ERROR, f->path,
	    json_locate(f->text, at, true), fmt, ap);
	va_end(ap);
}

static unsigned kind_of(const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_STRING:
		return JSON_IS_STRING;
	case JSON_INTEGER:
		return JSON_IS_INTEGER | JSON_IS_NUMBER;
	case JSON_REAL:
		return JSON_IS_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return JSON_IS_BOOL;
	case JSON_OBJECT:
		return JSON_IS_OBJECT;
	case JSON_ARRAY:
		return JSON_IS_ARRAY;
	case JSON_NULL:
		break;
	}
	return 0;
}

static const char *kind_words(const json_t *json)
{
	switch (json_typeof(json)) {
	case JSON_STRING:
		return "a text";
	case JSON_INTEGER:
		return "a whole number";
	case JSON_REAL:
		return "a number";
	case JSON_TRUE:
	case JSON_FALSE:
		return "true or false";
	case JSON_OBJECT:
		return "an object {...}";
	case JSON_ARRAY:
		return "a list [...]";
	case JSON_NULL:
		break;
	}
	return "null";
}

static void wanted_words(unsigned kinds, struct buf *b)
{
	static const struct {
		unsigned kind;
		const char *words;
	} words[] = {
		{ JSON_IS_STRING, "a text in double quotes" },
		{ JSON_IS_INTEGER, "a whole number" },
		{ JSON_IS_NUMBER, "a number" },
		{ JSON_IS_BOOL, "true or false" },
		{ JSON_IS_OBJECT, "an object {...}" },
		{ JSON_IS_ARRAY, "a list [...]" },
	};
	for (size_t i = 0; i < HG_COUNT(words); i++)
		if (kinds & words[i].kind)
			buf_addf(
			    b, "%s%s", b->n != 0 ? " or " : "", words[i].words);
}

bool check_kind(const struct checked_file *f, const struct json_at *at,
    const json_t *json, const char *what, unsigned kinds)
{
	if (kind_of(json) & kinds)
		return true;
	struct buf want = { 0 };
	wanted_words(kinds, &want);
	check_error(
	    f, at, "%s is %s; write %s", what, kind_words(json), want.p);
	buf_clear(&want);
	return false;
}

const char *nearest_name(const char *word,
    const char *(*name_at)(const void *, size_t), const void *names, size_t n)
{
	const char *best = NULL;
	size_t len = strlen(word);
	unsigned least = len <= 4 ? 2 : 3; /* one over the distance allowed */
	for (size_t i = 0; i < n; i++) {
		const char *name = name_at(names, i);
		unsigned d =
		    str_distance(str_of(word), str_of(name), least - 1);
		if (d < least) {
			least = d;
			best = name;
		}
	}
	return best;
}

static const char *field_name(const void *fields, size_t i)
{
	return ((const struct json_field *)fields)[i].key;
}

static void unknown_key(const struct checked_file *f, const struct json_at *at,
    const char *what, const struct json_field *fields, size_t n)
{
	const char *near = nearest_name(at->key, field_name, fields, n);
	if (near != NULL) {
		check_error_key(f, at,
		    "%s: unknown key \"%s\"; did you mean \"%s\"?", what,
		    at->key, near);
		return;
	}
	struct buf known = { 0 };
	for (size_t i = 0; i < n; i++)
		buf_addf(&known, "%s%s", i != 0 ? ", " : "", fields[i].key);
	check_error_key(f, at, "%s: unknown key \"%s\"; the keys are: %s", what,
	    at->key, known.n != 0 ? known.p : "none");
	buf_clear(&known);
}

bool check_object(const struct checked_file *f, const struct json_at *at,
    json_t *json, const char *what, const struct json_field *fields, size_t n)
{
	if (!check_kind(f, at, json, what, JSON_IS_OBJECT))
		return false;
	bool good = true;
	const char *key;
	json_t *value;
	json_object_foreach (json, key, value) {
		struct json_at here = { at, key, 0 };
		size_t i = 0;
		while (i < n && strcmp(fields[i].key, here.key) != 0)
			i++;
		char name[160];
		(void)snprintf(name, sizeof(name), "%s: \"%s\"", what,
		    here.key); /* cut is fine */
		if (i == n) {
			unknown_key(f, &here, what, fields, n);
			good = false;
		} else if (!check_kind(
			       f, &here, value, name, fields[i].kinds)) {
			good = false;
		}
	}
	for (size_t i = 0; i < n; i++)
		if (fields[i].required &&
		    json_object_get(json, fields[i].key) == NULL) {
			check_error(f, at, "%s: \"%s\" is missing; add it",
			    what, fields[i].key);
			good = false;
		}
	return good;
}
