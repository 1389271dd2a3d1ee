#ifndef HG_HUB_HUB_H
#define HG_HUB_HUB_H

#include "model/event.h"
#include "model/request.h"
#include "rules/ruleset.h"
#include "store/store.h"

/* The one place that carries out effects: it joins conversations, rules,
 * store and desk.  Everything here runs on one thread. */

struct hub;
struct peer; /* one connection as the hub sees it */

struct hub_config {
	const char *const *rule_dirs;
	size_t n_rule_dirs;
	int64_t lease_ms;         /* of an agent's claim */
	int64_t forget_cache_ms;  /* idle conversations leave memory */
	int messages_per_minute;  /* per connection; 0 no limit */
	int64_t retention_ms;     /* of conversations at rest; 0 for ever */
	const char *customer_key; /* what signatures of customers rest on */
	int64_t burst_ms;         /* fragments wait that long; 0 never */
	bool explains;            /* answers "explain": true */
	/* the shop's own command, run when a ticket has waited so long; NULL
	 * none.  argv ends with NULL; no shell is asked. */
	char *const *notify;
	int64_t notify_after_ms;
	int64_t
	    delay_ms; /* waiting: the first word about it; then it doubles */
};

/* What is sent to a connection: one event. */
struct hub_said {
	struct str json;
	struct str plain;     /* as lines for a person; may be empty */
	enum event_type type; /* of what is sent again: EVENT_MESSAGE */
	int64_t seq;          /* 0: not stored */
	bool answers;         /* what this connection has asked */
	enum error_code code; /* of an error */
	int64_t retry_ms;     /* of an error; 0 none */
	struct str session;   /* a cookie for it to keep, or none */
};

/* How the hub reaches a connection. */
struct peer_ops {
	void (*send)(void *conn, const struct hub_said *said);
	/* All that was asked has been answered, or may be asked on. */
	void (*ready)(void *conn);
	/* Send what is queued, then close. */
	void (*close)(void *conn);
};

/* rs and start are taken (start is emptied).  Conversations of open tickets
 * are read before it returns. */
struct hub *hub_new(const struct hub_config *config, struct store *store,
    struct store_start *start, struct ruleset *rs, struct err *e);
void hub_free(struct hub *h);

/* The loop calls these when the descriptors are readable. */
int hub_store_fd(const struct hub *h);
int hub_worker_fd(const struct hub *h);
void hub_drain(struct hub *h);
/* Answer now what waits for more to come. */
void hub_hurry(struct hub *h);
/* Leases, bursts, eviction.  Call about every second. */
void hub_tick(struct hub *h);
/* The disk keeps up: it can be asked. */
bool hub_is_ready(struct hub *h);
/* Nothing on its way to the disk. */
bool hub_is_idle(struct hub *h);

enum peer_door {
	DOOR_PUBLIC, /* lines: customers and agents */
	DOOR_WEB,    /* HTTP and /v1/chat: customers */
	DOOR_DESK,   /* /v1/desk: agents */
	DOOR_ADMIN,
};
struct peer *hub_connect(struct hub *h, enum peer_door door, bool plain,
    const struct peer_ops *ops, void *conn);
/* The connection is gone; ops are not called any more. */
void hub_disconnect(struct peer *p);
/* It has signed in as an agent. */
bool hub_is_agent(const struct peer *p);
/* Stop reading from it until ready(). */
bool hub_is_waiting(const struct peer *p);
/* Answers on their way to the disk. */
unsigned hub_unanswered(const struct peer *p);

/* The other side will say no more: what waits for it is answered. */
void hub_says_no_more(struct peer *p);

/* All that was sent to it has left. */
void hub_caught_up(struct peer *p);

void hub_request(struct peer *p, const struct request *r);
/* A line from a person: a message, or /quit, /human, /help. */
void hub_line(struct peer *p, struct str line);
/* Refuse something: says why, counts.  re may be none. */
void hub_refuse(struct peer *p, struct str re, enum error_code code,
    const char *fmt, ...) HG_PRINTF(4, 5);

/* Read the rules again on the worker thread and swap them in when they are
 * good.  Nothing changes when their content is the same. */
void hub_reload(struct hub *h);
int hub_tickets_waiting(const struct hub *h);

/* Sessions of agents on pages.  hub_session: the agent whose session that is,
 * borrowed until accounts change, or NULL.  hub_vouch: its bearer may say hello
 * as that agent without a token.  hub_csrf: what a page must send along to
 * change something. */
const char *hub_session(struct hub *h, struct str session);
void hub_vouch(struct peer *p, struct str session);
void hub_csrf(
    const struct hub *h, struct str session, char out[SECRET_SIGNATURE_BYTES]);

/* Note in the audit log that something was refused to `who`. */
void hub_audit(struct hub *h, const char *who, const char *detail);

/* Append the daemon's figures as OpenMetrics text. */
void hub_metrics(struct hub *h, struct buf *out);
/* Does the token let its bearer read them? */
bool hub_is_operator(struct hub *h, struct str token);

#endif
