/* Finding the nearest word: words are kept by length and first letter, and of
 * those that come into question the ones with too many other letters are passed
 * over before any distance is computed. */
#include "text/vocabulary.h"
#include "base/mem.h"
#include "text/slip.h"

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
	for (size_t len = 0; len <= VOCABULARY_MOST; len++)
		for (int c = 0; c <= 26; c++) {
			while (
			    i < v->n && (v->v[i].text.n < len ||
					    (v->v[i].text.n == len &&
						v->v[i].text.p[0] < 'a' + c)))
				i++;
			v->first[len][c] = (uint32_t)i;
		}
}

void vocabulary_clear(struct vocabulary *v)
{
	map_clear(&v->index);
	free(v->v);
	*v = (struct vocabulary){ 0 };
}

bool vocabulary_has(const struct vocabulary *v, struct str word)
{
	if (word.n < VOCABULARY_LEAST || word.n > VOCABULARY_MOST ||
	    word.p[0] < 'a' || word.p[0] > 'z')
		return false;
	int c = word.p[0] - 'a';
	size_t lo = v->first[word.n][c], hi = v->first[word.n][c + 1];
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

static bool same_stem(struct str a, struct str b)
{
	return a.n < b.n ? str_starts(b, a) : str_starts(a, b);
}

/* The nearest word found so far. */
struct nearest {
	struct str word;
	uint32_t letters;
	unsigned edits;       /* allowed */
	unsigned most, least; /* cost allowed, that of best: slip.h */
	const struct vocabulary_word *best;
	bool ambiguous;
};

static void compare(struct nearest *f, const struct vocabulary_word *w)
{
	if (bits(w->letters ^ f->letters) > 2 * f->edits)
		return;
	unsigned d = slip_cost(f->word, w->text, f->most);
	if (d > f->most || d > f->least)
		return;
	if (f->best == NULL || d < f->least) {
		f->least = d;
		f->best = w;
		f->ambiguous = false;
		return;
	}
	if (!same_stem(f->best->text, w->text))
		f->ambiguous = true;
	if (w->uses > f->best->uses)
		f->best = w;
}

const struct str *vocabulary_nearest(
    const struct vocabulary *v, struct str word, bool *ambiguous)
{
	struct nearest f = { .word = word };
	*ambiguous = false;
	if (word.n < VOCABULARY_LEAST || word.n > VOCABULARY_MOST ||
	    !letters_of(word, &f.letters))
		return NULL;
	bool is_long = word.n >= VOCABULARY_LONG;
	f.edits = is_long ? 2 : 1;
	f.most = is_long ? SLIP_TWO : SLIP_ONE;
	f.least = f.most;
	int own = word.p[0] - 'a', second = word.p[1] - 'a';
	for (size_t n = word.n - f.edits;
	     n <= word.n + f.edits && n <= VOCABULARY_MOST; n++) {
		for (size_t i = v->first[n][own]; i < v->first[n][own + 1]; i++)
			compare(&f, &v->v[i]);
		if (second == own)
			continue;
		for (size_t i = v->first[n][second];
		     i < v->first[n][second + 1]; i++)
			if (v->v[i].text.p[1] == word.p[0])
				compare(&f, &v->v[i]);
	}
	*ambiguous = f.ambiguous || (f.best != NULL && f.least > SLIP_ONE);
	return f.best != NULL ? &f.best->text : NULL;
}
