#ifndef HG_NET_CONN_H
#define HG_NET_CONN_H

#include "hub/hub.h"
#include "wire/frame.h"

#include <event2/bufferevent.h>
#include <event2/event.h>

/* One connection, and the set of them. */

struct conn {
	struct conns *set;
	struct conn *next, **link;
	struct bufferevent *bev;
	struct peer *peer; /* NULL until the first byte tells the protocol */
	enum peer_door door;
	enum frame_kind kind;
	bool reading;       /* conn_read is on the stack */
	bool eof;           /* the other side will send no more */
	bool closing;       /* send what is queued, then close */
	bool dead;          /* to be freed when the loop turns */
	bool took_line;     /* since the last look at partial_ms */
	int64_t stuck_ms;   /* when its output stopped leaving; 0 it leaves */
	int64_t partial_ms; /* when an unfinished line began; 0 none */
	int64_t linger_ms;  /* when it was half-closed; 0 not */
	char address[48];   /* "" for Unix sockets and loopback */
};

struct conns {
	struct hub *hub;
	struct event_base *base;
	struct event *reap; /* frees the dead ones */
	struct conn *first;
	int n;
	bool draining; /* read no more */
};

int conns_init(struct conns *set, struct event_base *base, struct hub *hub);
void conns_clear(struct conns *set);
/* fd is taken. */
void conn_open(
    struct conns *set, int fd, enum peer_door door, const char *address);
/* Close those that take too long over a line or over closing. */
void conns_sweep(struct conns *set, int64_t now_ms);
/* Read no more; true when nothing is left to be sent. */
bool conns_drain(struct conns *set);
int conns_from(const struct conns *set, const char *address);

#endif
