/* Answering with a row of one of the shop's tables. */
#include "talk/inner.h"

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
