/* The pieces of a message: words, pairs of words, runs of letters.  Letters
 * within words bear typos and affixes, pairs bear order and negation (Cavnar
 * and Trenkle 1994; Joulin et al. 2017). */
#include "rules/ngram.h"
#include "base/utf8.h"

#include <string.h>

enum { SHORTEST = 3, LONGEST = 4, TOGETHER_WORDS = 40 };

/* A piece under construction. */
struct piece {
	char text[NGRAM_BYTES];
	size_t n; /* over NGRAM_BYTES: too long */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Numbers, however long, are one 0: which one it is says nothing. */
static void add(struct piece *p, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (is_digit(s.p[i]) && i > 0 && is_digit(s.p[i - 1]))
			continue;
		if (p->n < NGRAM_BYTES)
			p->text[p->n] = is_digit(s.p[i]) ? '0' : s.p[i];
		p->n++;
	}
}

static void give(
    const struct piece *p, enum ngram_kind kind, ngram_fn fn, void *arg)
{
	if (p->n <= NGRAM_BYTES)
		fn(arg, kind, (struct str){ p->text, p->n });
}

/* The word with that number counted from 1; the ends are 0 and n + 1. */
static struct str word_at(const struct norm *norm, size_t i)
{
	if (i == 0)
		return STR("^");
	if (i > norm->n_words)
		return STR("$");
	const struct norm_word *w = &norm->words[i - 1];
	return (struct str){ norm->text.p + w->at, w->n };
}

static void give_pair(enum ngram_kind kind, struct str a, struct str between,
    struct str b, ngram_fn fn, void *arg)
{
	struct piece p = { .n = 0 };
	add(&p, a);
	add(&p, between);
	add(&p, b);
	give(&p, kind, fn, arg);
}

static void each_words(const struct norm *norm, ngram_fn fn, void *arg)
{
	for (size_t i = 0; i <= norm->n_words; i++) {
		if (i > 0) {
			struct piece p = { .n = 0 };
			add(&p, word_at(norm, i));
			give(&p, NGRAM_WORDS, fn, arg);
		}
		struct str word = word_at(norm, i);
		give_pair(
		    NGRAM_WORDS, word, STR(" "), word_at(norm, i + 1), fn, arg);
		if (i > 0 && i + 2 <= norm->n_words)
			give_pair(NGRAM_WORDS, word, STR(" * "),
			    word_at(norm, i + 2), fn, arg);
	}
}

/* Is the byte the rest of a character, or of a number? */
static bool belongs_before(struct str word, size_t i)
{
	return ((unsigned char)word.p[i] & 0xc0) == 0x80 ||
	       (is_digit(word.p[i]) && is_digit(word.p[i - 1]));
}

/* The character, or the number, of the word with its edges that begins at byte
 * *at; *at moves past it. */
static struct str next_letter(struct str word, size_t *at)
{
	size_t from = *at;
	if (from == 0 || from > word.n) {
		(*at)++;
		return STR("_");
	}
	do
		(*at)++;
	while (*at <= word.n && belongs_before(word, *at - 1));
	return (struct str){ word.p + from - 1, *at - from };
}

static void each_letters(struct str word, ngram_fn fn, void *arg)
{
	for (size_t from = 0; from < word.n + 2;) {
		struct piece p = { .n = 0 };
		size_t at = from, next = from;
		add(&p, STR("*"));
		for (int n = 1; n <= LONGEST && at < word.n + 2; n++) {
			add(&p, next_letter(word, &at));
			if (n == 1)
				next = at;
			if (n >= SHORTEST)
				give(&p, NGRAM_LETTERS, fn, arg);
		}
		from = next;
	}
}

void ngram_each(const struct norm *norm, ngram_fn fn, void *arg)
{
	if (norm->n_words == 0)
		return;
	each_words(norm, fn, arg);
	for (size_t i = 1; i <= norm->n_words; i++)
		each_letters(word_at(norm, i), fn, arg);
}

/* Any order will do that is always the same. */
static int in_order(struct str a, struct str b)
{
	if (a.n != b.n)
		return a.n < b.n ? -1 : 1;
	return memcmp(a.p, b.p, a.n);
}

void ngram_together(const struct norm *norm, ngram_fn fn, void *arg)
{
	size_t n =
	    norm->n_words < TOGETHER_WORDS ? norm->n_words : TOGETHER_WORDS;
	for (size_t i = 1; i <= n; i++)
		for (size_t k = i + 1; k <= n; k++) {
			struct str a = word_at(norm, i), b = word_at(norm, k);
			int order = in_order(a, b);
			if (order == 0)
				continue;
			give_pair(NGRAM_TOGETHER, order < 0 ? a : b, STR(" & "),
			    order < 0 ? b : a, fn, arg);
		}
}
