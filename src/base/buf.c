/* A growing byte buffer, always NUL-terminated for the edges of libraries. */
#include "base/buf.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void buf_room(struct buf *b, size_t more)
{
	size_t need = b->n + more + 1;
	if (need <= b->cap)
		return;
	size_t cap = b->cap != 0 ? b->cap : 64;
	while (cap < need)
		cap *= 2;
	b->p = xrealloc(b->p, cap);
	b->cap = cap;
}

void buf_add(struct buf *b, const void *p, size_t n)
{
	buf_room(b, n);
	if (n != 0)
		memcpy(b->p + b->n, p, n);
	b->n += n;
	b->p[b->n] = '\0';
}

void buf_addc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void buf_addz(struct buf *b, const char *z)
{
	buf_add(b, z, strlen(z));
}

void buf_adds(struct buf *b, struct str s)
{
	buf_add(b, s.p, s.n);
}

void buf_addf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n > 0) {
		buf_room(b, (size_t)n);
		(void)vsnprintf(
		    b->p + b->n, (size_t)n + 1, fmt, again); /* fits */
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_reset(struct buf *b)
{
	b->n = 0;
	if (b->p != NULL)
		b->p[0] = '\0';
}

void buf_clear(struct buf *b)
{
	free(b->p);
	*b = (struct buf){ 0 };
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p != NULL ? b->p : "", b->n };
}

char *buf_take(struct buf *b)
{
	buf_room(b, 0);
	b->p[b->n] = '\0';
	char *p = b->p;
	*b = (struct buf){ 0 };
	return p;
}
