#ifndef HG_NET_CONN_H
#define HG_NET_CONN_H

#include "hub/hub.h"

#include <event2/bufferevent.h>
#include <event2/event.h>

/* One connection, and the set of them.  What its bytes mean is its protocol's
 * affair: lines.c, http.c, ws.c. */

struct conn;
struct protocol {
	/* Take what has come, as long as conn_may_read. */
	void (*take)(struct conn *c);
	/* An event for the one on the other side. */
	void (*send)(struct conn *c, const struct hub_said *said);
	/* May more be taken now? */
	bool (*wants)(const struct conn *c);
	/* Is an answer still to come? */
	bool (*owes)(const struct conn *c);
	/* What conn_defer was called for, also by the hub: all that was asked
	 * has been answered.  Then more is taken.  NULL: just that. */
	void (*later)(struct conn *c);
	/* The hub or the end of the daemon closes it; NULL: no last words. */
	void (*bye)(struct conn *c, bool going_away);
	/* Look at the deadlines. */
	void (*tick)(struct conn *c, int64_t now_ms);
	/* Free what own points to. */
	void (*clear)(struct conn *c);
};

struct conn {
	struct conns *set;
	struct conn *next, **link;
	struct bufferevent *bev;
	const struct protocol *protocol;
	void *own;         /* the protocol's */
	struct peer *peer; /* NULL: the hub does not know it */
	enum peer_door door;
	bool taking;   /* take is on the stack */
	bool eof;      /* the other side will send no more */
	bool closing;  /* send what is queued, then close */
	bool dead;     /* to be freed when the loop turns */
	bool deferred; /* it is in the set's list of those */
	struct conn *next_deferred;
	int64_t stuck_ms;  /* when its output stopped leaving; 0 it leaves */
	int64_t linger_ms; /* when it was half-closed; 0 not */
	char address[48];  /* "" for Unix sockets and loopback */
};

struct web_config;

struct conns {
	struct hub *hub;
	struct event_base *base;
	struct event *turn; /* frees the dead ones, does what was deferred */
	struct conn *deferred;
	struct conn *first;
	const struct web_config *web;
	int max_per_address;
	int n;
	bool draining; /* read no more */
};

int conns_init(struct conns *set, struct event_base *base, struct hub *hub);
void conns_clear(struct conns *set);
/* fd is taken. */
void conn_open(
    struct conns *set, int fd, enum peer_door door, const char *address);
/* Close those that take too long over a request or over closing. */
void conns_sweep(struct conns *set, int64_t now_ms);
/* Read no more; true when nothing is left to be sent. */
bool conns_drain(struct conns *set);
int conns_from(const struct conns *set, const char *address);

/* For protocols. */
enum {
	CONN_READ_MARK = 80 * 1024,       /* input kept: a whole HTTP request */
	CONN_OUT_SOFT = 64 * 1024,        /* output over which reading stops */
	CONN_OUT_HARD = 256 * 1024,       /* output over which it is dropped */
	CONN_OUT_AGENT = 8 * 1024 * 1024, /* the same, of an agent */
	CONN_MAX_UNANSWERED = 64, /* requests on their way to the disk */
};
/* Make the hub know it.  c->protocol->send is called for its events. */
void conn_meet(struct conn *c, bool plain);
/* The hub forgets it; what was asked is done, and not answered. */
void conn_part(struct conn *c);
/* The address on the other side as text; "unix" for a Unix socket. */
void conn_remote(const struct conn *c, char *out, size_t size);
/* Ask the hub what a JSON object asks; a bad one is refused. */
void conn_ask(struct conn *c, struct str json);
/* Queue bytes; over the hard limit it is dropped instead. */
void conn_send(struct conn *c, struct str s);
size_t conn_output(const struct conn *c);
/* At most `most` bytes that have come, in one piece. */
struct str conn_input(struct conn *c, size_t most);
void conn_took(struct conn *c, size_t n);
bool conn_may_read(const struct conn *c);
/* Take again, from outside of take. */
void conn_pump(struct conn *c);
/* Send what is queued, then close; input is dropped. */
void conn_close(struct conn *c);
/* Have the protocol's later called when no callback is on the stack: the hub's
 * must not be answered by conn_part. */
void conn_defer(struct conn *c);
/* Close now, as after an error of the other side. */
void conn_kill(struct conn *c);
/* Go on with another protocol; the old one's own is freed. */
void conn_switch(struct conn *c, const struct protocol *to, void *own);

extern const struct protocol lines_protocol, http_protocol, ws_protocol;
void *lines_new(void);
void *http_new(void);

#endif
