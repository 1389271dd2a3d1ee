/* Open-addressing hash table with linear probing; keys borrowed. */
#include "base/map.h"
#include "base/mem.h"

#include <stdlib.h>

uint64_t hash_bytes(uint64_t seed, const void *p, size_t n)
{
	const unsigned char *c = p;
	uint64_t h = seed ^ 0xcbf29ce484222325u ^ ((uint64_t)n << 32);
	for (; n >= 8; n -= 8, c += 8) {
		uint64_t w;
		memcpy(&w, c, 8);
		h = (h ^ w) * 0x100000001b3u;
		h ^= h >> 29;
	}
	for (; n > 0; n--, c++)
		h = (h ^ *c) * 0x100000001b3u;
	h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9u;
	h = (h ^ (h >> 27)) * 0x94d049bb133111ebu;
	return h ^ (h >> 31);
}

/* The slot of key, or the first free one on its way. */
static struct map_entry *map_slot(
    const struct map *m, struct str key, uint64_t hash)
{
	struct map_entry *tomb = NULL;
	for (size_t i = hash & (m->cap - 1);; i = (i + 1) & (m->cap - 1)) {
		struct map_entry *e = &m->v[i];
		if (e->value == NULL && e->key.p == NULL)
			return tomb != NULL ? tomb : e;
		if (e->value == NULL)
			tomb = tomb != NULL ? tomb : e;
		else if (e->hash == hash && str_eq(e->key, key))
			return e;
	}
}

void *map_get(const struct map *m, struct str key)
{
	if (m->n == 0)
		return NULL;
	return map_slot(m, key, hash_bytes(m->seed, key.p, key.n))->value;
}

static void map_grow(struct map *m)
{
	struct map old = *m;
	m->cap = m->n * 2 < 8 ? 16 : old.cap;
	while (m->n * 2 >= m->cap)
		m->cap *= 2;
	m->v = xcalloc(m->cap, sizeof(*m->v));
	m->used = m->n;
	for (size_t i = 0; i < old.cap; i++)
		if (old.v[i].value != NULL)
			*map_slot(m, old.v[i].key, old.v[i].hash) = old.v[i];
	free(old.v);
}

void *map_put(struct map *m, struct str key, void *value)
{
	if (m->cap == 0 || (m->used + 1) * 4 > m->cap * 3)
		map_grow(m);
	uint64_t hash = hash_bytes(m->seed, key.p, key.n);
	struct map_entry *e = map_slot(m, key, hash);
	void *old = e->value;
	if (old == NULL) {
		m->n++;
		if (e->key.p == NULL)
			m->used++;
	}
	if (key.p == NULL)
		key.p = "";
	*e = (struct map_entry){ key, value, hash };
	return old;
}

void *map_del(struct map *m, struct str key)
{
	if (m->n == 0)
		return NULL;
	struct map_entry *e =
	    map_slot(m, key, hash_bytes(m->seed, key.p, key.n));
	void *old = e->value;
	if (old != NULL) {
		e->value = NULL;
		e->key = STR("\x01"); /* a tomb: keeps probe chains whole */
		m->n--;
	}
	return old;
}

struct map_entry *map_next(const struct map *m, size_t *at)
{
	while (*at < m->cap) {
		struct map_entry *e = &m->v[(*at)++];
		if (e->value != NULL)
			return e;
	}
	return NULL;
}

void map_clear(struct map *m)
{
	free(m->v);
	*m = (struct map){ .seed = m->seed };
}
