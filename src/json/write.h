#ifndef HG_JSON_WRITE_H
#define HG_JSON_WRITE_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Writes JSON text straight into a buffer: jansson builds a tree first, which
 * costs half of a request.  Commas are put by itself; the caller opens and
 * closes in order.  NULL as key: an element of an array. */
struct json_out {
	struct buf *b;
	bool comma;
};

void json_out_object(struct json_out *o, const char *key);
void json_out_array(struct json_out *o, const char *key);
void json_out_close(struct json_out *o, char bracket); /* '}' or ']' */
/* s is valid UTF-8; control characters, U+2028 and U+2029 are escaped. */
void json_out_str(struct json_out *o, const char *key, struct str s);
void json_out_text(struct json_out *o, const char *key, const char *z);
void json_out_int(struct json_out *o, const char *key, int64_t value);
void json_out_bool(struct json_out *o, const char *key, bool value);
/* A number 0..1 with three decimals. */
void json_out_share(struct json_out *o, const char *key, double value);
void json_out_null(struct json_out *o, const char *key);
/* JSON text as it is. */
void json_out_raw(struct json_out *o, const char *key, struct str json);

#endif
