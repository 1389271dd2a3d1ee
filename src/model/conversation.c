/* What is known of a conversation's customer. */
#include "model/conversation.h"

const struct slot_value *conversation_slot(
    const struct conversation *c, struct str name)
{
	for (int i = 0; i < c->n_slots; i++)
		if (str_is(name, c->slots[i].name))
			return &c->slots[i];
	return NULL;
}

const char *conversation_value(const struct conversation *c, struct str name)
{
	const struct slot_value *slot = conversation_slot(c, name);
	return slot != NULL ? slot->value : NULL;
}

const char *conversation_named_now(
    const struct conversation *c, struct str name)
{
	const struct slot_value *slot = conversation_slot(c, name);
	return slot != NULL && slot->turn == c->turn ? slot->value : NULL;
}
