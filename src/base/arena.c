/* Bump allocation: many small objects with one life. */
#include "base/arena.h"
#include "base/mem.h"

#include <stdalign.h>
#include <stdlib.h>

enum { ARENA_BLOCK = 16 * 1024 }; /* small enough for a step's scratch */

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char bytes[];
};

void *arena_alloc(struct arena *a, size_t n)
{
	const size_t align = alignof(max_align_t);
	n = (n + align - 1) / align * align;
	struct arena_block *b = a->blocks;
	if (b == NULL || b->size - b->used < n) {
		size_t size = n > ARENA_BLOCK ? n : ARENA_BLOCK;
		b = xmalloc(sizeof(*b) + size);
		b->used = 0;
		b->size = size;
		b->next = a->blocks;
		a->blocks = b;
	}
	void *p = b->bytes + b->used;
	b->used += n;
	a->used += n;
	memset(p, 0, n);
	return p;
}

char *arena_strdup(struct arena *a, struct str s)
{
	char *p = arena_alloc(a, s.n + 1);
	if (s.n != 0)
		memcpy(p, s.p, s.n);
	return p;
}

void arena_reset(struct arena *a)
{
	struct arena_block *b = a->blocks;
	while (b != NULL && b->next != NULL) {
		struct arena_block *next = b->next;
		free(b);
		b = next;
	}
	a->blocks = b;
	a->used = 0;
	if (b != NULL)
		b->used = 0;
}

void arena_clear(struct arena *a)
{
	arena_reset(a);
	free(a->blocks);
	a->blocks = NULL;
}
