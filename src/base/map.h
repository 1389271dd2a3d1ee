#ifndef HG_BASE_MAP_H
#define HG_BASE_MAP_H

#include "base/str.h"

#include <stdint.h>

/* A table from text to pointer.  Keys are borrowed: they live as long as
 * their entry.  All zero is an empty map with seed 0; give `seed` a random
 * number when keys come from outside. */
struct map_entry {
	struct str key;
	void *value; /* NULL: free or deleted */
	uint64_t hash;
};
struct map {
	struct map_entry *v;
	size_t n, used, cap; /* entries, entries and tombs, slots */
	uint64_t seed;
};

/* The value for key, or NULL. */
void *map_get(const struct map *m, struct str key);
/* Set it; value is not NULL.  Returns the value it replaces, or NULL. */
void *map_put(struct map *m, struct str key, void *value);
/* Take it out; returns the value that was there, or NULL. */
void *map_del(struct map *m, struct str key);
/* Walk: start with *at = 0; NULL at the end.  No put while walking. */
struct map_entry *map_next(const struct map *m, size_t *at);
void map_clear(struct map *m);

/* A 64-bit hash of bytes: FNV-1a over 8-byte words with a final avalanche
 * (Stafford mix 13).  Not for secrets. */
uint64_t hash_bytes(uint64_t seed, const void *p, size_t n);

#endif
