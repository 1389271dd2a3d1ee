#ifndef HG_MODEL_TICKET_H
#define HG_MODEL_TICKET_H

#include "model/effect.h"

enum ticket_state { TICKET_WAITING, TICKET_HELD, TICKET_RESOLVED, TICKET_BACK };
enum {
	TICKET_STATES = TICKET_BACK + 1,
	CONV_ID_BYTES = 40,
	OUTCOME_BYTES = 64,
	SKILLS_BYTES = 256,
};

const char *ticket_state_name(enum ticket_state s);
int ticket_state_from_name(const char *name); /* -1: no such state */

/* A conversation waiting for or held by a person.  A plain value. */
struct ticket {
	int64_t id; /* "t_<id>" in the protocol */
	char conversation[CONV_ID_BYTES];
	enum ticket_state state;
	enum reason reason;
	enum urgency urgency;
	char lang[LIMIT_LANG_BYTES];
	char topic[INTENT_NAME_BYTES]; /* what was asked for last, or "" */
	char agent[LIMIT_NAME_BYTES];  /* who holds or last held it, or "" */
	char prefer[LIMIT_NAME_BYTES]; /* who knows the customer, or "" */
	char outcome[OUTCOME_BYTES];
	int64_t generation; /* goes up with every claim and loss */
	bool front;         /* was lost or given back: first of its class */
	int64_t opened_ms, queued_ms, claimed_ms, ended_ms; /* epoch; 0 not */
	int64_t first_ms;  /* when a person first took it */
	int64_t snooze_ms; /* out of the queue until then; 0 it is in it */
	enum mood mood_open, mood_end; /* how the customer felt */
	int rating;                    /* 1 to 5; 0 none */
	int64_t lease_until_ms;
	/* not stored with it: what the customer is called, or "" */
	char customer[LIMIT_NAME_BYTES];
	/* and what they were last told, and when */
	int told_position;
	int64_t told_wait_ms, told_ms;
	int64_t promised_ms; /* when a word was last said about the delay */
	int promises;
	int64_t notified_ms; /* when the shop's own command was run for it */
};

/* "t_12", what a ticket is called. */
enum { TICKET_NAME_BYTES = 24 };
void ticket_name(int64_t id, char out[TICKET_NAME_BYTES]);

/* Who an agent is, and what they take. */
struct agent_profile {
	char name[LIMIT_NAME_BYTES];
	bool supervisor;
	int capacity;             /* tickets at once; 0 any number */
	char langs[SKILLS_BYTES]; /* "id en"; "" all */
	/* intents, "get_refund damaged_item"; "" all */
	char topics[SKILLS_BYTES];
};

#endif
