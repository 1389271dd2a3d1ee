#ifndef HG_MODEL_EVENT_H
#define HG_MODEL_EVENT_H

#include "model/ticket.h"

/* What the daemon tells a client; hangat-protocol.7 lists the fields. */
enum event_type {
	EVENT_WELCOME,
	EVENT_MESSAGE,
	EVENT_ACK,
	EVENT_ERROR,
	EVENT_TYPING,
	EVENT_HANDOFF,
	EVENT_FEEDBACK,
	EVENT_JOINED,
	EVENT_LEFT,
	EVENT_QUEUE,
	EVENT_TICKET,
	EVENT_CLAIMED,
	EVENT_LEASE_LOST,
	EVENT_CARD,     /* looked at, not taken */
	EVENT_PRESENCE, /* who is here, and what they look at */
	EVENT_PONG,
	EVENT_RESULT, /* the admin socket's answer */
};

enum speaker { SPEAKER_BOT, SPEAKER_HUMAN, SPEAKER_CUSTOMER };
const char *speaker_name(enum speaker s);

/* Stable error codes. */
enum error_code {
	ERROR_BAD_JSON,
	ERROR_BAD_UTF8,
	ERROR_MISSING_FIELD,
	ERROR_UNKNOWN_TYPE,
	ERROR_TOO_DEEP,
	ERROR_BAD_TOKEN,
	ERROR_FORBIDDEN,
	ERROR_NOT_FOUND,
	ERROR_TAKEN,
	ERROR_STALE_GENERATION,
	ERROR_CONFLICT,
	ERROR_CLOSED,
	ERROR_TOO_LONG,
	ERROR_RATE_LIMITED,
	ERROR_STORAGE,
	ERROR_BUSY,
};
const char *error_code_name(enum error_code c);

/* A plain view of one event: everything in it is borrowed, and what does not
 * belong to the type is zero. */
struct event {
	enum event_type type;
	struct str re; /* the request it answers */
	int64_t seq;   /* 0: not stored */
	enum speaker from;
	const char *from_name;
	struct str id;    /* the client's id of a customer's message */
	struct str text;  /* also what a person on a text line reads */
	const char *mood; /* of a customer's message to who holds the ticket */
	const struct step *step; /* of a bot's reply to a message */
	bool explain;            /* with the account of how it was decided */
	const char *conversation, *resume, *role;
	const char *csrf;  /* of a session, with role */
	bool supervisor;   /* with role */
	const char *state; /* of a handoff: waiting, held, resolved, back */
	int position;
	int64_t wait_s; /* -1 unknown */
	int64_t wait_low_s, wait_high_s;
	int64_t rating;
	enum error_code code;
	int64_t retry_ms; /* 0 none */
	const struct ticket *ticket;
	int64_t lease_ms;
	int64_t waited_ms;
	/* queue: tickets, claimed and card: the card, presence: agents,
	 * result: members */
	struct str json;
};

#endif
