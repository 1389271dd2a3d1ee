/* WebSocket (RFC 6455): wslay has the frames, each text message is one JSON
 * object of the protocol.  A connection is never freed inside wslay: only the
 * turn event frees. */
#include "base/mem.h"
#include "model/limits.h"
#include "net/http.h"
#include "net/loop.h"
#include "sys/clock.h"

#include <stdlib.h>

#include <wslay/wslay.h>

enum {
	PING_MS = 25 * 1000, /* of silence; after a second one it is gone */
	MOST_QUEUED = 64,    /* messages and pongs that wait to leave */
};

struct ws {
	wslay_event_context_ptr ctx;
	int64_t heard_ms;
	bool pinged;
	bool closing; /* we have said so: nothing more is taken */
	bool failed;  /* the end, without waiting for the other side's close */
	/* messages that wslay had read already when the hub asked to wait */
	struct buf *held;
	size_t n_held, cap_held;
};

static ssize_t recv_cb(
    wslay_event_context_ptr ctx, uint8_t *to, size_t n, int flags, void *arg)
{
	struct conn *c = arg;
	struct ws *w = c->own;
	(void)flags; /* none that matter */
	struct str in = conn_input(c, n);
	if (in.n == 0 || !conn_may_read(c) ||
	    wslay_event_get_queued_msg_count(ctx) >= MOST_QUEUED) {
		wslay_event_set_error(ctx, WSLAY_ERR_WOULDBLOCK);
		return -1;
	}
	memcpy(to, in.p, in.n);
	conn_took(c, in.n);
	w->heard_ms = clock_steady_ms();
	w->pinged = false;
	return (ssize_t)in.n;
}

static ssize_t send_cb(wslay_event_context_ptr ctx, const uint8_t *from,
    size_t n, int flags, void *arg)
{
	struct conn *c = arg;
	(void)flags; /* none that matter */
	conn_send(c, (struct str){ (const char *)from, n });
	if (c->dead) { /* over the limit */
		wslay_event_set_error(ctx, WSLAY_ERR_CALLBACK_FAILURE);
		return -1;
	}
	return (ssize_t)n;
}

static void close_with(struct conn *c, uint16_t code, const char *why)
{
	struct ws *w = c->own;
	w->closing = true;
	/* fails when a close is queued already */
	(void)wslay_event_queue_close(
	    w->ctx, code, (const uint8_t *)why, strlen(why));
}

/* The same, and the other side is not waited for. */
static void fail_with(struct conn *c, uint16_t code, const char *why)
{
	struct ws *w = c->own;
	close_with(c, code, why);
	w->failed = true;
}

static void hold(struct conn *c, struct str text)
{
	struct ws *w = c->own;
	VEC_ROOM(w->held, w->n_held, w->cap_held);
	struct buf *b = &w->held[w->n_held++];
	*b = (struct buf){ 0 };
	buf_adds(b, text);
}

/* Take what was held; true when nothing is held any more. */
static bool take_held(struct conn *c)
{
	struct ws *w = c->own;
	size_t n = 0;
	for (; n < w->n_held && !w->closing && conn_may_read(c); n++) {
		conn_ask(c, buf_str(&w->held[n]));
		buf_clear(&w->held[n]);
	}
	if (n > 0)
		memmove(
		    w->held, w->held + n, (w->n_held - n) * sizeof(*w->held));
	w->n_held -= n;
	return w->n_held == 0;
}

static void msg_cb(wslay_event_context_ptr ctx,
    const struct wslay_event_on_msg_recv_arg *m, void *arg)
{
	struct conn *c = arg;
	const struct ws *w = c->own;
	(void)ctx; /* the connection has it */
	if (w->closing)
		return;
	struct str text = { (const char *)m->msg, m->msg_length };
	bool is_text = m->opcode == WSLAY_TEXT_FRAME;
	if (is_text && w->n_held == 0 && conn_may_read(c))
		conn_ask(c, text);
	else if (is_text)
		hold(c, text);
	else if (m->opcode == WSLAY_BINARY_FRAME)
		fail_with(c, WSLAY_CODE_UNSUPPORTED_DATA,
		    "send text: one JSON object a message");
}

/* What is queued goes to the connection; the end when all is said. */
static void flush(struct conn *c)
{
	struct ws *w = c->own;
	if (wslay_event_want_write(w->ctx) && wslay_event_send(w->ctx) != 0)
		conn_kill(c);
	bool done =
	    !wslay_event_want_read(w->ctx) && !wslay_event_want_write(w->ctx);
	bool said = w->n_held == 0 && wslay_event_get_close_received(w->ctx);
	if (!c->dead && (w->failed || (done && w->n_held == 0) || said))
		conn_close(c);
}

static void ws_take(struct conn *c)
{
	/* close with 1002: of a frame it cannot read, wslay does not say so */
	static const struct str protocol_error = { "\x88\x02\x03\xea", 4 };
	struct ws *w = c->own;
	if (take_held(c) && !w->failed &&
	    wslay_event_get_read_enabled(w->ctx) &&
	    wslay_event_recv(w->ctx) != 0) {
		conn_send(c, protocol_error);
		conn_close(c);
		return;
	}
	flush(c);
}

static void ws_send(struct conn *c, const struct hub_said *said)
{
	struct ws *w = c->own;
	struct wslay_event_msg m = { WSLAY_TEXT_FRAME,
		(const uint8_t *)said->json.p, said->json.n };
	if (wslay_event_queue_msg(w->ctx, &m) != 0)
		return; /* it is closing */
	if (!c->taking)
		flush(c); /* else when what is being taken is done */
}

static void ws_bye(struct conn *c, bool going_away)
{
	close_with(c,
	    going_away ? WSLAY_CODE_GOING_AWAY : WSLAY_CODE_NORMAL_CLOSURE,
	    going_away ? "stopping; come back in a moment" : "");
	if (!c->taking)
		flush(c);
}

static bool ws_wants(const struct conn *c)
{
	return !hub_is_waiting(c->peer) &&
	       hub_unanswered(c->peer) < CONN_MAX_UNANSWERED;
}

static bool ws_owes(const struct conn *c)
{
	return !c->eof &&
	       (hub_unanswered(c->peer) > 0 || hub_is_waiting(c->peer));
}

static void ws_tick(struct conn *c, int64_t now_ms)
{
	struct ws *w = c->own;
	if (now_ms - w->heard_ms <= PING_MS)
		return;
	if (w->pinged) {
		conn_kill(c);
		return;
	}
	struct wslay_event_msg ping = { WSLAY_PING, NULL, 0 };
	w->pinged = true;
	w->heard_ms = now_ms;
	if (wslay_event_queue_msg(w->ctx, &ping) == 0)
		flush(c);
}

static void ws_clear(struct conn *c)
{
	struct ws *w = c->own;
	wslay_event_context_free(w->ctx);
	for (size_t i = 0; i < w->n_held; i++)
		buf_clear(&w->held[i]);
	free(w->held);
	free(w);
	c->own = NULL;
}

const char *loop_ws_version(void)
{
	return WSLAY_VERSION;
}

const struct protocol ws_protocol = {
	.take = ws_take,
	.send = ws_send,
	.bye = ws_bye,
	.wants = ws_wants,
	.owes = ws_owes,
	.tick = ws_tick,
	.clear = ws_clear,
};

void ws_start(struct conn *c, const struct http_request *r, enum peer_door door)
{
	static const struct wslay_event_callbacks callbacks = {
		.recv_callback = recv_cb,
		.send_callback = send_cb,
		.on_msg_recv_callback = msg_cb,
	};
	struct ws *w = xcalloc(1, sizeof(*w));
	char accept[WS_ACCEPT_BYTES];
	if (wslay_event_context_server_init(&w->ctx, &callbacks, c) != 0)
		abort(); /* out of memory */
	wslay_event_config_set_max_recv_msg_length(w->ctx, LIMIT_JSON_BYTES);
	w->heard_ms = clock_steady_ms();
	ws_accept(r->ws_key, accept);
	struct buf head = { 0 };
	buf_addf(&head,
	    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
	    "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
	    accept);
	conn_send(c, buf_str(&head));
	buf_clear(&head);
	c->door = door;
	conn_switch(c, &ws_protocol, w);
	conn_meet(c, false);
}
