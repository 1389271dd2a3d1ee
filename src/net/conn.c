/* Connections: bytes in for their protocol, bytes out within limits.  A
 * connection is only freed from the turn event, never inside a callback of its
 * own or the hub's; the hub hears of its end from there too. */
#include "net/conn.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/count.h"
#include "wire/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <event2/buffer.h>

enum {
	STUCK_MS = 60 * 1000, /* for the other side to read what is queued */
	LINGER_MS = 2000,     /* for the other side to close */
};

void conn_kill(struct conn *c)
{
	if (c->dead)
		return;
	c->dead = true;
	(void)bufferevent_disable(c->bev, EV_READ | EV_WRITE); /* its end */
	conn_defer(c);
}

void conn_defer(struct conn *c)
{
	if (c->deferred)
		return;
	c->deferred = true;
	c->next_deferred = c->set->deferred;
	c->set->deferred = c;
	event_active(c->set->turn, EV_TIMEOUT, 0);
}

/* Everything said: half-close, so that the last words are not lost to a
 * reset, and wait a little for the other side. */
static void finish(struct conn *c)
{
	if (c->eof || c->linger_ms != 0) {
		conn_kill(c);
		return;
	}
	c->linger_ms = clock_steady_ms();
	(void)shutdown(bufferevent_getfd(c->bev), SHUT_WR); /* may be gone */
	(void)bufferevent_enable(c->bev, EV_READ);          /* to see its end */
}

size_t conn_output(const struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

static void finish_if_done(struct conn *c)
{
	if (c->dead || c->linger_ms != 0 || conn_output(c) > 0)
		return;
	if (!c->protocol->owes(c) && !c->taking && (c->closing || c->eof))
		finish(c);
}

/* It does not read: a plain close would leave the kernel holding the data. */
static void drop_conn(struct conn *c)
{
	struct linger off = { 1, 0 };
	(void)setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &off,
	    sizeof(off)); /* best effort */
	count_up(COUNT_DROPPED);
	conn_kill(c);
}

void conn_send(struct conn *c, struct str s)
{
	if (c->dead || c->linger_ms != 0 || s.n == 0)
		return;
	/* an agent's queue may be long */
	size_t most = c->peer != NULL && hub_is_agent(c->peer) ? CONN_OUT_AGENT
							       : CONN_OUT_HARD;
	if (c->door != DOOR_ADMIN && conn_output(c) + s.n > most) {
		drop_conn(c);
		return;
	}
	(void)bufferevent_write(c->bev, s.p, s.n); /* memory ends the process */
}

static void on_send(void *conn, const struct hub_said *said)
{
	struct conn *c = conn;
	c->protocol->send(c, said);
}

/* Not from inside the hub: what is taken now could end the peer whose step is
 * on the stack. */
static void on_ready(void *conn)
{
	struct conn *c = conn;
	if (!c->dead)
		conn_defer(c);
}

static void on_close(void *conn)
{
	struct conn *c = conn;
	if (c->protocol->bye != NULL)
		c->protocol->bye(c, false);
	c->closing = true;
	finish_if_done(c);
}

static const struct peer_ops ops = { on_send, on_ready, on_close };

void conn_meet(struct conn *c, bool plain)
{
	c->peer = hub_connect(c->set->hub, c->door, plain, &ops, c);
}

void conn_part(struct conn *c)
{
	if (c->peer != NULL)
		hub_disconnect(c->peer);
	c->peer = NULL;
}

void conn_remote(const struct conn *c, char *out, size_t size)
{
	struct sockaddr_storage any;
	socklen_t n = sizeof(any);
	struct sockaddr_in in;
	struct sockaddr_in6 in6;
	(void)snprintf(out, size, "unix"); /* fits */
	if (getpeername(
		bufferevent_getfd(c->bev), (struct sockaddr *)&any, &n) != 0)
		return;
	if (any.ss_family == AF_INET) {
		memcpy(&in, &any, sizeof(in));
		(void)inet_ntop(
		    AF_INET, &in.sin_addr, out, (socklen_t)size); /* it fits */
	} else if (any.ss_family == AF_INET6) {
		memcpy(&in6, &any, sizeof(in6));
		(void)inet_ntop(AF_INET6, &in6.sin6_addr, out,
		    (socklen_t)size); /* it fits */
	}
}

void conn_ask(struct conn *c, struct str json)
{
	struct request r;
	enum error_code code;
	struct err e = ERR_NONE;
	if (request_parse(&r, json, NULL, &code, &e) == 0)
		hub_request(c->peer, &r);
	else
		hub_refuse(c->peer, r.id, code, "%s", e.text);
	request_clear(&r);
}

struct str conn_input(struct conn *c, size_t most)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	size_t n = evbuffer_get_length(in);
	if (n > most)
		n = most;
	const unsigned char *p =
	    n != 0 ? evbuffer_pullup(in, (ev_ssize_t)n) : NULL;
	return (struct str){ (const char *)p, p != NULL ? n : 0 };
}

void conn_took(struct conn *c, size_t n)
{
	(void)evbuffer_drain(
	    bufferevent_get_input(c->bev), n); /* it is there */
}

void conn_close(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	(void)evbuffer_drain(in, evbuffer_get_length(in)); /* not wanted */
	c->closing = true;
	finish_if_done(c);
}

bool conn_may_read(const struct conn *c)
{
	return !c->dead && !c->closing && !c->set->draining &&
	       conn_output(c) < CONN_OUT_SOFT && c->protocol->wants(c);
}

void conn_pump(struct conn *c)
{
	if (c->linger_ms != 0) {
		struct evbuffer *in = bufferevent_get_input(c->bev);
		(void)evbuffer_drain(in, evbuffer_get_length(in)); /* all */
		return;
	}
	if (c->taking || c->dead)
		return;
	c->taking = true;
	c->protocol->take(c);
	c->taking = false;
	if (c->dead)
		return;
	if (conn_may_read(c) && !c->eof)
		(void)bufferevent_enable(c->bev, EV_READ); /* again */
	else if (!c->closing)
		(void)bufferevent_disable(c->bev, EV_READ); /* for now */
}

static void read_cb(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev; /* the connection has it */
	conn_pump(c);
	finish_if_done(c);
}

static void write_cb(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev; /* the connection has it */
	if (c->dead)
		return;
	c->stuck_ms = 0;
	if (c->peer != NULL)
		hub_caught_up(c->peer);
	if (!c->closing && c->linger_ms == 0)
		conn_pump(c);
	finish_if_done(c);
}

static void event_cb(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;
	(void)bev; /* the connection has it */
	if (c->dead)
		return;
	if (!(what & BEV_EVENT_EOF) || c->linger_ms != 0) {
		conn_kill(c);
		return;
	}
	c->eof = true;
	conn_pump(c);
	if (c->peer != NULL)
		hub_says_no_more(c->peer);
	finish_if_done(c);
}

void conn_switch(struct conn *c, const struct protocol *to, void *own)
{
	c->protocol->clear(c);
	c->protocol = to;
	c->own = own;
}

void conn_open(
    struct conns *set, int fd, enum peer_door door, const char *address)
{
	int on = 1;
	(void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on,
	    sizeof(on)); /* a Unix socket has none */
	struct bufferevent *bev =
	    bufferevent_socket_new(set->base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (bev == NULL) {
		(void)evutil_closesocket(fd); /* out of memory */
		return;
	}
	struct conn *c = xcalloc(1, sizeof(*c));
	c->set = set;
	c->bev = bev;
	c->door = door;
	c->protocol = door == DOOR_WEB ? &http_protocol : &lines_protocol;
	c->own = door == DOOR_WEB ? http_new() : lines_new();
	FIELD_SET(c->address, address, strlen(address));
	c->next = set->first;
	c->link = &set->first;
	if (set->first != NULL)
		set->first->link = &c->next;
	set->first = c;
	set->n++;
	count_up(COUNT_CONNECTIONS);
	bufferevent_setcb(bev, read_cb, write_cb, event_cb, c);
	bufferevent_setwatermark(bev, EV_READ, 0, CONN_READ_MARK);
	(void)bufferevent_enable(bev, EV_READ | EV_WRITE); /* new: it can */
}

static void conn_free(struct conn *c)
{
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	c->set->n--;
	conn_part(c);
	c->protocol->clear(c);
	bufferevent_setcb(c->bev, NULL, NULL, NULL, NULL);
	bufferevent_free(c->bev);
	free(c);
}

static void turn_cb(evutil_socket_t fd, short what, void *arg)
{
	struct conns *set = arg;
	(void)fd;   /* none */
	(void)what; /* only one thing */
	struct conn *c = set->deferred;
	set->deferred = NULL;
	while (c != NULL) {
		struct conn *next = c->next_deferred;
		c->deferred = false;
		if (c->dead) {
			conn_free(c);
		} else {
			if (c->protocol->later != NULL)
				c->protocol->later(c);
			conn_pump(c);
			finish_if_done(c);
		}
		c = next;
	}
}

int conns_init(struct conns *set, struct event_base *base, struct hub *hub)
{
	*set = (struct conns){ .hub = hub, .base = base };
	set->turn = event_new(base, -1, 0, turn_cb, set);
	return set->turn != NULL ? 0 : -1;
}

void conns_clear(struct conns *set)
{
	while (set->first != NULL)
		conn_free(set->first);
	if (set->turn != NULL)
		event_free(set->turn);
	set->turn = NULL;
}

/* Output is queued, and has not all left for too long. */
static bool is_stuck(struct conn *c, int64_t now_ms)
{
	if (conn_output(c) == 0) {
		c->stuck_ms = 0;
		return false;
	}
	if (c->stuck_ms == 0)
		c->stuck_ms = now_ms;
	return now_ms - c->stuck_ms > STUCK_MS;
}

void conns_sweep(struct conns *set, int64_t now_ms)
{
	for (struct conn *c = set->first; c != NULL; c = c->next) {
		if (c->dead)
			continue;
		if (is_stuck(c, now_ms))
			drop_conn(c);
		else if (c->linger_ms != 0 && now_ms - c->linger_ms > LINGER_MS)
			conn_kill(c);
		else if (c->linger_ms == 0)
			c->protocol->tick(c, now_ms);
	}
}

bool conns_drain(struct conns *set)
{
	bool empty = true, first = !set->draining;
	for (struct conn *c = set->first; first && c != NULL; c = c->next)
		if (!c->dead && c->protocol->bye != NULL)
			c->protocol->bye(c, true);
	set->draining = true;
	for (struct conn *c = set->first; c != NULL; c = c->next)
		empty = empty && (c->dead || conn_output(c) == 0);
	return empty;
}

int conns_from(const struct conns *set, const char *address)
{
	int n = 0;
	for (const struct conn *c = set->first; c != NULL; c = c->next)
		n += strcmp(c->address, address) == 0;
	return n;
}
