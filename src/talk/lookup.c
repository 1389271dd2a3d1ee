/* Answering with a row of one of the shop's tables: in words, and as a card for
 * pages.  Who pays for a sponsored row is said in both. */
#include "talk/inner.h"

#include <string.h>

static const char *cell(const struct saying *s, const char *column)
{
	int c = column != NULL ? table_column(s->table, str_of(column)) : -1;
	return c >= 0 ? s->row[c] : "";
}

static void say_sponsor(struct saying *s, const char *sponsor, struct buf *out)
{
	const char *value = s->value;
	s->value = sponsor;
	/* a pack that forgot its words does not hide it */
	if (!say_phrase(s, "sponsor_label", out))
		buf_addf(out, " [sponsor: %s]", sponsor);
	s->value = value;
}

static void add_card(struct saying *s, const struct lookup *l)
{
	struct reply *r = s->reply;
	if (l->card[CARD_TITLE] == NULL || r == NULL ||
	    r->n_cards == REPLY_CARDS)
		return;
	struct card *card = &r->cards[r->n_cards++];
	for (int k = 0; k < CARD_SPONSOR; k++)
		buf_addz(&card->fields[k], cell(s, l->card[k]));
	buf_addz(&card->fields[CARD_SPONSOR], cell(s, "sponsor"));
}

const char *current_value(const struct saying *s, const char *name)
{
	enum { FRESH = 3 }; /* turns in which "it" is what was spoken of */
	const struct conversation *c = s->c;
	const struct slot *slot = pack_slot(s->pack, name);
	for (int i = 0; i < c->n_slots; i++) {
		const struct slot_value *v = &c->slots[i];
		int age = c->turn - v->turn;
		if (strcmp(v->name, name) != 0)
			continue;
		bool refers = s->refers_back || (s->goes_on && slot != NULL &&
						    names_goods(s->pack, slot));
		/* an order stays the customer's; a city or a product is asked
		 * about anew, perhaps with a name that no table knows */
		bool current = slot == NULL || slot->from == NULL || age == 0 ||
			       (refers && age <= FRESH);
		return current ? v->value : NULL;
	}
	return NULL;
}

/* The row of that key, or that there is none. */
static bool say_row(struct saying *s, const struct lookup *l, const char *key,
    bool several, struct buf *out)
{
	s->row = table_find(s->table, str_of(key));
	bool said = s->row == NULL ? say_one(s, &l->missing, out)
				   : (several && say_one(s, &l->each, out)) ||
					 say_one(s, &l->found, out);
	if (said && s->row != NULL) {
		const char *sponsor = cell(s, "sponsor");
		if (*sponsor != '\0')
			say_sponsor(s, sponsor, out);
		add_card(s, l);
	}
	s->row = NULL;
	return said;
}

bool say_lookup(struct saying *s, const struct lookup *l, struct buf *out)
{
	if (l == NULL)
		return false;
	s->table = ruleset_table(s->view->rs, l->table);
	const char *key = current_value(s, l->slot);
	if (s->table == NULL || key == NULL)
		return false;
	const struct named_rows *named = s->named;
	if (named == NULL || named->n < 2 || strcmp(named->slot, l->slot) != 0)
		return say_row(s, l, key, false, out);
	bool said = false;
	for (size_t i = 0; i < named->n; i++)
		said = say_row(s, l, named->keys[i], true, out) || said;
	return said;
}

bool may_look_up(const struct stepping *s, const struct intent *intent)
{
	return intent->lookup == NULL ||
	       ruleset_table(s->view->rs, intent->lookup->table) != NULL;
}

bool has_looked_up(const struct stepping *s, const struct intent *intent)
{
	const struct lookup *l = intent->lookup;
	return l != NULL && may_look_up(s, intent) &&
	       current_value(&s->say, l->slot) != NULL;
}
