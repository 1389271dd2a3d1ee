#ifndef HG_HUB_INNER_H
#define HG_HUB_INNER_H

#include "desk/desk.h"
#include "hub/hub.h"
#include "sys/clock.h"
#include "sys/count.h"
#include "sys/log.h"
#include "talk/talk.h"
#include "wire/wire.h"

/* Inside the hub. */

/* A conversation in memory.  It stays while a peer is on it, something is on
 * its way to the disk, or a ticket is open. */
struct conv {
	char id[CONV_ID_BYTES];
	int64_t number; /* in the store */
	uint8_t resume_hash[SECRET_HASH_BYTES];
	char customer[LIMIT_CUSTOMER_BYTES + 1]; /* signed for, or "" */
	struct conversation talk;
	int64_t window_ms; /* of the rate limit; on the steady clock */
	int in_window;
	struct burst *burst; /* fragments that wait, or NULL */
	int64_t seq;
	struct map ids; /* client id -> struct store_id, owned */
	struct peer *peers;
	unsigned pending;
	bool broken;     /* what is in memory is not what is stored */
	bool forgotten;  /* erased: nothing is written any more */
	int64_t used_ms; /* on the steady clock */
};

enum peer_role {
	PEER_NEW,
	PEER_CUSTOMER,
	PEER_AGENT,
	PEER_GATEWAY,
	PEER_ADMIN
};

struct peer {
	struct hub *hub;
	enum peer_role role;
	enum peer_door door;
	bool plain; /* a person on a text line */
	bool gone;  /* disconnected, kept for what is pending */
	bool waiting;
	bool bursts; /* its messages may be fragments: hello said so */
	const struct peer_ops *ops;
	void *conn;
	struct conv *conv;
	struct peer *next_in_conv;
	struct peer *next, **link;      /* all peers of the hub */
	char agent[LIMIT_NAME_BYTES];   /* of an agent or gateway: its name */
	char vouched[LIMIT_NAME_BYTES]; /* the agent whose session it has */
	char tried[LIMIT_NAME_BYTES];   /* to sign in as, for the audit log */
	bool supervisor;                /* of an agent */
	int64_t viewing;                /* the ticket an agent looks at, or 0 */
	bool reporting;                 /* a report for it is being made */
	unsigned pending;
	struct peer *gateway; /* of a conversation on a gateway's connection */
	char carries[CONV_ID_BYTES]; /* which conversation that is */
	struct map carried;        /* of a gateway: conversation -> its peer */
	unsigned waits;            /* of a gateway: how many of those wait */
	struct peer *idlers;       /* of a gateway: those to be ended */
	bool idle;                 /* it is one of them */
	struct resuming *resuming; /* a replay that waits for its reader */
};

struct hub {
	struct hub_config config;
	struct store *store;
	struct worker *worker; /* builds rulesets */
	struct ruleset *rs;
	struct match_scratch *scratch;
	struct desk *desk;
	struct map convs; /* id -> struct conv */
	struct peer *peers;
	struct burst *bursts;
	struct wrong {
		uint64_t name; /* hash */
		int times;
		int64_t at_ms; /* steady; the last of them */
	} wrong[64];           /* passwords */
	int signing;           /* passwords being checked */
	bool presence_stale;   /* who is here has changed: tell agents */
	int64_t told_at_ms;    /* steady; when places were last looked at */
	struct audit_window {
		int64_t at_ms; /* steady; when it began */
		int n;
	} audited[2];           /* refusals, to agents and to others */
	bool account_changes;   /* one is on its way to the disk */
	struct command *notify; /* the shop's command while it runs, or NULL */
	int64_t notified_at_ms; /* steady; when it was last run; 0 never */
	unsigned erasures; /* so far: what was read before one may be gone */
	struct rng rng;
	int64_t next_conversation, next_ticket;
	struct store_account *accounts;
	size_t n_accounts, cap_accounts;
	int64_t started_ms;
	int64_t wall_ms, steady_ms; /* at the last tick */
	unsigned reloads;           /* on the worker */
	bool reload_again;          /* once they are done */
	int64_t loaded_ms;
	char *reload_errors; /* of the last reload, NULL when it was good */
	uint64_t tried_hash; /* of the files that failed, 0 none */
	size_t conv_walk;
	int64_t purge_at_ms; /* steady; when old conversations go next */
};

/* Who gets an event. */
enum out_to {
	OUT_PEER,   /* who asked */
	OUT_ALL,    /* every customer connection of the conversation */
	OUT_OTHERS, /* all but who asked */
	OUT_HOLDER, /* the agent who holds it */
	OUT_AGENTS, /* all agents */
};
struct out {
	enum out_to to;
	bool stored; /* its JSON is that of the unit's event `index` */
	size_t index;
	enum event_type type;
	int64_t seq;
	bool answers; /* what the peer asked */
	struct buf json, plain;
};
enum { PENDING_OUTS = 8 };

/* One step on its way to the disk, with what is said once it is there. */
struct pending {
	struct store_unit unit; /* first */
	struct hub *hub;
	struct conv *conv;
	struct peer *peer; /* who asked, may be NULL */
	char re[LIMIT_ID_BYTES + 1];
	char agent[LIMIT_NAME_BYTES]; /* the holder, for OUT_HOLDER */
	struct out outs[PENDING_OUTS];
	size_t n_outs;
	bool closes; /* close the peer after */
};

/* conv.c */
struct conv *conv_new(struct hub *h);
struct conv *conv_from_load(struct hub *h, struct store_load *l);
struct conv *conv_find(struct hub *h, const char *id);
void conv_attach(struct conv *c, struct peer *p);
void conv_detach(struct peer *p);
void conv_free(struct conv *c);
void conv_evict(struct hub *h, int64_t steady_ms);
/* Read it again after a failed write. */
void conv_mend(struct hub *h, struct conv *c);
void conv_remember_id(struct conv *c, const char *client_id, int64_t seq,
    int64_t text_hash, int64_t reply_seq);

/* tickets.c: pending steps and the desk's side of a conversation. */
struct pending *pending_new(
    struct hub *h, struct conv *c, struct peer *p, struct str re);
/* Give the event the next seq and store it.  Returns its place in the unit. */
struct store_event *pending_store(
    struct pending *p, struct event *ev, enum out_to to);
void pending_say(struct pending *p, const struct event *ev, enum out_to to);
/* The conversation's state as it is now goes with it. */
void pending_submit(struct pending *p);
/* Put the ticket's change into the unit and tell agents. */
void pending_ticket(struct pending *p, const struct ticket *t, int64_t was);
void pending_handoff(struct pending *p, const char *state, struct ticket *t);
/* Place and estimate of a ticket that waits; noted as told. */
void handoff_event(struct ticket *t, const struct desk_view *view,
    int64_t now_ms, struct event *ev);
void ticket_open(struct pending *p, const struct step *step);
/* The customer has left the line. */
void ticket_withdraw(struct pending *p);
/* What was put off is in the queue again. */
void ticket_wake(struct pending *p, struct ticket *t, const char *why);
/* An agent leaves a conversation: `why` is what becomes of it. */
struct ticket_leaving {
	enum {
		TICKET_GIVEN_BACK,
		TICKET_LEASE_LOST,
		TICKET_PUT_OFF,
		TICKET_SOLVED,
		TICKET_TO_BOT
	} why;
	struct peer *by; /* who asked, or NULL */
	struct str re, outcome;
	int64_t until_ms; /* of TICKET_PUT_OFF */
};
void ticket_leave(
    struct hub *h, struct ticket *t, const struct ticket_leaving *l);

/* hello.c */
void hello_request(struct peer *p, const struct request *r);
/* A message comes first: a conversation without a word of hello. */
void hello_silent(struct peer *p);

/* customer.c */
void customer_request(struct peer *p, const struct request *r);
void customer_message(
    struct peer *p, struct str re, struct str text, bool explain);
/* What the bot makes of text in this state; the conversation's own is not
 * touched unless it is the state. */
void customer_step(struct hub *h, const struct conv *c,
    struct conversation *talk, struct str text, struct step *step);
/* The bot answers what was said, or the holder gets it; text, the last part of
 * it, is stored under the id re. */
void customer_answer(struct peer *p, struct str re, struct str text,
    struct str said, bool explain);
/* Store the message and acknowledge it; the answer comes with a later one. */
void customer_acknowledge(struct peer *p, struct str re, struct str text);
/* Answer an id that was used before as it was answered then. */
void repeat_answer(struct peer *p, struct conv *c, const struct store_id *known,
    struct str re);
/* The reader has caught up: replay on; or it is gone. */
void resume_more(struct peer *p);
void resume_drop(struct peer *p);

/* burst.c */
/* Does the message wait for another?  It may have been answered at once, with
 * those before it. */
bool burst_takes(struct peer *p, struct str re, struct str text, bool explain);
/* Answer those whose time has come / that wait on this connection. */
void burst_tick(struct hub *h, int64_t steady_ms);
void burst_end_of(struct peer *p);
/* Answer what waits on another connection of the conversation. */
void burst_end_others(struct peer *p);

/* gateway.c */
void gateway_hello(struct peer *p, const struct request *r);
void gateway_request(struct peer *p, const struct request *r);
/* p has joined, or leaves, its conversation. */
void gateway_joined(struct peer *p);
void gateway_left(struct peer *p);
/* All that was sent has left / the connection is gone. */
void gateway_caught_up(struct peer *p);
void gateway_gone(struct peer *p);

/* agent.c */
void agent_hello(struct peer *p, const struct request *r);
void agent_request(struct peer *p, const struct request *r);
/* Tell all agents who is here and what they look at. */
void agent_presence(struct hub *h);
/* The number in "t_12", or 0. */
int64_t ticket_number(struct str name);

/* verbs.c */
void verb_request(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c);

/* card.c */
/* Answer a claim that is on its way to the disk / a look at a ticket, open or
 * ended, with its card.  Its messages are the last ones, or with after >= 0 all
 * events behind that seq, at most 500. */
void card_of_claim(struct peer *p, struct conv *c, const struct ticket *t,
    struct str re, int64_t after);
void card_of_view(struct peer *p, int64_t ticket, struct str re, int64_t after);

/* report.c: canned replies, figures, tickets that have ended, the audit log. */
void report_request(struct peer *p, const struct request *r);

/* audit.c */
/* A line of the audit log, with the step / on its own. */
void audit_step(struct pending *p, const char *who, const char *what,
    const struct ticket *t, const char *detail);
void audit_line(struct hub *h, const char *who, const char *what,
    int64_t ticket, const char *detail);
/* Something was refused to an agent, or at the agents' door. */
void audit_refusal(struct peer *p, enum error_code code, const char *text);

/* duty.c */
/* What happens on the desk with time: leases, what was put off, places in the
 * queue, words about delay, the shop's own command. */
void duty_tick(struct hub *h, int64_t now_ms, int64_t steady_ms);
/* What a customer may be told about the desk now. */
void duty_view(struct hub *h, const struct conversation *talk,
    const struct ticket *t, struct desk_view *out);

/* people.c */
struct store_account *people_find(struct hub *h, struct str name);
struct store_account *people_by_token(
    struct hub *h, enum account_kind kind, struct str token);
const char *account_kind_name(enum account_kind k);
void people_request(struct peer *p, const struct request *r);

void people_set_password(
    struct peer *p, struct str re, struct str name, const char *hash);

/* session.c */
void session_sign_in(struct peer *p, const struct request *r);
void session_set_password(struct peer *p, const struct request *r);

/* admin.c */
/* It is gone from the disk: let it go from memory, tell who is on it. */
void conv_drop_memory(struct hub *h, struct conv *c);
void admin_request(struct peer *p, const struct request *r);

/* reload.c */
void reload_start(struct hub *h, struct peer *p, struct str re);

/* hub.c */
void peer_send(struct peer *p, const struct event *ev);
void peer_wait(struct peer *p, bool wait);
/* Something is on its way for p / is done / was not begun. */
void peer_hold(struct peer *p);
void peer_release(struct peer *p);
void peer_unhold(struct peer *p);
/* True (and refused) when the store cannot take more now. */
bool hub_refuse_busy(struct peer *p, struct str re);

#endif
