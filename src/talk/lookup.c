/* Answering with a row of one of the shop's tables: in words, and as a card for
 * pages.  Who pays for a sponsored row is said in both. */
#include "talk/inner.h"

static const char *cell(const struct saying *s, const char *column)
{
	int c = column != NULL ? table_column(s->table, str_of(column)) : -1;
	return c >= 0 && s->row != NULL ? s->row[c] : "";
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
	const struct slot *slot = pack_slot(s->pack, name);
	const struct slot_value *v = conversation_slot(s->c, str_of(name));
	if (v == NULL)
		return NULL;
	int age = s->c->turn - v->turn;
	bool refers = s->refers_back || (s->goes_on && slot != NULL &&
					    names_goods(s->pack, slot));
	/* an order stays the customer's; a city or a product is asked about
	 * anew, perhaps with a name that no table knows */
	bool current = slot == NULL || slot->from == NULL || age == 0 ||
		       (refers && age <= FRESH);
	return current ? v->value : NULL;
}

enum { TOTAL_BYTES = 64 };

/* What the row's price makes times so many, and added to *sum, or -1 there when
 * it cannot be told.  False: nothing to tell of one. */
static bool find_total(
    const struct saying *s, const struct lookup *l, char *total, int64_t *sum)
{
	static const int64_t MOST = INT64_MAX / VALUE_MOST / (NAMED_ROWS + 1);
	int64_t price = value_hundredths(str_of(cell(s, l->total_column)));
	if (price < 0 || price > MOST) {
		*sum = -1;
		return false;
	}
	int times = s->times > 0 ? s->times : 1;
	*sum = *sum < 0 ? *sum : *sum + price * times;
	return times > 1 && value_write_like(str_of(cell(s, l->total_column)),
				price * times, total, TOTAL_BYTES);
}

/* The row of that key, of which so many are wanted (0: nothing said), or that
 * there is none. */
static bool say_row(struct saying *s, const struct lookup *l, const char *key,
    int times, int64_t *sum, struct buf *out)
{
	char total[TOTAL_BYTES];
	bool several = sum != NULL;
	int64_t alone = 0;
	s->row = table_find(s->table, str_of(key));
	s->times = times;
	s->counted = l->total_slot;
	if (s->row != NULL && l->total_slot != NULL &&
	    find_total(s, l, total, several ? sum : &alone))
		s->total = total;
	bool said = s->row == NULL ? say_one(s, &l->missing, out)
				   : (several && say_one(s, &l->each, out)) ||
					 say_one(s, &l->found, out);
	const struct variant *wording = s->said;
	if (said && s->row != NULL) {
		const char *sponsor = cell(s, "sponsor");
		if (*sponsor != '\0')
			say_sponsor(s, sponsor, out);
		if (!wording->no_card)
			add_card(s, l);
		s->told = l;
	}
	if (several && s->row == NULL)
		*sum = -1;
	s->row = NULL;
	s->counted = s->total = NULL;
	return said;
}

/* Each of the rows, and what they cost together. */
static bool say_rows(struct saying *s, const struct lookup *l, struct buf *out)
{
	const struct named_rows *named = s->named;
	char total[TOTAL_BYTES];
	const char *like = "";
	int64_t sum = 0;
	bool said = false;
	for (size_t i = 0; i < named->n; i++) {
		const char *const *row =
		    table_find(s->table, str_of(named->keys[i]));
		said =
		    say_row(s, l, named->keys[i], named->times[i], &sum, out) ||
		    said;
		s->row = row;
		like = row != NULL ? cell(s, l->total_column) : like;
		s->row = NULL;
	}
	if (said && l->total_slot != NULL && !named->open &&
	    value_write_like(str_of(like), sum, total, sizeof(total))) {
		s->total = total;
		(void)say_one(s, &l->sum, out);
		s->total = NULL;
	}
	return said;
}

/* How many the message wants of the row it speaks of, or 0. */
static int named_count(const struct saying *s, const struct lookup *l)
{
	const struct named_rows *named = s->named;
	const char *key = current_value(s, l->slot);
	if (named->n == 1 && strcmp(named->slot, l->slot) == 0 && key != NULL &&
	    strcmp(named->keys[0], key) == 0 && named->times[0] > 0)
		return named->times[0];
	const char *count = l->total_slot != NULL ? conversation_named_now(s->c,
							str_of(l->total_slot))
						  : NULL;
	return count != NULL ? value_count(str_of(count)) : 0;
}

/* What goods cost, in hundredths, and weigh, in grams; and a price of theirs.
 */
struct load {
	int64_t cost, grams;
	const char *like;
};

/* So many of one row of the goods' table more; false when it cannot be told, or
 * when there is more to say of it that was not said: sold out, not in that
 * size, sponsored. */
static bool load_row(const struct saying *s, const struct parcel *p,
    const struct lookup *l, int times, struct load *load)
{
	static const int64_t WHOLE = 100, MOST = INT64_MAX / VALUE_MOST / 8;
	const char *price = s->row != NULL ? cell(s, l->total_column) : "";
	int64_t each = value_hundredths(str_of(price));
	int64_t grams = value_hundredths(str_of(cell(s, p->grams))) / WHOLE;
	bool plain = s->told == l || (*cell(s, "sponsor") == '\0' &&
					 !say_is_special(s, &l->found));
	if (each < 0 || grams <= 0 || each > MOST || grams > MOST || !plain)
		return false;
	load->cost += each * times;
	load->grams += grams * times;
	load->like = price;
	return true;
}

/* The goods that the message names; false when it names none or not all can be
 * told. */
static bool load_goods(
    const struct saying *s, const struct parcel *p, struct load *load)
{
	const struct intent *intent = pack_intent(s->pack, p->goods);
	const struct lookup *l = intent != NULL ? intent->lookup : NULL;
	const struct named_rows *named = s->named;
	struct saying goods = *s;
	*load = (struct load){ .cost = 0 };
	if (l == NULL || l->total_column == NULL || named->n == 0 ||
	    named->open || strcmp(named->slot, l->slot) != 0)
		return false;
	goods.table = ruleset_table(s->view->rs, l->table);
	goods.counted = l->total_slot;
	for (size_t i = 0; i < named->n && goods.table != NULL; i++) {
		int times = named->times[i] > 0 ? named->times[i]
			    : named->n == 1     ? named_count(s, l)
						: 0;
		times = times > 0 ? times : 1;
		goods.row = table_find(goods.table, str_of(named->keys[i]));
		goods.times = times;
		if (!load_row(&goods, p, l, times, load))
			return false;
	}
	return goods.table != NULL;
}

/* Goods and their shipping to the row of that key, which costs so much a kilo;
 * false when the message does not name both, or names the kilos itself. */
static bool say_parcel(
    struct saying *s, const struct lookup *l, const char *key, struct buf *out)
{
	enum { KILO = 1000, MOST_KILOS = 1000 };
	const struct parcel *p = l->parcel;
	struct load load;
	if (p == NULL || l->total_column == NULL || named_count(s, l) > 0 ||
	    !load_goods(s, p, &load))
		return false;
	s->row = table_find(s->table, str_of(key));
	const char *rate = s->row != NULL ? cell(s, l->total_column) : "";
	int64_t kilo = value_hundredths(str_of(rate));
	int64_t kilos = (load.grams + KILO - 1) / KILO;
	struct str like = str_of(load.like);
	int64_t from = value_hundredths(str_of(cell(s, p->free_from)));
	bool is_free = s->row != NULL && from >= 0 && load.cost >= from;
	char goods[TOTAL_BYTES], shipping[TOTAL_BYTES], total[TOTAL_BYTES];
	bool said = false;
	if (kilo >= 0 && kilos <= MOST_KILOS &&
	    kilo < INT64_MAX / MOST_KILOS / 2 &&
	    value_write_like(like, load.cost, goods, sizeof(goods)) &&
	    value_write_like(like, kilo * kilos, shipping, sizeof(shipping)) &&
	    value_write_like(like, load.cost + (is_free ? 0 : kilo * kilos),
		total, sizeof(total))) {
		s->goods = goods;
		s->shipping = shipping;
		s->total = total;
		s->kilos = (int)kilos;
		said = say_one(s, is_free ? &p->free : &p->say, out);
	}
	s->row = NULL;
	s->goods = s->shipping = s->total = NULL;
	s->kilos = 0;
	s->parcel = said ? p : s->parcel;
	return said;
}

bool say_lookup(struct saying *s, const struct intent *intent, struct buf *out)
{
	const struct lookup *l = intent->lookup;
	if (l == NULL)
		return false;
	s->table = ruleset_table(s->view->rs, l->table);
	const char *key = current_value(s, l->slot);
	if (s->table == NULL || key == NULL)
		return false;
	if (intent->enquiry && s->named->n > 1 &&
	    strcmp(s->named->slot, l->slot) == 0)
		return say_rows(s, l, out);
	return say_parcel(s, l, key, out) ||
	       say_row(s, l, key, named_count(s, l), NULL, out);
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
