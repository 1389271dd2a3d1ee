#ifndef HG_STORE_STORE_H
#define HG_STORE_STORE_H

#include "base/buf.h"
#include "model/ticket.h"
#include "sys/secret.h"
#include "sys/worker.h"

/* What is kept: conversations with their events, tickets, notes, accounts; one
 * SQLite file.  Everything after store_open goes through one writer thread:
 * a caller fills a job, submits it, and gets it back through its done
 * function when the transaction it was in has been committed. */

struct store;

enum { STORE_QUEUE = 4096 }; /* jobs waiting; over it the daemon is busy */

/* Who may do more than a customer, by a token. */
enum account_kind {
	ACCOUNT_AGENT,    /* works the desk */
	ACCOUNT_GATEWAY,  /* brings many conversations on one connection */
	ACCOUNT_OPERATOR, /* reads the metrics */
};

struct store_account {
	struct agent_profile who; /* its name; of an agent all of it */
	enum account_kind kind;
	uint8_t token_hash[SECRET_HASH_BYTES];
	char password[SECRET_PASSWORD_BYTES]; /* its hash, or "" */
	bool disabled;
	int64_t created_ms;
};

/* What the store holds at start. */
struct store_start {
	struct ticket *tickets; /* open ones */
	size_t n_tickets;
	struct store_account *accounts;
	size_t n_accounts;
	int64_t next_conversation, next_ticket;
};
void store_start_clear(struct store_start *s);

/* Open or create DIR/hangat.db, bring its schema up to date, check it and its
 * durability settings, read what is needed to start, start the thread.  NULL
 * when the file cannot be used. */
struct store *store_open(
    const char *path, struct store_start *start, struct err *e);
/* Finish all jobs (their done functions are called) and close. */
void store_close(struct store *s, void *owner);
int store_fd(const struct store *s);
void store_drain(struct store *s, void *owner);
size_t store_pending(struct store *s);
bool store_is_full(struct store *s);

/* An agent's id gets the ticket's generation in front: "\x1f3:a1". */
enum { CLIENT_ID_BYTES = LIMIT_ID_BYTES + 24 };

/* One stored event of a conversation. */
struct store_event {
	int64_t seq, at_ms;
	char client_id[CLIENT_ID_BYTES]; /* of a customer's message, or "" */
	int64_t text_hash;               /* of a customer's message */
	int64_t reply_seq; /* of a customer's message: its reply, 0 an ack */
	struct buf body;   /* the event as it was sent */
	struct buf why;    /* of a reply */
};
enum { UNIT_EVENTS = 4, UNIT_AUDITS = 2, AUDIT_BYTES = 160 };

/* A line of the audit log, which is only ever added to: who did what.  No word
 * of a customer's is in it, so it may outlive them. */
struct store_audit_row {
	char who[LIMIT_NAME_BYTES]; /* an agent, or "customer", "daemon"... */
	const char *what;           /* static: "claim", "refused"... */
	int64_t ticket;             /* 0 none */
	char detail[AUDIT_BYTES];
};

/* What one step changes in one conversation, all or nothing.  It fails when
 * the stored conversation is not at base_seq. */
struct store_unit {
	struct job job; /* first */
	int64_t conversation;
	int64_t base_seq, seq; /* before and after */
	int64_t at_ms;
	bool is_new;
	char public_id[CONV_ID_BYTES];           /* when new */
	uint8_t resume_hash[SECRET_HASH_BYTES];  /* when new */
	char customer[LIMIT_CUSTOMER_BYTES + 1]; /* when new; or "" */
	struct buf state;
	struct store_event events[UNIT_EVENTS];
	size_t n_events;
	bool has_ticket;
	struct ticket ticket;
	int64_t ticket_was; /* generation before; -1 when the ticket is new */
	struct buf note;    /* an agent's, on the ticket; may be empty */
	char note_by[LIMIT_NAME_BYTES];
	struct store_audit_row audits[UNIT_AUDITS];
	size_t n_audits;
	int rating; /* of the ticket resolved last; 0 none */
};
void store_unit_init(struct store_unit *u);
void store_unit_clear(struct store_unit *u);

/* A message id that was used. */
struct store_id {
	char client_id[CLIENT_ID_BYTES];
	int64_t seq, text_hash, reply_seq;
};

/* Read a conversation: by its name, or the last one of a customer. */
struct store_load {
	struct job job;                /* first */
	char public_id[CONV_ID_BYTES]; /* "": out, when it was found */
	char customer[LIMIT_CUSTOMER_BYTES + 1]; /* out with a name */
	bool want_state; /* state, resume hash and ids too */
	int64_t after;   /* events from here on; -1 none */
	int64_t last;    /* messages only, the newest this many; 0 not */
	int64_t first;   /* at most this many events; 0 all */
	/* for a card: the notes on the conversation's tickets, and what this
	 * agent had begun to write, but no ids; public_id may be "": the
	 * ticket's */
	int64_t card_ticket;
	char card_agent[LIMIT_NAME_BYTES];
	/* out */
	bool found;
	int64_t conversation, seq;
	uint8_t resume_hash[SECRET_HASH_BYTES];
	struct buf state;
	struct store_id *ids;
	size_t n_ids;
	struct buf *events; /* bodies, in order */
	size_t n_events;
	int64_t events_end;   /* seq of the last of them */
	struct ticket ticket; /* the open one, or card_ticket */
	bool has_ticket;
	struct buf notes, candidates; /* JSON lists */
	struct buf draft;             /* text */
};
void store_load_init(struct store_load *l);
void store_load_clear(struct store_load *l);

/* Add or change an account, with its line of the audit log. */
struct store_put_account {
	struct job job; /* first */
	struct store_account account;
	struct store_audit_row audit;
	int64_t at_ms;
};
void store_put_account_init(struct store_put_account *p);

/* All that is stored of one conversation ("c_...") or of a customer, as JSON;
 * or erase it. */
struct store_person {
	struct job job; /* first */
	char name[LIMIT_CUSTOMER_BYTES + 1];
	bool forget;
	/* out */
	bool found;
	struct buf json;
};
void store_person_init(struct store_person *p);
void store_person_clear(struct store_person *p);

/* Erase conversations that nobody has written in since before_ms and that have
 * no open ticket, at most STORE_PURGE of them. */
enum { STORE_PURGE = 100 };
struct store_purge {
	struct job job; /* first */
	int64_t before_ms;
	/* out */
	char gone[STORE_PURGE][CONV_ID_BYTES];
	size_t n;
};
void store_purge_init(struct store_purge *p);

/* False when the queue is full: nothing was taken. */
bool store_submit(struct store *s, struct job *job) HG_MUST_USE;

/* What an agent has begun to write on a ticket; an empty text takes it away. */
struct store_draft {
	struct job job; /* first */
	int64_t ticket;
	char agent[LIMIT_NAME_BYTES];
	struct buf text;
};
void store_draft_init(struct store_draft *d);
void store_draft_clear(struct store_draft *d);

/* A line of the audit log on its own. */
struct store_audit {
	struct job job; /* first */
	int64_t at_ms;
	struct store_audit_row row;
};
void store_audit_init(struct store_audit *a);

/* A question about what is stored; the answer is JSON. */
struct store_report {
	struct job job; /* first */
	enum store_report_kind {
		REPORT_STATS, /* tickets, first responses, ratings, moods */
		REPORT_ENDED, /* tickets that have ended, newest first */
		REPORT_AUDIT, /* lines of the audit log, oldest first */
	} kind;
	int64_t since_ms;
	int64_t ticket;             /* audit: of this one; 0 all */
	int64_t most;               /* lines */
	char who[LIMIT_NAME_BYTES]; /* of this agent; "" all */
	struct buf json;            /* out */
};
void store_report_init(struct store_report *r);
void store_report_clear(struct store_report *r);

const char *store_version(void);

#endif
