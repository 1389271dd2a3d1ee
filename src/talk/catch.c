/* The values a message names: numbers, cities, goods; what is known of them,
 * and the message without them. */
#include "base/mem.h"
#include "rules/veto.h"
#include "talk/read.h"

bool talk_know(struct conversation *c, struct str name, struct str value)
{
	int i = 0;
	bool changed = false;
	while (i < c->n_slots && !str_is(name, c->slots[i].name))
		i++;
	if (i == TALK_SLOTS) {
		int old = 0; /* the first that is not of this message */
		while (old < TALK_SLOTS - 1 && c->slots[old].turn == c->turn)
			old++;
		memmove(c->slots + old, c->slots + old + 1,
		    (size_t)(TALK_SLOTS - 1 - old) * sizeof(c->slots[0]));
		i--;
	} else if (i == c->n_slots) {
		c->n_slots++;
	} else {
		changed = !str_is(value, c->slots[i].value);
		if (changed)
			c->other = c->slots[i];
	}
	FIELD_SET(c->slots[i].name, name.p, name.n);
	FIELD_SET(c->slots[i].value, value.p, value.n);
	c->slots[i].turn = c->turn;
	return changed;
}

/* How much a value says of what the message is about: the one asked for, one
 * that names a case, another. */
static int weight_of(const struct conversation *c, const struct slot *slot)
{
	return strcmp(slot->name, c->form.slot) == 0 ? 3
	       : slot->identifies                    ? 2
						     : 1;
}

/* The slot that tells how many are wanted of what this slot names, or NULL. */
static const struct slot *counts_of(
    const struct pack *pack, const struct slot *slot)
{
	for (size_t i = 0; i < pack->n_intents; i++) {
		const struct lookup *l = pack->intents[i].lookup;
		if (l != NULL && l->total_slot != NULL &&
		    strcmp(l->slot, slot->name) == 0)
			return pack_slot(pack, l->total_slot);
	}
	return NULL;
}

/* How many words from..to say, up to the last of them or, `first`, from the
 * first on; 0 when that is no number. */
static int count_in(const struct talk_view *view, const struct reading *r,
    const struct slot *count, size_t from, size_t to, bool first)
{
	struct arena a = { 0 };
	struct norm part;
	struct match_value v = { .n_words = 0 };
	struct slot_ask ask = { .slot = count,
		.asked = true,
		.last = !first,
		.lexicon = &r->pack->lexicon };
	char value[LIMIT_SLOT_BYTES] = "";
	if (from >= to)
		return 0;
	norm_part(&part, &a, &r->norm, from, to);
	if (match_slot(view->scratch, &ask, &part, &v) &&
	    (first ? v.whole.p == part.original.p + part.words[0].from
		   : v.whole.p + v.whole.n ==
			 part.original.p + part.words[part.n_words - 1].to))
		(void)value_write(count->form, &count->words, v.original,
		    v.normal, 0, value, sizeof(value)); /* else "" */
	arena_clear(&a);
	return value_count(str_of(value));
}

/* Is the number something else, such as a size? */
static bool is_taken(const struct conversation *c, const struct pack *pack,
    const struct slot *count, int times)
{
	for (int i = 0; i < c->n_slots; i++) {
		const struct slot *slot = pack_slot(pack, c->slots[i].name);
		if (slot == NULL || slot == count || !slot->detail ||
		    c->slots[i].turn != c->turn)
			continue;
		if (times > 0 &&
		    value_count(str_of(c->slots[i].value)) == times)
			return true;
	}
	return false;
}

/* The first row behind the words that name row i, or n. */
static size_t row_behind(const struct match_row *rows, size_t n, size_t i)
{
	size_t k = i + 1;
	while (k < n && rows[k].word == rows[i].word)
		k++;
	return k;
}

/* How many of each row are wanted: "two mugs and a hoodie" says it before,
 * "mugs 2, hoodie 1" behind.  A number between two belongs to the second,
 * unless one stands behind the last and none before the first. */
static void count_rows(struct conversation *c, const struct talk_view *view,
    struct reading *r, const struct slot *count, const struct match_row *rows)
{
	struct named_rows *named = &r->named;
	size_t n = named->n, begin = 0, k;
	size_t last = rows[n - 1].word + rows[n - 1].n_words;
	bool behind = count_in(view, r, count, 0, rows[0].word, false) == 0 &&
		      count_in(view, r, count, last, r->norm.n_words, true) > 0;
	for (size_t i = 0; i < n; i = k) {
		k = row_behind(rows, n, i);
		size_t end = rows[i].word + rows[i].n_words;
		size_t next = k < n ? rows[k].word : r->norm.n_words;
		bool next_has = k < n && !behind &&
				count_in(view, r, count, end, next, false) > 0;
		int times = behind ? 0
				   : count_in(view, r, count, begin,
					 rows[i].word, false);
		if (times == 0 && !next_has)
			times = count_in(view, r, count, end, next, true);
		times = is_taken(c, r->pack, count, times) ? 0 : times;
		for (size_t same = i; same < k; same++)
			named->times[same] = times;
		begin = end;
	}
}

/* May a row of this slot take the place of the one that is named so far?  Goods
 * keep it. */
static bool may_replace(const struct pack *pack, const struct named_rows *named,
    const struct slot *slot)
{
	const struct slot *old =
	    named->n > 0 ? pack_slot(pack, named->slot) : NULL;
	return old == NULL || names_goods(pack, slot) ||
	       !names_goods(pack, old);
}

/* The rows that are named of one table: the first with two or more, else one
 * that may be wanted more than once, goods before others. */
static void name_rows(struct conversation *c, const struct talk_view *view,
    struct reading *r, const struct slot *slot)
{
	struct named_rows *named = &r->named;
	struct match_row rows[NAMED_ROWS + 1];
	bool others;
	struct slot_ask ask = { .slot = slot,
		.from = ruleset_table(view->rs, slot->from),
		.lexicon = &r->pack->lexicon };
	if (named->n > 1 || ask.from == NULL)
		return;
	size_t n = match_rows(&ask, &r->norm, rows, NAMED_ROWS + 1, &others);
	const struct slot *count = counts_of(r->pack, slot);
	if (n == 0 ||
	    (n == 1 && (count == NULL || !may_replace(r->pack, named, slot))))
		return;
	*named = (struct named_rows){ .slot = slot->name,
		.n = n < NAMED_ROWS ? n : NAMED_ROWS,
		.open = others || n > NAMED_ROWS };
	for (size_t i = 0; i < named->n; i++) {
		bool anew = i == 0 || rows[i].word != rows[i - 1].word;
		named->keys[i] = rows[i].key;
		named->words += anew ? rows[i].n_words : 0;
		named->open = named->open || rows[i].by_kind;
	}
	if (count != NULL)
		count_rows(c, view, r, count, rows);
}

/* When all values are known: of a size nothing is wanted that many times. */
static void name_all_rows(
    struct conversation *c, const struct talk_view *view, struct reading *r)
{
	for (size_t i = 0; i < r->pack->n_slots; i++) {
		const struct slot *slot = &r->pack->slots[i];
		if (slot->from != NULL &&
		    conversation_named_now(c, str_of(slot->name)) != NULL)
			name_rows(c, view, r, slot);
	}
}

void catch_slots(
    struct conversation *c, const struct talk_view *view, struct reading *r)
{
	int best = 0;
	size_t best_words = 0;
	bool corrects =
	    match_signal(view->scratch, r->pack, SIGNAL_CORRECT, &r->norm);
	int64_t today = calendar_today(&r->pack->calendar, view->now_ms);
	for (size_t i = 0; i < r->pack->n_slots; i++) {
		const struct slot *slot = &r->pack->slots[i];
		struct slot_ask ask = { .slot = slot,
			.asked = strcmp(slot->name, c->form.slot) == 0,
			.last = corrects,
			.lexicon = &r->pack->lexicon };
		if (slot->from != NULL)
			ask.from = ruleset_table(view->rs, slot->from);
		if (slot->identifies && r->n > 0 &&
		    r->candidates[0].n_evidence > 0)
			ask.near = veto_strongest(&r->candidates[0])->span;
		struct match_value v = { .n_words = 0 };
		char value[LIMIT_SLOT_BYTES];
		if (!match_slot(view->scratch, &ask, &r->norm, &v) ||
		    !value_write(slot->form, &slot->words, v.original, v.normal,
			today, value, sizeof(value)))
			continue;
		struct slot_value other = c->other;
		bool changed = talk_know(c, str_of(slot->name), str_of(value));
		if (slot->detail) {
			c->other = other; /* the other one is no detail */
			continue;
		}
		int weight = weight_of(c, slot);
		bool longer = best_words > 0 && v.n_words > best_words;
		if (weight < best || (weight == best && !longer))
			continue;
		best = weight;
		best_words = v.n_words;
		r->changed = changed;
		r->caught = slot->name;
		r->identifies = slot->identifies;
		r->contact = slot->contact;
	}
	if (!corrects)
		name_all_rows(c, view, r);
}

void set_case_aside(struct conversation *c, const struct pack *pack)
{
	for (int i = c->n_slots - 1; i >= 0; i--) {
		const struct slot *slot = pack_slot(pack, c->slots[i].name);
		if (slot == NULL || !slot->identifies)
			continue;
		c->other = c->slots[i];
		memmove(&c->slots[i], &c->slots[i + 1],
		    (size_t)(c->n_slots - i - 1) * sizeof(c->slots[0]));
		c->n_slots--;
	}
}

bool names_goods(const struct pack *pack, const struct slot *slot)
{
	return slot->from != NULL && intent_showing(pack, slot->name) != NULL;
}

void mark_words(struct match_scratch *scratch, const struct pattern_set *set,
    const struct norm *norm, unsigned char *marks)
{
	for (size_t i = 0; i < set->n; i++) {
		struct span span = { 0, 0 };
		size_t at = 0;
		while (at < norm->text.n &&
		       pattern_find(scratch, &set->patterns[i], norm->text, at,
			   &span) == 1) {
			for (size_t w = 0; w < norm->n_words; w++)
				if (norm->words[w].at < span.to &&
				    norm->words[w].at + norm->words[w].n >
					span.from)
					marks[w] = 1;
			at = span.to > at ? span.to : at + 1;
		}
	}
}

/* In a story the same word is more than goods: "made me take off my jacket". */
static void mark_goods(
    const struct talk_view *view, const struct reading *r, unsigned char *marks)
{
	enum { WORDS = 8 };
	if (r->norm.n_words > WORDS)
		return;
	for (size_t i = 0; i < r->pack->n_slots; i++) {
		const struct slot *slot = &r->pack->slots[i];
		struct match_value v = { .n_words = 0 };
		if (!names_goods(r->pack, slot))
			continue;
		struct slot_ask ask = { .slot = slot,
			.from = ruleset_table(view->rs, slot->from),
			.lexicon = &r->pack->lexicon };
		if (match_slot(view->scratch, &ask, &r->norm, &v))
			memset(marks + v.word, 1, v.n_words);
	}
}

/* The message without the words marked; false when none is. */
static bool leave_out(const struct norm *norm, const unsigned char *marks,
    struct arena *a, struct norm *rest)
{
	*rest = *norm;
	rest->n_words = 0;
	rest->words =
	    arena_alloc(a, (norm->n_words + 1) * sizeof(*rest->words));
	for (size_t i = 0; i < norm->n_words; i++)
		if (!marks[i])
			rest->words[rest->n_words++] = norm->words[i];
	return rest->n_words < norm->n_words;
}

bool leave_out_goods(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct norm *rest)
{
	unsigned char *marks = arena_alloc(a, r->norm.n_words + 1);
	memset(marks, 0, r->norm.n_words + 1);
	mark_goods(view, r, marks);
	return leave_out(&r->norm, marks, a, rest);
}

bool leave_out_harmless(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct norm *rest)
{
	unsigned char *marks = arena_alloc(a, r->norm.n_words + 1);
	memset(marks, 0, r->norm.n_words + 1);
	mark_words(view->scratch, &r->pack->harmless, &r->norm, marks);
	if (!leave_out(&r->norm, marks, a, rest))
		return false;
	mark_goods(view, r, marks);
	return leave_out(&r->norm, marks, a, rest);
}

const char *name_case(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct str *text, char *value, size_t size)
{
	for (size_t i = 0; i < r->pack->n_slots; i++) {
		const struct slot *slot = &r->pack->slots[i];
		struct match_value v = { .n_words = 0 };
		struct slot_ask ask = { .slot = slot,
			.lexicon = &r->pack->lexicon };
		if (slot->reads_as == NULL ||
		    !match_slot(view->scratch, &ask, &r->norm, &v) ||
		    v.whole.n == 0 || v.whole.n == r->norm.original.n ||
		    !value_write(slot->form, &slot->words, v.original, v.normal,
			0, value, size))
			continue;
		struct str whole = r->norm.original;
		const char *after = v.whole.p + v.whole.n;
		struct buf b = { 0 };
		buf_add(&b, whole.p, (size_t)(v.whole.p - whole.p));
		buf_addz(&b, slot->reads_as);
		buf_add(&b, after, (size_t)(whole.p + whole.n - after));
		*text = (struct str){ arena_strdup(a, buf_str(&b)), b.n };
		buf_clear(&b);
		return slot->name;
	}
	return NULL;
}
