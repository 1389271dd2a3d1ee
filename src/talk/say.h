#ifndef HG_TALK_SAY_H
#define HG_TALK_SAY_H

#include "talk/talk.h"

/* Choosing and filling in wordings. */
struct saying {
	struct conversation *c;
	const struct pack *pack;
	const struct talk_view *view;
	/* extra placeholders of this step, NULL when they have no value */
	const char *first, *second, *agent, *value;
};

/* Append one of the wordings to out, after a space if out holds text; never
 * the same twice before all were used.  False when w is NULL or no wording has
 * all its placeholders. */
bool say_one(struct saying *s, const struct wordings *w, struct buf *out);
/* The same by phrase key. */
bool say_phrase(struct saying *s, const char *key, struct buf *out);
/* Fixed texts: the first wording, without remembering it. */
void say_fixed(struct saying *s, const char *key, struct buf *out);
/* A line about who will come and when. */
void say_queue(struct saying *s, struct buf *out);

#endif
