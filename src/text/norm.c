/* The normal form: what every pattern is matched against.  fold.c folds the
 * characters; here the text is cut into words, drawn-out letters are squeezed
 * and the lexicon writes slang in full.  Each word keeps its place in the
 * original. */
#include "text/norm.h"
#include "base/utf8.h"
#include "model/limits.h"
#include "text/fold.h"

#include <utf8proc.h>

static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'a' && cp <= 'z';
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_ME;
}

static bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static bool is_symbol(uint32_t cp)
{
	if (cp < 0x80)
		return false;
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_SO || c == UTF8PROC_CATEGORY_SK ||
	       (cp >= 0x1f000 && cp <= 0x1faff);
}

/* May c stand inside a word between these neighbours? */
static bool joins(char c, uint32_t before, uint32_t after, bool address)
{
	bool digits = is_digit(before) && is_digit(after);
	bool words = (is_letter(before) || is_digit(before)) &&
		     (is_letter(after) || is_digit(after));
	switch (c) {
	case '\'':
	case '-':
	case '@':
	case '_':
		return words;
	case '.':
		return digits || (address && words);
	case ',':
	case '/':
	case ':':
		return digits;
	default:
		return false;
	}
}

/* Cutting the folded text into words. */
struct cutter {
	const struct folded *f;
	size_t at;
	bool broken;  /* punctuation since the last word */
	bool address; /* the word holds an @ */
};

/* The character at offset i, a space past the end. */
static uint32_t char_at(const struct folded *f, size_t i, unsigned *len)
{
	uint32_t cp = ' ';
	*len = 1;
	if (i < f->n)
		*len = utf8_decode(f->p + i, f->n - i, &cp);
	if (*len == 0) {
		*len = 1;
		cp = ' ';
	}
	return cp;
}

static size_t word_end(struct cutter *c, size_t start)
{
	unsigned len;
	uint32_t before = char_at(c->f, start, &len);
	size_t end = start + len;
	while (end < c->f->n) {
		uint32_t cp = char_at(c->f, end, &len);
		if (!is_letter(cp) && !is_digit(cp)) {
			unsigned skip;
			uint32_t after = char_at(c->f, end + len, &skip);
			if (cp >= 0x80 ||
			    !joins((char)cp, before, after, c->address))
				break;
			c->address = c->address || cp == '@';
		}
		before = cp;
		end += len;
	}
	if (end < c->f->n && c->f->p[end] == '%' && is_digit(before))
		end++;
	return end;
}

/* The next word: its range in the folded text; false at the end. */
static bool next_word(struct cutter *c, size_t *from, size_t *to)
{
	while (c->at < c->f->n) {
		unsigned len;
		uint32_t cp = char_at(c->f, c->at, &len);
		size_t start = c->at;
		if (is_letter(cp) || is_digit(cp)) {
			c->address = false;
			c->at = word_end(c, start);
		} else if (is_symbol(cp)) {
			c->at += len;
		} else {
			c->broken = c->broken || cp != ' ';
			c->at += len;
			continue;
		}
		*from = start;
		*to = c->at;
		return true;
	}
	return false;
}

/* Shorten runs of the same letter to at most `keep`; true if any was longer.
 * Writes at most s.n bytes to out. */
static bool squeeze(struct str s, size_t keep, char *out, size_t *n)
{
	size_t run = 0, o = 0;
	for (size_t i = 0; i < s.n; i++) {
		run = i > 0 && s.p[i] == s.p[i - 1] ? run + 1 : 1;
		if (run > keep && s.p[i] >= 'a' && s.p[i] <= 'z')
			continue;
		out[o++] = s.p[i];
	}
	*n = o;
	return o < s.n;
}

static bool is_word(const struct lexicon *lex, struct str w)
{
	return lexicon_knows(lex, w) || lexicon_full(lex, w) != NULL;
}

/* Repeated pairs of letters, as in laughing: "wkwkwkwk" -> "wkwk". */
static struct str squeeze_laugh(struct arena *a, struct str w)
{
	if (w.n < 5)
		return w;
	for (size_t i = 2; i < w.n; i++)
		if (w.p[i] != w.p[i - 2])
			return w;
	if (w.p[0] == w.p[1] || is_digit((unsigned char)w.p[0]))
		return w;
	return (struct str){ arena_strdup(a, (struct str){ w.p, 4 }), 4 };
}

/* Repeating a word by a 2, as in "dateng2": the word once. */
static struct str undo_repetition(struct str w)
{
	if (w.n < 4 || w.p[w.n - 1] != '2')
		return w;
	for (size_t i = 0; i + 1 < w.n; i++)
		if (w.p[i] < 'a' || w.p[i] > 'z')
			return w;
	return (struct str){ w.p, w.n - 1 };
}

/* Undo drawn-out letters: three or more of a letter in a row, or a doubled
 * last letter that makes no known word.  A doubled letter stays where that
 * gives a known word ("goood" -> "good"). */
static struct str undo_elongation(
    struct arena *a, struct str w, const struct lexicon *lex, unsigned *flags)
{
	if (w.n < 3 || is_word(lex, w))
		return w;
	struct str laugh = squeeze_laugh(a, w);
	if (laugh.n != w.n)
		return laugh;
	char *two = arena_alloc(a, w.n + 1), *one = arena_alloc(a, w.n + 1);
	size_t n2, n1;
	bool drawn = squeeze(w, 2, two, &n2);
	bool doubled = w.p[w.n - 1] == w.p[w.n - 2];
	if (!drawn && !doubled)
		return w;
	struct str w2 = { two, n2 };
	(void)squeeze(w, 1, one, &n1); /* it is shorter: it has a run */
	struct str w1 = { one, n1 };
	if (drawn && is_word(lex, w2)) {
		*flags |= NORM_ELONGATED;
		return w2;
	}
	if (!drawn && (!is_word(lex, w1) || w1.n == w.n))
		return w;
	*flags |= NORM_ELONGATED;
	return w1;
}

static bool all_capitals(struct str original)
{
	unsigned upper = 0;
	for (size_t i = 0; i < original.n; i++) {
		if (original.p[i] >= 'a' && original.p[i] <= 'z')
			return false;
		upper += original.p[i] >= 'A' && original.p[i] <= 'Z';
	}
	return upper >= 2;
}

static void count_signals(struct norm *out)
{
	for (size_t i = 0; i < out->original.n; i++) {
		char c = out->original.p[i];
		out->exclaims += c == '!';
		out->questions += c == '?';
		bool upper = c >= 'A' && c <= 'Z';
		out->capitals += upper;
		out->letters += upper || (c >= 'a' && c <= 'z');
	}
}

/* The words before the lexicon. */
struct raw_word {
	struct str text;
	uint32_t from, to;
	unsigned flags;
};

static size_t cut_words(struct norm *out, struct arena *a,
    const struct folded *f, const struct lexicon *lex, struct raw_word *raw)
{
	struct cutter c = { .f = f };
	size_t n = 0, from, to;
	while (next_word(&c, &from, &to)) {
		struct raw_word *w = &raw[n++];
		w->from = f->from[from];
		w->to = f->from[to];
		w->flags = c.broken ? NORM_BREAK : 0;
		c.broken = false;
		struct str orig = { out->original.p + w->from,
			w->to - w->from };
		if (all_capitals(orig))
			w->flags |= NORM_CAPS;
		struct str once =
		    undo_repetition((struct str){ f->p + from, to - from });
		w->text = undo_elongation(a, once, lex, &w->flags);
		out->elongated += (w->flags & NORM_ELONGATED) != 0;
	}
	return n;
}

/* The longest lexicon entry that starts at raw[0]; *words is its length. */
static const struct str *find_full(const struct lexicon *lex,
    const struct raw_word *raw, size_t n, size_t *words)
{
	const struct str *best = NULL;
	char key[128];
	size_t len = 0;
	for (size_t i = 0; i < n && i < lex->longest; i++) {
		if (len + raw[i].text.n + 1 > sizeof(key))
			break;
		if (i > 0)
			key[len++] = ' ';
		memcpy(key + len, raw[i].text.p, raw[i].text.n);
		len += raw[i].text.n;
		const struct str *full =
		    lexicon_full(lex, (struct str){ key, len });
		if (full != NULL) {
			best = full;
			*words = i + 1;
		}
	}
	return best;
}

/* Collects the words of the normal form. */
struct writer {
	struct norm *out;
	struct arena *a;
	struct buf text;
	size_t cap;
	const struct lexicon *lex;
};

static void write_word(struct writer *w, struct str text, uint32_t from,
    uint32_t to, unsigned flags)
{
	struct norm *out = w->out;
	if (out->n_words == w->cap)
		return; /* the bound is one more than can come */
	if (w->text.n != 0)
		buf_addc(&w->text, ' ');
	if (lexicon_knows(w->lex, text))
		flags |= NORM_KNOWN;
	out->words[out->n_words++] = (struct norm_word){ (uint32_t)w->text.n,
		(uint32_t)text.n, from, to, flags };
	buf_adds(&w->text, text);
}

static void write_words(struct writer *w, const struct raw_word *raw, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t used = 1;
		const struct str *full =
		    find_full(w->lex, raw + i, n - i, &used);
		if (full == NULL) {
			write_word(w, raw[i].text, raw[i].from, raw[i].to,
			    raw[i].flags);
			i++;
			continue;
		}
		unsigned flags = NORM_REWRITTEN;
		for (size_t j = i; j < i + used; j++)
			flags |= raw[j].flags;
		struct str rest = *full, part;
		while (str_next(&rest, ' ', &part)) {
			if (part.n != 0)
				write_word(w, part, raw[i].from,
				    raw[i + used - 1].to, flags);
			flags &= ~(unsigned)NORM_BREAK;
		}
		i += used;
	}
}

void norm_make(struct norm *out, struct arena *a, struct str original,
    const struct lexicon *lex)
{
	*out = (struct norm){ 0 };
	out->original = str_cut(original, LIMIT_MATCH_BYTES);
	out->cut = out->original.n < original.n;
	count_signals(out);
	struct folded f;
	fold_text(&f, a, out->original);
	struct raw_word *raw = arena_alloc(a, (f.n + 1) * sizeof(*raw));
	size_t n = cut_words(out, a, &f, lex, raw);
	/* one raw word becomes at most eight: see the schema of the lexicon */
	size_t cap = n * 8 + 1;
	out->words = arena_alloc(a, cap * sizeof(*out->words));
	struct writer w = { out, a, { 0 }, cap, lex };
	write_words(&w, raw, n);
	struct str text = str_cut(buf_str(&w.text), LIMIT_MATCH_BYTES);
	while (out->n_words > 0 && out->words[out->n_words - 1].at +
					   out->words[out->n_words - 1].n >
				       text.n)
		out->n_words--; /* a slang word grew past the bound */
	out->text = (struct str){ arena_strdup(a, text), text.n };
	buf_clear(&w.text);
}
