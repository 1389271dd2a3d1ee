/* Which language a message is in: the pack that knows more of its words. */
#include "text/lang.h"
#include "model/limits.h"

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' ||
	       (unsigned char)c >= 0x80;
}

/* One word of letters, in lower case, and where it stands. */
struct spoken {
	char low[40]; /* of a longer one the beginning */
	size_t n;
	size_t from, to;
};

/* The first word from *at on, which moves behind it; false at the end. */
static bool next_word(struct str text, size_t *at, struct spoken *w)
{
	while (*at < text.n && !word_byte(text.p[*at]))
		++*at;
	w->n = 0;
	w->from = *at;
	for (; *at < text.n && word_byte(text.p[*at]); ++*at) {
		char c = text.p[*at];
		if (w->n < sizeof(w->low))
			w->low[w->n++] =
			    c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	w->to = *at;
	return w->n > 0;
}

static bool is_word_of(const struct lexicon *lex, const struct spoken *w)
{
	struct str word = { w->low, w->n };
	return lexicon_knows(lex, word) || lexicon_full(lex, word) != NULL;
}

unsigned lang_count(struct str text, const struct lexicon *lex, unsigned *words)
{
	unsigned known = 0;
	struct spoken w;
	*words = 0;
	text = str_cut(text, LIMIT_MATCH_BYTES);
	for (size_t at = 0; next_word(text, &at, &w); ++*words)
		known += is_word_of(lex, &w);
	return known;
}

/* The run of words with the largest sum (Kadane), a word that only the other
 * knows being 1 and one that only own knows -1. */
struct str lang_stretch(struct str text, const struct lexicon *own,
    const struct lexicon *other, unsigned *lead)
{
	struct str best = { text.p, 0 };
	struct spoken w;
	size_t from = 0;
	unsigned sum = 0;
	bool begins = true; /* a run does, with this word */
	*lead = 0;
	text = str_cut(text, LIMIT_MATCH_BYTES);
	for (size_t at = 0; next_word(text, &at, &w);) {
		bool ours = is_word_of(own, &w), theirs = is_word_of(other, &w);
		from = begins ? w.from : from;
		begins = ours && !theirs && (sum == 0 || --sum == 0);
		sum += theirs && !ours;
		if (sum < *lead || sum == 0)
			continue;
		*lead = sum;
		best = (struct str){ text.p + from, w.to - from };
	}
	return best;
}
