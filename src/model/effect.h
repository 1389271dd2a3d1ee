#ifndef HG_MODEL_EFFECT_H
#define HG_MODEL_EFFECT_H

#include "base/buf.h"
#include "model/conversation.h"

enum decision { DECISION_ANSWER, DECISION_CLARIFY, DECISION_UNSURE };
const char *decision_name(enum decision d);

/* Why a ticket is opened. */
enum reason {
	REASON_UNSURE, /* not understood twice */
	REASON_WISH,   /* the customer asked for a person */
	REASON_ANGER,  /* angry, and the bot is not helping enough */
	REASON_CRISIS, /* danger to somebody */
	REASON_WORRY,  /* it may be danger */
	REASON_RULE,   /* the rule says a person should do this */
	REASON_LIMIT,  /* a pattern hit its limit: no safe verdict */
	REASON_FORM,   /* what the request needs did not come */
};
enum { REASON_COUNT = REASON_FORM + 1 };
const char *reason_name(enum reason r);
int reason_from_name(const char *name); /* -1: no such reason */

/* Priority classes of the queue, most urgent first. */
enum urgency { URGENCY_CRISIS, URGENCY_UPSET, URGENCY_NORMAL };
enum { URGENCY_COUNT = URGENCY_NORMAL + 1 };
const char *urgency_name(enum urgency u);

enum {
	REPLY_BUTTONS = 4,
	REPLY_CANDIDATES = 3,
	REPLY_BREAKS = 4,
	REPLY_ALSO = 2,
	REPLY_CARDS = 2,
};

struct button {
	struct buf title, text;
};

/* What a page shows of a product beside the text; a sponsored one names who
 * pays. */
enum card_field { CARD_TITLE, CARD_TEXT, CARD_PRICE, CARD_URL, CARD_SPONSOR };
enum { CARD_FIELD_COUNT = CARD_SPONSOR + 1 };
const char *card_field_name(enum card_field f);
struct card {
	struct buf fields[CARD_FIELD_COUNT]; /* empty: not shown */
};

struct candidate_brief {
	char intent[INTENT_NAME_BYTES];
	double score;      /* 0..1, before calibration */
	double lead;       /* 0..1, what confidence was fitted to */
	double confidence; /* 0..1, the probability that it is right */
};

/* What the bot says to one message.  All zero is empty. */
struct reply {
	struct buf text;
	char persona[LIMIT_NAME_BYTES];
	char intent[INTENT_NAME_BYTES]; /* or "out_of_scope" */
	double confidence;
	enum decision decision;
	struct mood_score mood;
	char lang[LIMIT_LANG_BYTES]; /* of the message: "id", "en", "mixed" */
	struct button buttons[REPLY_BUTTONS];
	int n_buttons;
	struct card cards[REPLY_CARDS];
	int n_cards;
	struct candidate_brief candidates[REPLY_CANDIDATES];
	int n_candidates;
	char also[REPLY_ALSO][INTENT_NAME_BYTES]; /* further requests */
	int n_also;
	bool cares; /* it says that more than what was asked may be told */
	const char *stage; /* of the pipeline that decided; static */
	/* where one bubble of a chat page may end and the next begin: offsets
	 * in text of the spaces between parts that were said on their own */
	uint32_t breaks[REPLY_BREAKS];
	int n_breaks;
	struct buf why; /* JSON: how it was decided */
};
void reply_clear(struct reply *r);
/* How long a page may show "typing" before it shows the reply, in ms: what a
 * brisk typist would need, 400 to 3,000.  The daemon itself never waits. */
int reply_pace_ms(const struct reply *r);

/* What one step of a conversation asks the outside to do. */
struct step {
	bool says; /* reply holds something to say */
	struct reply reply;
	bool opens_ticket;
	enum reason reason;
	enum urgency urgency;
	bool closes_ticket; /* the customer wants nobody any more */
	int limit_hits;     /* patterns that gave up on this message */
};
void step_clear(struct step *s);

/* What talk may know of the desk, for honest words about waiting. */
struct desk_view {
	bool open;       /* within opening hours */
	int agents;      /* people signed in */
	int position;    /* of this customer, or of one more; from 1 */
	int64_t wait_ms; /* estimate, -1 unknown */
	int64_t wait_low_ms, wait_high_ms; /* half the waits lie between */
	/* when people are there again, ms since 1970; 0 not known */
	int64_t opens_ms;
	bool danger; /* this customer waits because of danger, or perhaps */
};

#endif
