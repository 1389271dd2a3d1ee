#ifndef HG_TALK_WHY_H
#define HG_TALK_WHY_H

#include "talk/talk.h"

/* All that a decision was made from. */
struct reading {
	const struct pack *pack;
	struct norm norm;
	struct mood_score mood;
	struct candidate danger; /* by words too, or no intent */
	bool by_patterns;        /* the candidates are by patterns alone */
	struct candidate candidates[MATCH_CANDIDATES];
	size_t n;
	const struct candidate *vetoed; /* behind the candidates */
	size_t n_vetoed;
	const struct candidate *also; /* a second request, or NULL */
	bool mixed;                   /* words of another pack's language too */
	/* a stretch in another language as its pack reads it, the one that is
	 * most of danger; or NULL */
	const struct reading *elsewhere;
	const char *caught; /* name of the slot found in it, or NULL */
	bool changed;       /* it had another value before */
	bool identifies;    /* it names a case, such as an order */
	bool contact;       /* it is a way to reach the customer */
};

/* Append, as JSON, how a message was read and what was decided, by which
 * stage of the pipeline. */
void why_write(
    const struct reading *r, const struct reply *reply, struct buf *out);

#endif
