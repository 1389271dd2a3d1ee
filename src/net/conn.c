/* Connections: bytes in, lines to the hub, events out.  A connection is only
 * freed from the reap event, never inside a callback of its own or the hub's;
 * the hub hears of its end from there too. */
#include "net/conn.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/limits.h"
#include "sys/clock.h"
#include "sys/count.h"
#include "wire/wire.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <event2/buffer.h>

enum {
	READ_MARK = 64 * 1024,  /* input kept per connection */
	OUT_SOFT = 64 * 1024,   /* output over which reading stops */
	OUT_HARD = 256 * 1024,  /* output over which it is dropped */
	MAX_UNANSWERED = 64,    /* requests on their way to the disk */
	PARTIAL_MS = 30 * 1000, /* for one line */
	STUCK_MS = 60 * 1000,   /* for the other side to read what is queued */
	LINGER_MS = 2000,       /* for the other side to close */
};

static void conn_read(struct conn *c);

static void kill_conn(struct conn *c)
{
	if (c->dead)
		return;
	c->dead = true;
	(void)bufferevent_disable(c->bev, EV_READ | EV_WRITE); /* its end */
	event_active(c->set->reap, EV_TIMEOUT, 0);
}

/* Everything said: half-close, so that the last words are not lost to a
 * reset, and wait a little for the other side. */
static void finish(struct conn *c)
{
	if (c->eof || c->linger_ms != 0) {
		kill_conn(c);
		return;
	}
	c->linger_ms = clock_steady_ms();
	(void)shutdown(bufferevent_getfd(c->bev), SHUT_WR); /* may be gone */
	(void)bufferevent_enable(c->bev, EV_READ);          /* to see its end */
}

static size_t output_size(const struct conn *c)
{
	return evbuffer_get_length(bufferevent_get_output(c->bev));
}

static void finish_if_done(struct conn *c)
{
	bool owed = c->peer != NULL &&
		    (hub_unanswered(c->peer) > 0 || hub_is_waiting(c->peer));
	if (c->dead || c->linger_ms != 0 || output_size(c) > 0)
		return;
	if (!owed && !c->reading && (c->closing || c->eof))
		finish(c);
}

/* It does not read: a plain close would leave the kernel holding the data. */
static void drop_conn(struct conn *c)
{
	struct linger off = { 1, 0 };
	(void)setsockopt(bufferevent_getfd(c->bev), SOL_SOCKET, SO_LINGER, &off,
	    sizeof(off)); /* best effort */
	count_up(COUNT_DROPPED);
	kill_conn(c);
}

static void send_bytes(struct conn *c, struct str s)
{
	if (c->dead || c->linger_ms != 0 || s.n == 0)
		return;
	if (c->door == DOOR_PUBLIC && output_size(c) + s.n > OUT_HARD) {
		drop_conn(c);
		return;
	}
	(void)bufferevent_write(c->bev, s.p, s.n); /* memory ends the process */
}

static void on_send(void *conn, struct str json, struct str plain)
{
	struct conn *c = conn;
	if (c->kind == FRAME_TEXT) {
		send_bytes(c, plain);
		return;
	}
	send_bytes(c, json);
	send_bytes(c, STR("\n"));
}

static void on_ready(void *conn)
{
	struct conn *c = conn;
	if (!c->dead && !c->reading) {
		conn_read(c);
		finish_if_done(c);
	}
}

static void on_close(void *conn)
{
	struct conn *c = conn;
	c->closing = true;
	finish_if_done(c);
}

static const struct peer_ops ops = { on_send, on_ready, on_close };

/* Say once what is wrong, then close. */
static void abuse(struct conn *c, enum error_code code, const char *text)
{
	hub_refuse(c->peer, STR_NONE, code, "%s", text);
	struct evbuffer *in = bufferevent_get_input(c->bev);
	(void)evbuffer_drain(in, evbuffer_get_length(in)); /* not wanted */
	on_close(c);
}

/* Tell the protocol by the first bytes; false: wait or closed. */
static bool greet(struct conn *c, struct str head)
{
	enum frame_kind kind = frame_kind_of(head);
	if (kind == FRAME_UNKNOWN)
		return false;
	if (c->door == DOOR_ADMIN)
		kind = FRAME_JSON;
	bool wrong = kind == FRAME_HTTP || kind == FRAME_TLS;
	c->kind = wrong ? FRAME_TEXT : kind;
	c->peer =
	    hub_connect(c->set->hub, c->door, c->kind == FRAME_TEXT, &ops, c);
	if (wrong)
		abuse(c, ERROR_UNKNOWN_TYPE,
		    kind == FRAME_HTTP
			? "this port speaks lines, not HTTP; send text, or "
			  "JSON objects, one per line"
			: "this port has no TLS; connect in plain, or through "
			  "a TLS proxy");
	return !wrong;
}

static void take_json(struct conn *c, struct str line)
{
	struct request r;
	enum error_code code;
	struct err e = ERR_NONE;
	if (str_trim(line).n == 0)
		return;
	if (request_parse(&r, line, &code, &e) == 0)
		hub_request(c->peer, &r);
	else
		hub_refuse(c->peer, r.id, code, "%s", e.text);
	request_clear(&r);
}

static void take_line(struct conn *c, struct str line)
{
	if (c->kind == FRAME_JSON)
		take_json(c, line);
	else if (utf8_check(line) == line.n &&
		 memchr(line.p, '\0', line.n) == NULL)
		hub_line(c->peer, line);
	else
		hub_refuse(c->peer, STR_NONE, ERROR_BAD_UTF8,
		    "that line is not valid UTF-8 text; set your terminal to "
		    "UTF-8");
}

static bool may_read(const struct conn *c)
{
	return !c->dead && !c->closing && !c->set->draining &&
	       (c->peer == NULL ||
		   (!hub_is_waiting(c->peer) &&
		       hub_unanswered(c->peer) < MAX_UNANSWERED)) &&
	       output_size(c) < OUT_SOFT;
}

/* The bytes at hand, in one piece, up to a line and its end. */
static struct str bytes_at_hand(struct evbuffer *in)
{
	size_t n = evbuffer_get_length(in);
	if (n > READ_MARK)
		n = READ_MARK;
	const unsigned char *p =
	    n != 0 ? evbuffer_pullup(in, (ev_ssize_t)n) : NULL;
	return (struct str){ (const char *)p, p != NULL ? n : 0 };
}

/* Take lines as long as there are any.  At the end of input the rest counts
 * as a line. */
static void take_lines(struct conn *c)
{
	struct evbuffer *in = bufferevent_get_input(c->bev);
	struct str bytes = bytes_at_hand(in);
	size_t done = 0;
	while (may_read(c) && done < bytes.n) {
		struct str rest = { bytes.p + done, bytes.n - done }, line;
		if (c->peer == NULL && !greet(c, rest)) {
			if (!c->eof || c->closing)
				break;
			c->kind = FRAME_TEXT; /* as much as will come */
			c->peer =
			    hub_connect(c->set->hub, c->door, true, &ops, c);
		}
		size_t used = rest.n, most = c->kind == FRAME_JSON
						 ? LIMIT_JSON_BYTES
						 : LIMIT_LINE_BYTES;
		int got = frame_line(rest, most, &line, &used);
		if (got == 0 && c->eof && rest.n <= most) {
			line = rest;
			got = 1;
		}
		if (got == 0)
			break;
		if (got < 0) {
			abuse(c, ERROR_TOO_LONG,
			    c->kind == FRAME_JSON
				? "an object is longer than 16384 bytes"
				: "a line is longer than 4096 bytes");
			return;
		}
		take_line(c, line);
		c->took_line = true;
		done += used;
	}
	if (!c->closing)
		(void)evbuffer_drain(in, done); /* it is there */
}

static void conn_read(struct conn *c)
{
	if (c->linger_ms != 0) {
		struct evbuffer *in = bufferevent_get_input(c->bev);
		(void)evbuffer_drain(in, evbuffer_get_length(in)); /* all */
		return;
	}
	c->reading = true;
	take_lines(c);
	c->reading = false;
	if (c->dead)
		return;
	if (c->took_line)
		c->partial_ms = 0;
	c->took_line = false;
	bool partial = evbuffer_get_length(bufferevent_get_input(c->bev)) > 0 &&
		       may_read(c);
	if (!partial)
		c->partial_ms = 0;
	else if (c->partial_ms == 0)
		c->partial_ms = clock_steady_ms();
	if (may_read(c))
		(void)bufferevent_enable(c->bev, EV_READ); /* again */
	else if (!c->closing)
		(void)bufferevent_disable(c->bev, EV_READ); /* for now */
}

static void read_cb(struct bufferevent *bev, void *arg)
{
	struct conn *c = arg;
	(void)bev; /* the connection has it */
	conn_read(c);
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
		conn_read(c);
	finish_if_done(c);
}

static void event_cb(struct bufferevent *bev, short what, void *arg)
{
	struct conn *c = arg;
	(void)bev; /* the connection has it */
	if (c->dead)
		return;
	if (!(what & BEV_EVENT_EOF) || c->linger_ms != 0) {
		kill_conn(c);
		return;
	}
	c->eof = true;
	conn_read(c);
	finish_if_done(c);
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
	FIELD_SET(c->address, address, strlen(address));
	c->next = set->first;
	c->link = &set->first;
	if (set->first != NULL)
		set->first->link = &c->next;
	set->first = c;
	set->n++;
	count_up(COUNT_CONNECTIONS);
	bufferevent_setcb(bev, read_cb, write_cb, event_cb, c);
	bufferevent_setwatermark(bev, EV_READ, 0, READ_MARK);
	(void)bufferevent_enable(bev, EV_READ | EV_WRITE); /* new: it can */
}

static void conn_free(struct conn *c)
{
	*c->link = c->next;
	if (c->next != NULL)
		c->next->link = c->link;
	c->set->n--;
	if (c->peer != NULL)
		hub_disconnect(c->peer);
	bufferevent_setcb(c->bev, NULL, NULL, NULL, NULL);
	bufferevent_free(c->bev);
	free(c);
}

static void reap_cb(evutil_socket_t fd, short what, void *arg)
{
	struct conns *set = arg;
	(void)fd;   /* none */
	(void)what; /* only one thing */
	for (struct conn *c = set->first, *next; c != NULL; c = next) {
		next = c->next;
		if (c->dead)
			conn_free(c);
	}
}

int conns_init(struct conns *set, struct event_base *base, struct hub *hub)
{
	*set = (struct conns){ .hub = hub, .base = base };
	set->reap = event_new(base, -1, 0, reap_cb, set);
	return set->reap != NULL ? 0 : -1;
}

void conns_clear(struct conns *set)
{
	while (set->first != NULL)
		conn_free(set->first);
	if (set->reap != NULL)
		event_free(set->reap);
	set->reap = NULL;
}

/* Output is queued, and none of it has left for too long. */
static bool is_stuck(struct conn *c, int64_t now_ms)
{
	if (output_size(c) == 0) {
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
			kill_conn(c);
		else if (c->partial_ms != 0 &&
			 now_ms - c->partial_ms > PARTIAL_MS)
			kill_conn(c);
	}
}

bool conns_drain(struct conns *set)
{
	set->draining = true;
	bool empty = true;
	for (struct conn *c = set->first; c != NULL; c = c->next)
		empty = empty && (c->dead || output_size(c) == 0);
	return empty;
}

int conns_from(const struct conns *set, const char *address)
{
	int n = 0;
	for (const struct conn *c = set->first; c != NULL; c = c->next)
		n += strcmp(c->address, address) == 0;
	return n;
}
