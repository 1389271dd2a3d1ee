#ifndef HG_TALK_WHY_H
#define HG_TALK_WHY_H

#include "talk/talk.h"

enum { READ_FURTHER = 3, NAMED_ROWS = 3 };

/* The rows of one table that a message names. */
struct named_rows {
	const char *slot;
	const char *keys[NAMED_ROWS];
	int times[NAMED_ROWS]; /* how many of each are wanted; 0: not said */
	size_t words;          /* of the message that name them */
	/* there is more than these, or which of them is meant is open ("bags"):
	 * what they cost together is not what is wanted */
	bool open;
	size_t n;
};

/* What a part of a message asks by itself. */
struct further {
	const struct intent *intent;
	double confidence;
	bool before; /* asked before what the message as a whole says */
	/* the slot and the value of the case that the part names; NULL: none */
	const char *slot;
	char value[LIMIT_SLOT_BYTES];
};

/* All that a decision was made from. */
struct reading {
	const struct pack *pack;
	struct norm norm;
	/* the same before the number of a case was read as "my order"; or NULL
	 */
	const struct norm *numbered;
	struct mood_score mood;
	struct candidate danger; /* by words too, or no intent */
	bool by_patterns;        /* the candidates are by patterns alone */
	struct candidate candidates[MATCH_CANDIDATES];
	size_t n;
	const struct candidate *vetoed; /* behind the candidates */
	size_t n_vetoed;
	const struct candidate *also;         /* a second request, or NULL */
	struct further further[READ_FURTHER]; /* requests of its parts */
	size_t n_further;
	struct named_rows named; /* of one table */
	bool mixed;              /* words of another pack's language too */
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
