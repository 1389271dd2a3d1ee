#ifndef HG_JSON_PARSE_H
#define HG_JSON_PARSE_H

#include "base/err.h"
#include "base/str.h"

#include <jansson.h>
#include <stdbool.h>

struct json_pos {
	int line, col; /* from 1; col counts bytes */
};

/* Parse text strictly: duplicate keys, NUL, a byte order mark, comments and
 * trailing commas are refused, and objects may nest max_depth deep.
 * Returns a new reference, or NULL with where filled and err saying what and
 * how to mend. */
json_t *json_parse(
    struct str text, unsigned max_depth, struct json_pos *where, struct err *e);

/* True when no bracket of text nests deeper than max; strings are skipped. */
bool json_depth_ok(struct str text, unsigned max);

/* The way from the top of a document to a value, kept on the caller's stack:
 * key names a member, or is NULL and index counts in an array.  The top is
 * NULL. */
struct json_at {
	const struct json_at *up;
	const char *key;
	size_t index;
};

/* Where the value at `at` starts in text, which json_parse has accepted; the
 * key instead of the value when at_key.  1:1 when it is not found. */
struct json_pos json_locate(
    struct str text, const struct json_at *at, bool at_key);

#endif
