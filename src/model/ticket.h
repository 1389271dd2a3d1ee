#ifndef HG_MODEL_TICKET_H
#define HG_MODEL_TICKET_H

#include "model/effect.h"

enum ticket_state { TICKET_WAITING, TICKET_HELD, TICKET_RESOLVED, TICKET_BACK };
enum {
	TICKET_STATES = TICKET_BACK + 1,
	CONV_ID_BYTES = 40,
	OUTCOME_BYTES = 64
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
	char agent[LIMIT_NAME_BYTES]; /* who holds or last held it, or "" */
	char outcome[OUTCOME_BYTES];
	int64_t generation; /* goes up with every claim and loss */
	bool front;         /* was lost or given back: first of its class */
	int64_t opened_ms, queued_ms, claimed_ms, ended_ms; /* epoch; 0 not */
	int64_t lease_until_ms;
};

#endif
