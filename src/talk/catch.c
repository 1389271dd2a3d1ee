/* The values a message names: numbers, cities, goods; what is known of them,
 * and the message without them. */
#include "base/mem.h"
#include "talk/read.h"

bool talk_know(struct conversation *c, struct str name, struct str value)
{
	int i = 0;
	bool changed = false;
	while (i < c->n_slots && !str_is(name, c->slots[i].name))
		i++;
	if (i == TALK_SLOTS) {
		memmove(c->slots, c->slots + 1,
		    (TALK_SLOTS - 1) * sizeof(c->slots[0]));
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
		struct match_value v = { .n_words = 0 };
		char value[LIMIT_SLOT_BYTES];
		if (!match_slot(view->scratch, &ask, &r->norm, &v) ||
		    !value_write(slot->form, &slot->words, v.original, v.normal,
			today, value, sizeof(value)))
			continue;
		bool changed = talk_know(c, str_of(slot->name), str_of(value));
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
	for (size_t i = 0; slot->from != NULL && i < pack->n_intents; i++)
		if (intent_shows(&pack->intents[i], slot->name))
			return true;
	return false;
}

bool leave_out_goods(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct norm *rest)
{
	const struct pack *pack = r->pack;
	for (size_t i = 0; i < pack->n_slots; i++) {
		const struct slot *slot = &pack->slots[i];
		struct match_value v = { .n_words = 0 };
		if (!names_goods(pack, slot))
			continue;
		struct slot_ask ask = { .slot = slot,
			.from = ruleset_table(view->rs, slot->from),
			.lexicon = &pack->lexicon };
		if (!match_slot(view->scratch, &ask, &r->norm, &v) ||
		    v.n_words == 0)
			continue;
		const struct norm_word *words = r->norm.words;
		size_t before = v.word, after = v.word + v.n_words;
		*rest = r->norm;
		rest->n_words -= v.n_words;
		rest->words =
		    arena_alloc(a, r->norm.n_words * sizeof(*rest->words));
		memcpy(rest->words, words, before * sizeof(*words));
		memcpy(rest->words + before, words + after,
		    (r->norm.n_words - after) * sizeof(*words));
		return true;
	}
	return false;
}

bool name_case(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct str *text)
{
	for (size_t i = 0; i < r->pack->n_slots; i++) {
		const struct slot *slot = &r->pack->slots[i];
		struct match_value v = { .n_words = 0 };
		struct slot_ask ask = { .slot = slot,
			.lexicon = &r->pack->lexicon };
		if (slot->reads_as == NULL ||
		    !match_slot(view->scratch, &ask, &r->norm, &v) ||
		    v.whole.n == 0 || v.whole.n == r->norm.original.n)
			continue;
		struct str whole = r->norm.original;
		const char *after = v.whole.p + v.whole.n;
		struct buf b = { 0 };
		buf_add(&b, whole.p, (size_t)(v.whole.p - whole.p));
		buf_addz(&b, slot->reads_as);
		buf_add(&b, after, (size_t)(whole.p + whole.n - after));
		*text = (struct str){ arena_strdup(a, buf_str(&b)), b.n };
		buf_clear(&b);
		return true;
	}
	return false;
}
