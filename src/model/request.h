#ifndef HG_MODEL_REQUEST_H
#define HG_MODEL_REQUEST_H

#include "base/str.h"

#include <stdbool.h>
#include <stdint.h>

/* What a client asks; hangat-protocol.7 says which fields belong to which. */
enum request_type {
	REQUEST_HELLO,
	REQUEST_MESSAGE,
	REQUEST_TYPING,
	REQUEST_FEEDBACK,
	REQUEST_ATTRIBUTES,
	REQUEST_BYE,
	/* agents */
	REQUEST_SIGN_IN,
	REQUEST_CLAIM,
	REQUEST_NOTE,
	REQUEST_TRANSFER,
	REQUEST_RELEASE,
	REQUEST_RESOLVE,
	REQUEST_RETURN_TO_BOT,
	REQUEST_SNOOZE,
	REQUEST_DRAFT,
	REQUEST_VIEW,
	REQUEST_CANNED,
	REQUEST_STATS,
	REQUEST_ENDED,
	REQUEST_AUDIT,
	REQUEST_PING,
	/* the admin socket */
	REQUEST_STATUS,
	REQUEST_RELOAD,
	REQUEST_TICKETS,
	REQUEST_AGENT_ADD,
	REQUEST_AGENT_LIST,
	REQUEST_AGENT_TOKEN,
	REQUEST_AGENT_PASSWD,
	REQUEST_AGENT_SET,
	REQUEST_AGENT_DISABLE,
	REQUEST_EXPORT,
	REQUEST_FORGET,
};

enum { REQUEST_MOST_ATTRIBUTES = 8 };

/* Absent texts have p == NULL, absent numbers are -1. */
struct request {
	enum request_type type;
	struct str id, text, lang, name, resume, role, token, conversation,
	    ticket, to, outcome, customer, signature, langs, topics;
	int64_t after, generation, rating, wait_s, since_s, capacity;
	int remember;   /* of a hello: 1, 0, or -1 when it is not said */
	bool burst;     /* of a hello: messages may be fragments */
	bool explain;   /* of a message: how it was read and decided, too */
	bool take_over; /* of a claim: from the agent who holds it */
	/* of attributes: what the page knows, "order_id": "HG-1" */
	struct {
		struct str name, value;
	} attributes[REQUEST_MOST_ATTRIBUTES];
	size_t n_attributes;
	void *owner; /* what the texts point into; see request_clear */
};

#endif
