#ifndef HG_BASE_ARENA_H
#define HG_BASE_ARENA_H

#include "base/str.h"

struct arena_block;

/* Memory that is freed all at once.  All zero is an empty arena. */
struct arena {
	struct arena_block *blocks;
	size_t used; /* bytes handed out, for reports */
};

/* Zeroed memory, aligned for any type, that lives until arena_clear. */
void *arena_alloc(struct arena *a, size_t n);
/* A NUL-terminated copy. */
char *arena_strdup(struct arena *a, struct str s);

/* Forget all, keeping the first block / giving all memory back. */
void arena_reset(struct arena *a);
void arena_clear(struct arena *a);

#endif
