/* Allocation that ends the process instead of failing. */
#include "base/mem.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static HG_NORETURN void out_of_memory(size_t n)
{
	fprintf(stderr, "hangat: out of memory for %zu bytes\n", n);
	abort();
}

void *xmalloc(size_t n)
{
	void *p = malloc(n != 0 ? n : 1);
	if (p == NULL)
		out_of_memory(n);
	return p;
}

void *xcalloc(size_t count, size_t size)
{
	void *p = calloc(count != 0 ? count : 1, size != 0 ? size : 1);
	if (p == NULL)
		out_of_memory(count);
	return p;
}

void *xrealloc(void *old, size_t n)
{
	void *p = realloc(old, n != 0 ? n : 1);
	if (p == NULL)
		out_of_memory(n);
	return p;
}

char *xstrdup(const char *s)
{
	return xmemdupz(s, strlen(s));
}

char *xmemdupz(const void *p, size_t n)
{
	char *copy = xmalloc(n + 1);
	if (n != 0)
		memcpy(copy, p, n);
	copy[n] = '\0';
	return copy;
}

void *vec_room(void *v, size_t n, size_t *cap, size_t size)
{
	if (n < *cap)
		return v;
	size_t want = *cap != 0 ? *cap * 2 : 8;
	if (want > SIZE_MAX / size)
		out_of_memory(want);
	*cap = want;
	return xrealloc(v, want * size);
}

void field_set(char *field, size_t size, const char *text, size_t n)
{
	if (n > size - 1) {
		n = size - 1;
		while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
			n--;
	}
	if (n != 0)
		memmove(field, text, n);
	field[n] = '\0';
}
