/* Finding the nearest word: words are kept by length, and of those of about the
 * right length the ones with too many other letters are passed over before any
 * distance is computed. */
#include "text/vocabulary.h"
#include "base/mem.h"

#include <stdlib.h>

static bool letters_of(struct str w, uint32_t *mask)
{
	*mask = 0;
	for (size_t i = 0; i < w.n; i++) {
		if (w.p[i] < 'a' || w.p[i] > 'z')
			return false;
		*mask |= 1u << (w.p[i] - 'a');
	}
	return true;
}

void vocabulary_add(struct vocabulary *v, struct arena *a, struct str word)
{
	uint32_t mask;
	if (word.n < VOCABULARY_LEAST || word.n > VOCABULARY_MOST ||
	    !letters_of(word, &mask))
		return;
	uintptr_t number = (uintptr_t)map_get(&v->index, word);
	if (number != 0) {
		v->v[number - 1].uses++;
		return;
	}
	VEC_ROOM(v->v, v->n, v->cap);
	struct vocabulary_word *w = &v->v[v->n++];
	*w = (struct vocabulary_word){ { arena_strdup(a, word), word.n }, mask,
		1 };
	(void)map_put(&v->index, w->text, (void *)(uintptr_t)v->n); /* new */
}

static int by_length(const void *a, const void *b)
{
	const struct vocabulary_word *x = a, *y = b;
	if (x->text.n != y->text.n)
		return x->text.n < y->text.n ? -1 : 1;
	return memcmp(x->text.p, y->text.p, x->text.n);
}

void vocabulary_seal(struct vocabulary *v)
{
	map_clear(&v->index);
	if (v->n > 1)
		qsort(v->v, v->n, sizeof(*v->v), by_length);
	size_t i = 0;
	for (size_t len = 0; len <= VOCABULARY_MOST; len++) {
		while (i < v->n && v->v[i].text.n < len)
			i++;
		v->first[len] = (uint32_t)i;
	}
	v->first[VOCABULARY_MOST + 1] = (uint32_t)v->n;
}

void vocabulary_clear(struct vocabulary *v)
{
	map_clear(&v->index);
	free(v->v);
	*v = (struct vocabulary){ 0 };
}

bool vocabulary_has(const struct vocabulary *v, struct str word)
{
	if (word.n < VOCABULARY_LEAST || word.n > VOCABULARY_MOST)
		return false;
	size_t lo = v->first[word.n], hi = v->first[word.n + 1];
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		int order = memcmp(v->v[mid].text.p, word.p, word.n);
		if (order == 0)
			return true;
		if (order < 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return false;
}

static unsigned bits(uint32_t x)
{
	unsigned n = 0;
	for (; x != 0; x &= x - 1)
		n++;
	return n;
}

static bool begins_alike(struct str a, struct str b)
{
	return a.p[0] == b.p[0] || (a.p[0] == b.p[1] && a.p[1] == b.p[0]);
}

static bool same_stem(struct str a, struct str b)
{
	return a.n < b.n ? str_starts(b, a) : str_starts(a, b);
}

const struct str *vocabulary_nearest(
    const struct vocabulary *v, struct str word, bool *ambiguous)
{
	uint32_t mask;
	*ambiguous = false;
	if (word.n < VOCABULARY_LEAST || word.n > VOCABULARY_MOST ||
	    !letters_of(word, &mask))
		return NULL;
	unsigned most = word.n >= VOCABULARY_LONG ? 2 : 1, least = most + 1;
	size_t from = word.n - most, to = word.n + most;
	to = to > VOCABULARY_MOST ? VOCABULARY_MOST : to;
	const struct vocabulary_word *best = NULL;
	for (size_t i = v->first[from]; i < v->first[to + 1]; i++) {
		const struct vocabulary_word *w = &v->v[i];
		if (bits(w->letters ^ mask) > 2 * most ||
		    !begins_alike(w->text, word))
			continue;
		unsigned d = str_distance(word, w->text, most);
		if (d > most || d > least)
			continue;
		if (d < least || best == NULL) {
			least = d;
			best = w;
			*ambiguous = false;
			continue;
		}
		if (!same_stem(best->text, w->text))
			*ambiguous = true;
		if (w->uses > best->uses)
			best = w;
	}
	return best != NULL ? &best->text : NULL;
}
