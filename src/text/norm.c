/* The normal form: what every pattern is matched against.  fold.c folds the
 * characters, cut.c finds the words; here drawn-out letters are squeezed, the
 * lexicon writes slang in full, and mistyped words are repaired.  Each word
 * keeps its place in the original. */
#include "text/norm.h"
#include "base/utf8.h"
#include "model/limits.h"
#include "text/cut.h"

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

/* Repeated pairs of letters, as in laughing: "wkwkwkwk" -> "wkwk". */
static struct str squeeze_laugh(struct arena *a, struct str w)
{
	if (w.n < 5)
		return w;
	for (size_t i = 2; i < w.n; i++)
		if (w.p[i] != w.p[i - 2])
			return w;
	if (w.p[0] == w.p[1] || w.p[0] < 'a' || w.p[0] > 'z')
		return w;
	return (struct str){ arena_strdup(a, (struct str){ w.p, 4 }), 4 };
}

static bool all_letters(struct str w)
{
	for (size_t i = 0; i < w.n; i++)
		if (w.p[i] < 'a' || w.p[i] > 'z')
			return false;
	return w.n > 0;
}

static struct str glue(struct arena *a, struct str head, struct str tail)
{
	char *p = arena_alloc(a, head.n + tail.n + 1);
	memcpy(p, head.p, head.n);
	memcpy(p + head.n, tail.p, tail.n);
	return (struct str){ p, head.n + tail.n };
}

/* A word said twice, as in "dateng2", "barang-barang" or "pesan2nya": once,
 * with what is attached to the second. */
static struct str undo_repetition(
    struct arena *a, struct str w, const struct lexicon *lex)
{
	size_t at = 0;
	while (at < w.n && w.p[at] != '2' && w.p[at] != '-')
		at++;
	struct str once = { w.p, at };
	if (at < 3 || at == w.n || !all_letters(once) || lexicon_has(lex, w))
		return w;
	struct str rest = { w.p + at + 1, w.n - at - 1 };
	struct str twice = glue(a, once, glue(a, STR("-"), once));
	if (w.p[at] == '-') {
		if (!str_starts(rest, once))
			return w;
		rest.p += at;
		rest.n -= at;
	} else if (rest.n == 0 && lexicon_has(lex, twice)) {
		return twice; /* a word of its own: "jangan-jangan" */
	}
	if (rest.n == 0)
		return once;
	if (lexicon_clitic(lex, rest, 0) != rest.n)
		return w;
	char *p = arena_alloc(a, once.n + rest.n + 1);
	memcpy(p, once.p, once.n);
	memcpy(p + once.n, rest.p, rest.n);
	return (struct str){ p, once.n + rest.n };
}

/* Undo drawn-out letters: three or more of a letter in a row, or a doubled
 * last letter that makes no known word.  A doubled letter stays where that
 * gives a known word ("goood" -> "good"). */
static struct str undo_elongation(
    struct arena *a, struct str w, const struct lexicon *lex, unsigned *flags)
{
	if (w.n < 3 || !all_letters(w) || lexicon_has(lex, w))
		return w; /* the number of an order stays as it is */
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
	/* a drawn-out ending is the plain word first: "gantiii" is "ganti" */
	bool ending = doubled && lexicon_has(lex, w1);
	if (drawn && !ending && lexicon_has(lex, w2)) {
		*flags |= NORM_ELONGATED;
		return w2;
	}
	if (!drawn && (!lexicon_has(lex, w1) || w1.n == w.n))
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

/* The same emoji again and again is one, said with strength. */
static bool repeats_symbol(const struct raw_word *last, struct str text)
{
	return (unsigned char)text.p[0] >= 0xe2 && str_eq(last->text, text);
}

/* Where in the original the folded text up to `to` ends: one character may have
 * become several, and a word may end among them (a half as a sign is 1/2). */
static uint32_t original_end(const struct folded *f, size_t to)
{
	size_t end = to;
	while (end < f->n && f->from[end] == f->from[to - 1])
		end++;
	return f->from[end];
}

static size_t cut_words(struct norm *out, struct arena *a,
    const struct folded *f, const struct lexicon *lex, struct raw_word *raw)
{
	struct cutter c = { .f = f, .lex = lex };
	size_t n = 0, from, to;
	unsigned again = 0;
	while (cut_next(&c, &from, &to)) {
		struct str text = { f->p + from, to - from };
		if (n > 0 && repeats_symbol(&raw[n - 1], text)) {
			raw[n - 1].to = original_end(f, to);
			out->drawn = ++again > out->drawn ? again : out->drawn;
			continue;
		}
		again = 0;
		struct raw_word *w = &raw[n++];
		w->from = f->from[from];
		w->to = original_end(f, to);
		w->flags = c.broken ? NORM_BREAK : 0;
		c.broken = false;
		struct str orig = { out->original.p + w->from,
			w->to - w->from };
		if (all_capitals(orig))
			w->flags |= NORM_CAPS;
		struct str once = undo_repetition(a, text, lex);
		w->text = undo_elongation(a, once, lex, &w->flags);
		if (!(w->flags & NORM_ELONGATED))
			continue;
		out->elongated++;
		if (once.n - w->text.n > out->drawn)
			out->drawn = (unsigned)(once.n - w->text.n);
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

/* A word that the lexicon does not rewrite as it stands: with a clitic taken
 * off it may be slang; if no language knows it, it is mistyped. */
static struct str mend_word(struct writer *w, struct str word, unsigned *flags)
{
	enum { STEM = 2 };
	const struct lexicon *lex = w->lex;
	if (!all_letters(word) || lexicon_has(lex, word))
		return word;
	size_t cut = lexicon_clitic(lex, word, STEM);
	struct str stem = { word.p, word.n - cut };
	struct str clitic = { word.p + stem.n, cut };
	if (cut > 0) {
		const struct str *full = lexicon_full(lex, stem);
		if (full != NULL && memchr(full->p, ' ', full->n) == NULL) {
			*flags |= NORM_REWRITTEN;
			return glue(w->a, *full, clitic);
		}
		if (lexicon_has(lex, stem))
			return word;
	}
	bool ambiguous;
	const struct str *near =
	    vocabulary_nearest(&lex->vocabulary, word, &ambiguous);
	bool whole = near != NULL || cut == 0;
	if (!whole)
		near = vocabulary_nearest(&lex->vocabulary, stem, &ambiguous);
	if (near == NULL)
		return word;
	*flags |= NORM_REPAIRED | (ambiguous ? NORM_AMBIGUOUS : 0);
	return whole ? *near : glue(w->a, *near, clitic);
}

static void write_words(struct writer *w, const struct raw_word *raw, size_t n)
{
	for (size_t i = 0; i < n;) {
		size_t used = 1;
		const struct str *full =
		    find_full(w->lex, raw + i, n - i, &used);
		if (full == NULL) {
			unsigned own = raw[i].flags;
			struct str text = mend_word(w, raw[i].text, &own);
			write_word(w, text, raw[i].from, raw[i].to, own);
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
	struct str text = buf_str(&w.text);
	/* slang words may grow past the bound: then whole words go */
	while (text.n > LIMIT_MATCH_BYTES) {
		out->n_words--;
		const struct norm_word *last = out->words + out->n_words - 1;
		text.n = out->n_words > 0 ? last->at + last->n : 0;
	}
	out->text = (struct str){ arena_strdup(a, text), text.n };
	buf_clear(&w.text);
}

void norm_part(struct norm *out, struct arena *a, const struct norm *whole,
    size_t from, size_t to)
{
	struct norm_word first = whole->words[from],
			 last = whole->words[to - 1];
	*out = *whole;
	out->n_words = to - from;
	out->words = arena_alloc(a, out->n_words * sizeof(*out->words));
	for (size_t i = 0; i < out->n_words; i++) {
		out->words[i] = whole->words[from + i];
		out->words[i].at -= first.at;
		out->words[i].from -= first.from;
		out->words[i].to -= first.from;
	}
	out->text = (struct str){ whole->text.p + first.at,
		last.at + last.n - first.at };
	out->original = (struct str){ whole->original.p + first.from,
		last.to - first.from };
}
