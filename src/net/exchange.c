/* HTTP requests that go through the hub.  Each is a short visit of a customer:
 * hello, then what was asked, then gone; so the hub knows no HTTP.  The hub's
 * calls only note what came; the next stage and the answer follow from the
 * turn event, since a visitor must not leave from inside the hub. */
#include "base/mem.h"
#include "net/http.h"
#include "sys/clock.h"
#include "wire/wire.h"

#include <stdlib.h>

enum {
	WAIT_MOST_MS = 30 * 1000, /* a long poll; proxies give up at 60 s */
	PAGE_BYTES = 48 * 1024,   /* of events in one answer */
	HEARTBEAT_MS = 15 * 1000, /* on a stream */
};

struct exchange {
	enum exchange_kind kind;
	bool asked;             /* the message is on its way */
	bool met;               /* the hub has said welcome */
	bool hurried;           /* answer what is there */
	struct request message; /* of EXCHANGE_SEND and CREATE */
	int64_t after, until_ms, heard_ms;
	/* what came */
	int status; /* 0: nothing to answer with yet */
	int64_t retry_ms, seq;
	struct buf cookie; /* a header line, or empty */
	bool secure;       /* the page came by TLS */
	struct buf json;   /* the answer, or the events with commas */
};

void exchange_free(struct conn *c)
{
	struct http *h = c->own;
	struct exchange *x = h->exchange;
	if (x == NULL)
		return;
	request_clear(&x->message);
	buf_clear(&x->json);
	buf_clear(&x->cookie);
	free(x);
	h->exchange = NULL;
}

/* The path's conversation and the token must be one: "c_1.SECRET". */
static bool token_fits(struct str token, struct str id)
{
	return token.n > id.n + 1 && str_starts(token, id) &&
	       token.p[id.n] == '.';
}

/* Is the body, if there is one, said to be JSON? */
static bool is_json(const struct http_request *r)
{
	struct str type = r->content_type, word;
	if (type.p == NULL)
		return false;
	if (!str_next(&type, ';', &word))
		return false;
	return str_is(str_trim(word), "application/json");
}

static bool parse_body(struct conn *c, struct exchange *x,
    const struct http_request *r, struct str body, const char *type)
{
	enum error_code code;
	struct err e = ERR_NONE;
	if (body.n == 0 && x->kind == EXCHANGE_CREATE)
		body = STR("{}"); /* a hello that says nothing */
	else if (!is_json(r)) {
		http_error(c, 415, ERROR_BAD_JSON, NULL,
		    "send JSON, with Content-Type: application/json");
		return false;
	}
	if (request_parse(&x->message, body, type, &code, &e) != 0) {
		http_error(c, http_status(code), code, NULL, "%s", e.text);
		return false;
	}
	enum request_type is = x->message.type;
	bool fits = x->kind == EXCHANGE_CREATE ? is == REQUEST_HELLO
		    : x->kind == EXCHANGE_SIGN_IN
			? is == REQUEST_SIGN_IN
			: is == REQUEST_MESSAGE || is == REQUEST_FEEDBACK ||
			      is == REQUEST_ATTRIBUTES || is == REQUEST_TYPING;
	if (!fits)
		http_error(c, 400, ERROR_UNKNOWN_TYPE, NULL,
		    "this path takes %s",
		    x->kind == EXCHANGE_SIGN_IN ? "a sign_in"
		    : x->kind == EXCHANGE_CREATE
			? "a hello; to resume, use the conversation's own path"
			: "a message, attributes, feedback or typing");
	return fits;
}

static bool parse_reading(
    struct conn *c, struct exchange *x, const struct http_request *r)
{
	int64_t wait_ms = http_query_number(r->query, "wait_ms", 0);
	x->after = http_query_number(r->query, "after", 0);
	if (x->kind == EXCHANGE_STREAM && r->last_event_id.p != NULL) {
		struct buf q = { 0 };
		buf_addf(&q, "after=%.*s", STR_ARG(r->last_event_id));
		x->after = http_query_number(buf_str(&q), "after", 0);
		buf_clear(&q);
	}
	if (wait_ms < 0 || x->after < 0) {
		http_error(c, 400, ERROR_MISSING_FIELD, NULL,
		    "\"after\" is the seq of the last event that was seen, "
		    "\"wait_ms\" how long to wait for more: whole numbers");
		return false;
	}
	if (wait_ms > WAIT_MOST_MS)
		wait_ms = WAIT_MOST_MS;
	x->until_ms = clock_steady_ms() + wait_ms;
	return true;
}

void exchange_start(struct conn *c, enum exchange_kind kind,
    const struct http_request *r, struct str id, struct str body)
{
	struct http *h = c->own;
	struct exchange *x = xcalloc(1, sizeof(*x));
	x->kind = kind;
	x->after = -1;
	h->exchange = x;
	if (id.p != NULL && (r->token.p == NULL || r->token.n == 0)) {
		http_error(c, 401, ERROR_BAD_TOKEN,
		    "WWW-Authenticate: Bearer\r\n",
		    "send the resume token of the welcome: Authorization: "
		    "Bearer TOKEN");
		goto refused;
	}
	if (id.p != NULL && !token_fits(r->token, id)) {
		http_error(c, 404, ERROR_NOT_FOUND, NULL,
		    "your token has no such conversation");
		goto refused;
	}
	x->secure = str_starts(r->origin, STR("https://"));
	bool good = kind == EXCHANGE_READ || kind == EXCHANGE_STREAM
			? parse_reading(c, x, r)
			: parse_body(c, x, r, body,
			      kind == EXCHANGE_CREATE ? "hello"
			      : kind == EXCHANGE_SEND ? "message"
						      : "sign_in");
	if (!good)
		goto refused;
	struct request hello = { .type = REQUEST_HELLO,
		.resume = r->token,
		.after = x->after,
		.generation = -1,
		.rating = -1 };
	c->door = kind == EXCHANGE_SIGN_IN ? DOOR_DESK : DOOR_WEB;
	conn_meet(c, false);
	c->door = DOOR_WEB;
	if (kind == EXCHANGE_CREATE && x->message.resume.p != NULL)
		x->message.resume = STR_NONE; /* a path of its own does it */
	bool direct = kind == EXCHANGE_CREATE || kind == EXCHANGE_SIGN_IN;
	hub_request(c->peer, direct ? &x->message : &hello);
	return;
refused:
	exchange_free(c);
}

/* Say it on the stream. */
static void stream(struct conn *c, const struct hub_said *said)
{
	struct exchange *x = ((struct http *)c->own)->exchange;
	struct buf out = { 0 };
	if (said->seq > 0)
		buf_addf(&out, "id: %lld\n", (long long)said->seq);
	buf_addf(&out, "data: %.*s\n\n", STR_ARG(said->json));
	conn_send(c, buf_str(&out));
	buf_clear(&out);
	x->heard_ms = clock_steady_ms();
}

static void set_answer(
    struct exchange *x, int status, const struct hub_said *said)
{
	buf_reset(&x->json);
	buf_adds(&x->json, said->json);
	x->status = status;
	x->retry_ms = said->retry_ms;
}

static void collect(struct exchange *x, const struct hub_said *said)
{
	if (x->json.n > PAGE_BYTES)
		return; /* asked for again, by seq */
	if (x->json.n > 0)
		buf_addc(&x->json, ',');
	buf_adds(&x->json, said->json);
	x->seq = said->seq;
}

void exchange_send(struct conn *c, const struct hub_said *said)
{
	struct http *h = c->own;
	struct exchange *x = h->exchange;
	if (x == NULL || x->status != 0)
		return; /* answered */
	bool error = said->type == EVENT_ERROR && said->answers;
	if (said->type == EVENT_WELCOME) {
		x->met = true;
		if (x->kind == EXCHANGE_CREATE)
			set_answer(x, 201, said);
		else if (x->kind == EXCHANGE_STREAM)
			http_begin_stream(c, "text/event-stream");
	}
	if (h->state == HTTP_STREAMS) {
		stream(c, said);
		if (error) /* erased: that was all */
			c->closing = true;
	} else if (error) {
		set_answer(x, http_status(said->code), said);
	} else if (x->kind == EXCHANGE_READ && said->seq > 0 && x->met) {
		collect(x, said);
	} else if (x->kind == EXCHANGE_SIGN_IN && said->type == EVENT_RESULT) {
		set_answer(x, 200, said);
		buf_addf(&x->cookie,
		    "Set-Cookie: hangat_desk=%.*s; Path=/; Max-Age=43200; "
		    "HttpOnly; SameSite=Strict%s\r\n",
		    STR_ARG(said->session), x->secure ? "; Secure" : "");
	} else if (x->kind == EXCHANGE_SEND && x->asked && said->answers) {
		set_answer(x, said->type == EVENT_ACK ? 202 : 200, said);
	}
	conn_defer(c);
}

/* The visit is over. */
static void answer(struct conn *c)
{
	struct http *h = c->own;
	struct exchange *x = h->exchange;
	conn_part(c);
	buf_addz(&x->cookie, "Cache-Control: no-store\r\n");
	if (x->status >= 400)
		http_error_json(c, x->status, x->retry_ms, buf_str(&x->json));
	else
		http_answer(c, &(struct http_answer){ .status = x->status,
				   .type = "application/json",
				   .extra = x->cookie.p,
				   .body = buf_str(&x->json) });
	exchange_free(c);
}

static void answer_events(struct conn *c)
{
	struct exchange *x = ((struct http *)c->own)->exchange;
	struct buf body = { 0 };
	buf_addf(&body, "{\"events\":[%.*s],\"seq\":%lld,\"more\":%s}",
	    STR_ARG(buf_str(&x->json)),
	    (long long)(x->seq > 0 ? x->seq : x->after),
	    x->json.n > PAGE_BYTES ? "true" : "false");
	buf_clear(&x->json);
	x->json = body;
	x->status = 200;
	answer(c);
}

void exchange_later(struct conn *c)
{
	struct http *h = c->own;
	struct exchange *x = h->exchange;
	if (x == NULL || h->state == HTTP_STREAMS || c->peer == NULL)
		return;
	if (x->status != 0) {
		answer(c);
		return;
	}
	if (!x->met || hub_unanswered(c->peer) > 0)
		return;
	if (x->kind == EXCHANGE_READ) {
		bool full = x->json.n > PAGE_BYTES;
		if (!full && hub_is_waiting(c->peer))
			hub_caught_up(c->peer); /* the next page */
		else if (full || x->json.n > 0 || x->hurried ||
			 clock_steady_ms() >= x->until_ms)
			answer_events(c);
	} else if (x->kind == EXCHANGE_SEND && !x->asked &&
		   !hub_is_waiting(c->peer)) {
		x->asked = true;
		hub_request(c->peer, &x->message);
		if (x->message.type == REQUEST_TYPING && x->status == 0)
			set_answer(x, 202,
			    &(struct hub_said){
				.json = STR("{\"type\":\"ack\"}") });
		conn_defer(c);
	}
}

void exchange_tick(struct conn *c, int64_t now_ms)
{
	struct http *h = c->own;
	struct exchange *x = h->exchange;
	if (x == NULL)
		return;
	if (h->state == HTTP_STREAMS && now_ms - x->heard_ms > HEARTBEAT_MS) {
		conn_send(c, STR(": still here\n\n"));
		x->heard_ms = now_ms;
	} else if (x->kind == EXCHANGE_READ && now_ms >= x->until_ms) {
		conn_defer(c);
	}
}

void exchange_hurry(struct conn *c)
{
	struct http *h = c->own;
	if (h->exchange == NULL || h->exchange->hurried)
		return; /* once: it is called whenever there is nothing to read
			 */
	h->exchange->hurried = true;
	if (h->state == HTTP_STREAMS)
		conn_close(c);
	else
		conn_defer(c);
}
