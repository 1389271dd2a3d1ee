/* Spelling out words: the beginnings of words that are possible at a point of
 * the expression are carried along until a space or the edge completes them. */
#include "rules/words.h"
#include "base/mem.h"

#include <stdlib.h>

enum { WORD_BYTES = 48, STARTS_MAX = 400 };

/* A word that is not complete yet. */
struct start {
	char text[WORD_BYTES];
	size_t n;
	bool lost; /* part of it is not spelt out */
};
struct starts {
	struct start *v;
	size_t n, cap;
};
struct spelling {
	word_fn fn;
	void *arg;
};

static void put(struct starts *s, const struct start *x)
{
	if (s->n == STARTS_MAX)
		return; /* more than anybody means: the rest is passed over */
	VEC_ROOM(s->v, s->n, s->cap);
	s->v[s->n++] = *x;
}

static void put_all(struct starts *s, const struct starts *more)
{
	for (size_t i = 0; i < more->n; i++)
		put(s, &more->v[i]);
}

/* All are complete here; one empty start goes on. */
static void complete(const struct spelling *sp, struct starts *s)
{
	struct start none = { .n = 0 };
	for (size_t i = 0; i < s->n; i++)
		if (!s->v[i].lost && s->v[i].n > 0)
			sp->fn(
			    sp->arg, (struct str){ s->v[i].text, s->v[i].n });
	s->n = 0;
	put(s, &none);
}

static void add_letters(struct starts *s, struct str letters)
{
	for (size_t i = 0; i < s->n; i++) {
		struct start *x = &s->v[i];
		x->lost = x->lost || letters.n > WORD_BYTES - x->n;
		if (x->lost)
			continue;
		memcpy(x->text + x->n, letters.p, letters.n);
		x->n += letters.n;
	}
}

static void add_text(
    const struct spelling *sp, struct starts *s, struct str text)
{
	for (;;) {
		const char *space =
		    text.n > 0 ? memchr(text.p, ' ', text.n) : NULL;
		size_t n = space != NULL ? (size_t)(space - text.p) : text.n;
		if (n > 0)
			add_letters(s, (struct str){ text.p, n });
		if (space == NULL)
			return;
		complete(sp, s);
		text = (struct str){ space + 1, text.n - n - 1 };
	}
}

/* What comes here is not known. */
static void lose(struct starts *s)
{
	struct start lost = { .lost = true };
	s->n = 0;
	put(s, &lost);
}

static bool is_space(const struct rx *x)
{
	return x->kind == RX_LITERAL && str_is(x->text, " ");
}

static void spell(
    const struct spelling *sp, const struct rx *x, struct starts *s)
{
	struct starts in = { 0 }, out = { 0 };
	switch (x->kind) {
	case RX_EMPTY:
		break;
	case RX_LITERAL:
		add_text(sp, s, x->text);
		break;
	case RX_CHAR:
	case RX_UNKNOWN:
		lose(s);
		break;
	case RX_CAT:
		for (size_t i = 0; i < x->n; i++)
			spell(sp, x->kids[i], s);
		break;
	case RX_ALT:
		for (size_t i = 0; i < x->n; i++) {
			in.n = 0;
			put_all(&in, s);
			spell(sp, x->kids[i], &in);
			put_all(&out, &in);
		}
		s->n = 0;
		put_all(s, &out);
		break;
	case RX_REPEAT:
		/* a space that may be missing still ends a word: "x ?y" */
		if (x->min == 0 && !is_space(x->kids[0]))
			put_all(&in, s);
		spell(sp, x->kids[0], s);
		put_all(s, &in);
		break;
	}
	free(in.v);
	free(out.v);
}

void rx_words(const struct rx *x, bool edges, word_fn fn, void *arg)
{
	struct spelling sp = { fn, arg };
	struct starts s = { 0 };
	struct start first = { .lost = !edges };
	put(&s, &first);
	spell(&sp, x, &s);
	if (edges)
		complete(&sp, &s);
	free(s.v);
}
