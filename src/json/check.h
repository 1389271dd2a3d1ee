#ifndef HG_JSON_CHECK_H
#define HG_JSON_CHECK_H

#include "json/parse.h"

/* Findings about files that people wrote. */
enum diag_level { DIAG_ERROR, DIAG_WARNING };
struct diag {
	enum diag_level level;
	char *path;
	struct json_pos pos;
	char *text; /* what, why, how to mend */
};
/* All zero is empty. */
struct diags {
	struct diag *v;
	size_t n, cap;
	size_t errors;
};

void diags_add(struct diags *d, enum diag_level level, const char *path,
    struct json_pos pos, const char *fmt, ...) HG_PRINTF(5, 6);
/* "path:line:col: text", with "warning: " before the text of a warning.
 * Borrowed path and text; the line is appended to b without line end. */
struct buf;
void diag_print(const struct diag *d, struct buf *b);
/* By path, then by place. */
void diags_sort(struct diags *d);
void diags_clear(struct diags *d);

/* One file that is being checked. */
struct checked_file {
	const char *path;
	struct str text;
	struct diags *diags;
};

/* Report about the value (or, with at_key, the key) at `at`. */
void check_error(const struct checked_file *f, const struct json_at *at,
    const char *fmt, ...) HG_PRINTF(3, 4);
void check_error_key(const struct checked_file *f, const struct json_at *at,
    const char *fmt, ...) HG_PRINTF(3, 4);

/* The kinds of value a field may have. */
enum {
	JSON_IS_STRING = 1,
	JSON_IS_INTEGER = 2,
	JSON_IS_NUMBER = 4, /* integers too */
	JSON_IS_BOOL = 8,
	JSON_IS_OBJECT = 16,
	JSON_IS_ARRAY = 32,
};

/* One key that an object may have. */
struct json_field {
	const char *key;
	unsigned kinds;
	bool required;
};

/* Check that json, at `at`, is an object with these fields only, each of its
 * kind.  `what` names it in messages ("intent \"track_order\"").
 * False when something was reported. */
bool check_object(const struct checked_file *f, const struct json_at *at,
    json_t *json, const char *what, const struct json_field *fields, size_t n);

/* Check the kind of one value. */
bool check_kind(const struct checked_file *f, const struct json_at *at,
    const json_t *json, const char *what, unsigned kinds);

/* The nearest of n names to a misspelt one, or NULL when none is near. */
const char *nearest_name(const char *word,
    const char *(*name_at)(const void *, size_t), const void *names, size_t n);

#endif
