#ifndef HG_TALK_SAY_H
#define HG_TALK_SAY_H

#include "talk/talk.h"

struct named_rows;

/* Choosing and filling in wordings. */
struct saying {
	struct conversation *c;
	const struct pack *pack;
	const struct talk_view *view;
	/* extra placeholders of this step, NULL when they have no value */
	const char *first, *second, *agent, *value;
	bool refers_back; /* the message speaks of "it" */
	bool goes_on; /* it goes on with what was asked, of the same goods */
	const struct named_rows *named; /* by the message, of one table */
	struct reply *reply;       /* notes where its parts begin, or NULL */
	const struct table *table; /* and the row found in it, or NULL */
	const char *const *row;
	/* of that row so many are wanted, by this slot, for this price; NULL */
	const char *counted, *total;
	int times;
	/* of a parcel: what the goods and the shipping cost, and its kilos */
	const char *goods, *shipping;
	int kilos;
	const struct lookup *told; /* its rows were told of in this reply */
	const struct parcel
	    *parcel; /* that was told of in this reply, or NULL */
	const struct variant *said; /* by say_one, the last; or NULL */
};

/* Append one of the wordings to out, after a space if out holds text; never
 * the same twice before all were used.  False when w is NULL or no wording has
 * all its placeholders. */
bool say_one(struct saying *s, const struct wordings *w, struct buf *out);
/* The same by phrase key. */
bool say_phrase(struct saying *s, const char *key, struct buf *out);
/* Is one of the wordings meant for just such rows as s->row? */
bool say_is_special(const struct saying *s, const struct wordings *w);
/* The first wording that can be said, without remembering it; false: none. */
bool say_first(struct saying *s, const struct wordings *w, struct buf *out);
/* Fixed texts: the first wording of a phrase. */
void say_fixed(struct saying *s, const char *key, struct buf *out);
/* The words for the row of a table that the slot of the intent's look-up names,
 * or that there is no such row; an enquiry tells of each row named.  False when
 * it looks nothing up, the slot has no value or the shop no such table: then
 * the intent's usual reply is in place. */
bool say_lookup(struct saying *s, const struct intent *intent, struct buf *out);
/* The value of a slot, as far as this message speaks of it; or NULL. */
const char *current_value(const struct saying *s, const char *name);
/* What the pack calls a slot. */
const char *say_slot_title(
    const struct pack *pack, const struct slot_value *slot);
/* A line about who will come and when. */
void say_queue(struct saying *s, struct buf *out);

#endif
