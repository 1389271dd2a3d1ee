/* What a message says beside its request: how its writer feels, and values of
 * slots. */
#include "rules/match.h"

static bool is_negated(struct match_scratch *s, const struct pack *pack,
    const struct norm *norm, size_t at)
{
	enum { NEGATION_REACH = 2 };
	size_t word = match_word_at(norm, at);
	size_t first = word > NEGATION_REACH ? word - NEGATION_REACH : 0;
	/* a negation does not reach over punctuation */
	for (size_t w = word; w > first; w--)
		if (norm->words[w].flags & NORM_BREAK)
			first = w;
	struct str head = { norm->text.p, at };
	for (size_t i = 0; i < pack->negators.n; i++) {
		struct span span;
		if (pattern_find(s, &pack->negators.patterns[i], head,
			norm->words[first].at, &span) == 1)
			return true;
	}
	return false;
}

/* What the writing itself adds to a feeling's strength. */
static double emphasis(const struct norm *norm)
{
	double more = 0;
	if (norm->exclaims >= 2)
		more += 0.15;
	if (norm->letters >= 8 && norm->capitals * 10 >= norm->letters * 7)
		more += 0.2;
	unsigned drawn = norm->drawn < 4 ? norm->drawn : 4;
	return more + 0.05 * drawn;
}

struct mood_score match_mood(
    struct match_scratch *s, const struct pack *pack, const struct norm *norm)
{
	struct mood_score best = { MOOD_NEUTRAL, 0 };
	for (int m = MOOD_NEUTRAL + 1; m < MOOD_COUNT; m++) {
		double miss = 1;
		for (size_t i = 0; i < pack->moods[m].n; i++) {
			const struct pattern *p = &pack->moods[m].patterns[i];
			struct span span;
			if (pattern_find(s, p, norm->text, 0, &span) != 1 ||
			    is_negated(s, pack, norm, span.from))
				continue;
			miss *= 1 - p->weight;
		}
		if (1 - miss > best.strength)
			best = (struct mood_score){ (enum mood)m, 1 - miss };
	}
	if (best.mood != MOOD_NEUTRAL) {
		best.strength += emphasis(norm);
		best.strength = best.strength > 1 ? 1 : best.strength;
	}
	return best;
}

bool match_signal(struct match_scratch *s, const struct pack *pack,
    enum signal signal, const struct norm *norm)
{
	const struct pattern_set *set = &pack->signals[signal];
	struct span span;
	for (size_t i = 0; i < set->n; i++)
		if (pattern_find(s, &set->patterns[i], norm->text, 0, &span) ==
		    1)
			return true;
	return false;
}

/* The bytes of the original that became these of the normal form. */
static struct str original_of(const struct norm *norm, struct span span)
{
	const struct norm_word *first =
	    &norm->words[match_word_at(norm, span.from)];
	const struct norm_word *last =
	    &norm->words[match_word_at(norm, span.to - 1)];
	uint32_t from = first->from, to = last->to;
	/* of a word that was not rewritten only what was matched: "48213's" */
	if (first->n == first->to - first->from)
		from += span.from - first->at;
	if (last->n == last->to - last->from)
		to -= last->at + last->n - span.to;
	return (struct str){ norm->original.p + from, to - from };
}

static struct str cut_out(struct str text, struct span span)
{
	return (struct str){ text.p + span.from, span.to - span.from };
}

/* Bytes between two spans. */
static uint32_t distance(struct span a, struct span b)
{
	return a.to <= b.from   ? b.from - a.to
	       : b.to <= a.from ? a.from - b.to
				: 0;
}

/* The first value that p finds, or the last, or the nearest. */
static bool find_value(struct match_scratch *s, const struct pattern *p,
    const struct norm *norm, const struct slot_ask *ask,
    struct match_value *value)
{
	enum { MOST = 8 };
	bool near = ask->near.to > ask->near.from && !p->exact_case;
	uint32_t nearest = UINT32_MAX;
	struct str text = p->exact_case ? norm->original : norm->text;
	struct span whole, span;
	size_t at = 0;
	bool found = false;
	int most = ask->last || near ? MOST : 1;
	for (int i = 0; i < most && at <= text.n; i++) {
		if (pattern_find(s, p, text, at, &whole) != 1)
			break;
		at = whole.to > whole.from ? whole.to : whole.to + 1u;
		if (!pattern_value(s, p, &span) || span.to <= span.from)
			continue;
		if (near && !ask->last && distance(span, ask->near) >= nearest)
			continue;
		nearest = near ? distance(span, ask->near) : 0;
		found = true;
		value->normal = cut_out(text, span);
		value->original =
		    p->exact_case ? value->normal : original_of(norm, span);
		value->whole = p->exact_case ? cut_out(text, whole)
					     : original_of(norm, whole);
	}
	return found;
}

/* Rows that one run of words names. */
struct rows_named {
	const char *const *v[TABLE_KIND_ROWS];
	size_t n;
};

/* The rows that a run of words names, with or without a clitic at its end
 * ("kaos polosnya"). */
static void find_named(const struct table *t, const struct lexicon *lex,
    struct str words, struct rows_named *rows)
{
	rows->n = table_find_all(t, words, rows->v, TABLE_KIND_ROWS);
	for (size_t i = 0; rows->n == 0 && i < lex->n_clitics; i++) {
		struct str c = lex->clitics[i];
		struct str root = { words.p, words.n - c.n };
		if (str_ends(words, c) && words.n > c.n)
			rows->n =
			    table_find_all(t, root, rows->v, TABLE_KIND_ROWS);
	}
}

/* The rows that words i..i+len name, in normal form or as they were written. */
static void rows_at(const struct slot_ask *ask, const struct norm *norm,
    size_t i, size_t len, struct rows_named *rows)
{
	enum { LEAST_BYTES = 3 };
	const struct norm_word *a = &norm->words[i];
	const struct norm_word *b = &norm->words[i + len - 1];
	struct str words = { norm->text.p + a->at, b->at + b->n - a->at };
	struct str said = { norm->original.p + a->from, b->to - a->from };
	rows->n = 0;
	if (words.n >= LEAST_BYTES)
		find_named(ask->from, ask->lexicon, words, rows);
	if (rows->n == 0 && said.n >= LEAST_BYTES)
		find_named(ask->from, ask->lexicon, said, rows);
}

enum { KEY_WORDS = 6 }; /* that a key has at most */

/* Do these words, of one entry of a list, stand from word i on, or, backwards,
 * end before it?  Returns how many they are, or 0. */
static size_t entry_at(
    const struct norm *norm, size_t i, const char *entry, bool backwards)
{
	size_t n = 1;
	for (const char *p = entry; *p != '\0'; p++)
		n += *p == ' ';
	if (backwards ? i < n : i + n > norm->n_words)
		return 0;
	size_t first = backwards ? i - n : i;
	const struct norm_word *a = &norm->words[first];
	const struct norm_word *b = &norm->words[first + n - 1];
	struct str said = { norm->text.p + a->at, b->at + b->n - a->at };
	return str_is(said, entry) ? n : 0;
}

/* Is the run of words that begins with word i behind some that lead elsewhere,
 * "from Bandung"? */
static bool leads_elsewhere(
    const struct slot *slot, const struct norm *norm, size_t i)
{
	if (norm->words[i].flags & NORM_BREAK)
		return false;
	for (size_t k = 0; k < slot->n_not_after; k++)
		if (entry_at(norm, i, slot->not_after[k], true) > 0)
			return true;
	return false;
}

/* Words beside i..i+len that make another thing of it, before or behind, with
 * no punctuation between. */
static bool is_other(const struct slot *slot, const struct norm *norm, size_t i,
    size_t len, size_t *before, size_t *behind)
{
	*before = *behind = 0;
	bool apart = norm->words[i].flags & NORM_BREAK;
	bool ends =
	    i + len < norm->n_words && norm->words[i + len].flags & NORM_BREAK;
	for (size_t k = 0; k < slot->n_other_with; k++) {
		const char *entry = slot->other_with[k];
		size_t n = apart ? 0 : entry_at(norm, i, entry, true);
		*before = n > *before ? n : *before;
		n = ends ? 0 : entry_at(norm, i + len, entry, false);
		*behind = n > *behind ? n : *behind;
	}
	return *before + *behind > 0;
}

/* "Kids' hoodie" is its own name, of which no row is. */
static void name_other(
    const struct slot *slot, const struct norm *norm, struct match_value *value)
{
	size_t before, behind;
	if (!is_other(
		slot, norm, value->word, value->n_words, &before, &behind))
		return;
	value->word -= before;
	value->n_words += before + behind;
	const struct norm_word *a = &norm->words[value->word];
	const struct norm_word *b = a + value->n_words - 1;
	value->normal = value->original =
	    (struct str){ norm->text.p + a->at, b->at + b->n - a->at };
}

/* The longest run of words that is a key of the table, of those that lead here
 * or, `elsewhere`, of the others. */
static bool find_run(const struct slot_ask *ask, const struct norm *norm,
    bool elsewhere, struct match_value *value)
{
	struct rows_named rows;
	size_t most = norm->n_words < KEY_WORDS ? norm->n_words : KEY_WORDS;
	for (size_t len = most; len > 0; len--)
		for (size_t i = 0; i + len <= norm->n_words; i++) {
			if (leads_elsewhere(ask->slot, norm, i) != elsewhere)
				continue;
			rows_at(ask, norm, i, len, &rows);
			if (rows.n == 0)
				continue;
			value->original = value->normal =
			    str_of(rows.v[0][ask->from->key]);
			value->word = i;
			value->n_words = len;
			name_other(ask->slot, norm, value);
			return true;
		}
	return false;
}

static bool find_row(const struct slot_ask *ask, const struct norm *norm,
    struct match_value *value)
{
	return find_run(ask, norm, false, value) ||
	       (ask->slot->n_not_after > 0 && find_run(ask, norm, true, value));
}

static bool is_listed(const struct match_row *rows, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(rows[i].key, key) == 0)
			return true;
	return false;
}

/* Of "from Bandung to Medan" Medan, unless that leaves nothing. */
static size_t leave_elsewhere(const struct slot *slot, const struct norm *norm,
    struct match_row *rows, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++)
		if (!leads_elsewhere(slot, norm, rows[i].word))
			rows[kept++] = rows[i];
	return kept > 0 ? kept : n;
}

size_t match_rows(const struct slot_ask *ask, const struct norm *norm,
    struct match_row *rows, size_t most, bool *others)
{
	size_t n = 0;
	*others = false;
	for (size_t i = 0, step; i < norm->n_words && n < most; i += step) {
		struct rows_named named = { .n = 0 };
		size_t left = norm->n_words - i;
		size_t len = left < KEY_WORDS ? left : KEY_WORDS;
		for (; len > 0 && named.n == 0; len--)
			rows_at(ask, norm, i, len, &named);
		len++; /* of the run that was found, or of one word */
		size_t before, behind;
		if (named.n > 0 &&
		    is_other(ask->slot, norm, i, len, &before, &behind)) {
			named.n = 0;
			*others = true;
		}
		for (size_t k = 0; k < named.n && n < most; k++) {
			const char *key = named.v[k][ask->from->key];
			if (!is_listed(rows, n, key))
				rows[n++] = (struct match_row){ key, i, len,
					named.n > 1 };
		}
		step = len;
	}
	return leave_elsewhere(ask->slot, norm, rows, n);
}

/* A mistyped name of a row becomes its key: "plmbang". */
static void name_nearest_row(const struct table *t, struct match_value *value)
{
	const char *const *row =
	    t != NULL ? table_near(t, value->normal) : NULL;
	if (row != NULL)
		value->original = value->normal = str_of(row[t->key]);
}

/* Is no value meant: "I don't have a credit card"? */
static bool is_ruled_out(
    struct match_scratch *s, const struct slot *slot, const struct norm *norm)
{
	struct span span;
	for (size_t i = 0; i < slot->unless.n; i++) {
		const struct pattern *p = &slot->unless.patterns[i];
		struct str text = p->exact_case ? norm->original : norm->text;
		if (pattern_find(s, p, text, 0, &span) != 0)
			return true;
	}
	return false;
}

bool match_slot(struct match_scratch *s, const struct slot_ask *ask,
    const struct norm *norm, struct match_value *value)
{
	const struct slot *slot = ask->slot;
	const struct table *t = ask->from;
	if (is_ruled_out(s, slot, norm))
		return false;
	if (t != NULL && find_row(ask, norm, value))
		return true;
	for (size_t i = 0; i < slot->n_patterns; i++)
		if (find_value(s, &slot->patterns[i], norm, ask, value)) {
			name_nearest_row(t, value);
			return true;
		}
	for (size_t i = 0; ask->asked && i < slot->bare.n; i++)
		if (find_value(s, &slot->bare.patterns[i], norm, ask, value))
			return true;
	return false;
}
