#ifndef HG_BASE_MEM_H
#define HG_BASE_MEM_H

#include "base/attr.h"

#include <stddef.h>

/* Allocation that never fails: when memory is out, the process ends with one
 * line on stderr.  Sizes from outside are bounded before they get here. */
void *xmalloc(size_t n) HG_MALLOC;
void *xcalloc(size_t count, size_t size) HG_MALLOC;
void *xrealloc(void *p, size_t n) HG_MUST_USE;
char *xstrdup(const char *s) HG_MALLOC;
char *xmemdupz(const void *p, size_t n) HG_MALLOC; /* adds a NUL */

/* Make room for one more element in a growing array: v, n and cap are the
 * array, its length and its capacity.  The array is freed with free(). */
void *vec_room(void *v, size_t n, size_t *cap, size_t size) HG_MUST_USE;
#define VEC_ROOM(v, n, cap) ((v) = vec_room((v), (n), &(cap), sizeof(*(v))))

/* Copy a NUL-terminated text into a fixed field, cut at a character. */
void field_set(char *field, size_t size, const char *text, size_t n);
#define FIELD_SET(field, text, n) field_set((field), sizeof(field), (text), (n))

#endif
