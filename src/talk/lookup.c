/* Answering with a row of one of the shop's tables. */
#include "talk/say.h"

static const char *slot_value(const struct conversation *c, const char *name)
{
	for (int i = 0; i < c->n_slots; i++)
		if (strcmp(c->slots[i].name, name) == 0)
			return c->slots[i].value;
	return NULL;
}

bool say_lookup(struct saying *s, const struct lookup *l, struct buf *out)
{
	if (l == NULL)
		return false;
	const struct table *table = ruleset_table(s->view->rs, l->table);
	const char *key = slot_value(s->c, l->slot);
	if (table == NULL || key == NULL)
		return false;
	s->table = table;
	s->row = table_find(table, str_of(key));
	bool said = say_one(s, s->row != NULL ? &l->found : &l->missing, out);
	s->row = NULL;
	return said;
}
