#ifndef HG_BASE_BUF_H
#define HG_BASE_BUF_H

#include "base/attr.h"
#include "base/str.h"

/* A growing byte buffer; p is NULL or NUL-terminated.  All zero is empty. */
struct buf {
	char *p;
	size_t n, cap;
};

void buf_add(struct buf *b, const void *p, size_t n);
void buf_addc(struct buf *b, char c);
void buf_addz(struct buf *b, const char *z);
void buf_adds(struct buf *b, struct str s);
void buf_addf(struct buf *b, const char *fmt, ...) HG_PRINTF(2, 3);

/* Empty it, keeping the memory / giving the memory back. */
void buf_reset(struct buf *b);
void buf_clear(struct buf *b);

/* What it holds, borrowed until the next change. */
struct str buf_str(const struct buf *b);

/* The bytes as a NUL-terminated text for the caller to free; b is empty after.
 */
char *buf_take(struct buf *b) HG_MUST_USE;

#endif
