/* HTTP on a connection: one request after the other, each within its
 * deadlines, and a refused one is the last. */
#include "net/http.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "sys/clock.h"
#include "wire/wire.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum {
	FIRST_MS = 5000, /* for the first byte, and for a head */
	BODY_MS = 10 * 1000,
	IDLE_MS = 15 * 1000, /* between requests */
	PIPELINE = 8,        /* requests served before others have a turn */
};

void *http_new(void)
{
	struct http *h = xcalloc(1, sizeof(*h));
	h->since_ms = clock_steady_ms();
	return h;
}

static void http_clear(struct conn *c)
{
	exchange_free(c);
	free(c->own);
	c->own = NULL;
}

static void begin(struct http *h, enum http_state state)
{
	h->state = state;
	h->since_ms = clock_steady_ms();
}

/* The lines that every answer has, up to the blank one. */
static void add_head(
    struct conn *c, const struct http_answer *a, bool ends, struct buf *out)
{
	const struct http *h = c->own;
	buf_addf(
	    out, "HTTP/1.1 %d %s\r\nDate: ", a->status, http_reason(a->status));
	http_date(clock_wall_ms(), out);
	buf_addz(out, "\r\nX-Content-Type-Options: nosniff\r\n");
	if (a->type != NULL)
		buf_addf(out, "Content-Type: %s\r\n", a->type);
	if (ends && a->status != 204 && a->status != 304)
		buf_addf(out, "Content-Length: %zu\r\n", a->body.n);
	if (h->allow_origin != NULL)
		buf_addf(out,
		    "Access-Control-Allow-Origin: %s\r\n"
		    "Vary: Origin\r\n",
		    h->allow_origin);
	if (a->extra != NULL)
		buf_addz(out, a->extra);
	if (!h->keep_alive)
		buf_addz(out, "Connection: close\r\n");
	buf_addz(out, "\r\n");
}

/* The request is answered: the next one, or the end. */
static void done(struct conn *c)
{
	struct http *h = c->own;
	h->served = true;
	begin(h, HTTP_WAITS);
	if (!h->keep_alive)
		conn_close(c);
}

void http_answer(struct conn *c, const struct http_answer *a)
{
	const struct http *h = c->own;
	struct buf out = { 0 };
	add_head(c, a, true, &out);
	if (!h->head_only && a->status != 304)
		buf_adds(&out, a->body);
	conn_send(c, buf_str(&out));
	buf_clear(&out);
	done(c);
}

void http_begin_stream(struct conn *c, const char *type)
{
	struct http *h = c->own;
	struct buf out = { 0 };
	h->keep_alive = false;
	add_head(c,
	    &(struct http_answer){ .status = 200,
		.type = type,
		.extra = "Cache-Control: no-store\r\n"
			 "X-Accel-Buffering: no\r\n" },
	    false, &out);
	conn_send(c, buf_str(&out));
	buf_clear(&out);
	begin(h, HTTP_STREAMS);
}

void http_error_json(
    struct conn *c, int status, int64_t retry_ms, struct str json)
{
	char extra[96];
	(void)snprintf(extra, sizeof(extra), "Cache-Control: no-store\r\n%s",
	    status == 401 ? "WWW-Authenticate: Bearer\r\n" : ""); /* fits */
	if (retry_ms > 0)
		(void)snprintf(extra, sizeof(extra),
		    "Cache-Control: no-store\r\nRetry-After: %lld\r\n",
		    (long long)(retry_ms + 999) / 1000); /* fits */
	http_answer(c, &(struct http_answer){ .status = status,
			   .type = "application/json",
			   .extra = extra,
			   .body = json });
}

void http_error(struct conn *c, int status, enum error_code code,
    const char *extra, const char *fmt, ...)
{
	char text[400];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	struct str whole = str_of(text);
	whole.n = utf8_check(whole); /* a name in it may have been cut */
	struct buf json = { 0 };
	event_json(
	    &(struct event){ .type = EVENT_ERROR, .code = code, .text = whole },
	    &json);
	http_answer(c, &(struct http_answer){ .status = status,
			   .type = "application/json",
			   .extra = extra,
			   .body = buf_str(&json) });
	buf_clear(&json);
}

/* A request that cannot be trusted to end where it says: it is the last. */
static void refuse(struct conn *c, int status)
{
	static const struct {
		int status;
		enum error_code code;
		const char *why;
	} reasons[] = {
		{ 408, ERROR_TOO_LONG, "the request took too long to come" },
		{ 411, ERROR_MISSING_FIELD,
		    "a POST needs a Content-Length; chunked bodies are not "
		    "taken" },
		{ 413, ERROR_TOO_LONG, "the body is over 65536 bytes" },
		{ 417, ERROR_UNKNOWN_TYPE, "only 100-continue is expected" },
		{ 431, ERROR_TOO_LONG,
		    "the header is over 8192 bytes or 64 fields" },
		{ 501, ERROR_UNKNOWN_TYPE,
		    "this method, or a Transfer-Encoding, is not taken" },
		{ 505, ERROR_UNKNOWN_TYPE, "HTTP/1.0 and 1.1 are spoken" },
	};
	size_t i = 0;
	while (i < HG_COUNT(reasons) && reasons[i].status != status)
		i++;
	bool known = i < HG_COUNT(reasons);
	struct http *h = c->own;
	h->keep_alive = false;
	h->head_only = false;
	h->allow_origin = NULL;
	http_error(c, status, known ? reasons[i].code : ERROR_BAD_JSON, NULL,
	    "%s",
	    known ? reasons[i].why : "this is not a well-formed HTTP request");
}

/* Look for the end of the head; false when it is not there or was refused. */
static bool find_head(struct conn *c, struct str bytes)
{
	struct http *h = c->own;
	struct str look = { bytes.p,
		bytes.n < HTTP_HEAD_BYTES ? bytes.n : HTTP_HEAD_BYTES };
	long end = http_gate(look, h->scanned);
	h->scanned = look.n;
	if (end > 0)
		h->head = (size_t)end;
	else if (end < 0)
		refuse(c, 400);
	else if (look.n == HTTP_HEAD_BYTES)
		refuse(c, 431);
	return end > 0;
}

static void begin_request(struct http *h)
{
	begin(h, HTTP_READS);
	h->scanned = h->head = h->whole = 0;
}

/* The head is whole: how much is to come? */
static bool begin_body(struct conn *c, const struct http_request *r, size_t n)
{
	struct http *h = c->own;
	h->whole = h->head + r->content_length;
	h->since_ms = clock_steady_ms();
	if (n == h->head && h->whole > n && r->expects_continue)
		conn_send(c, STR("HTTP/1.1 100 Continue\r\n\r\n"));
	return n >= h->whole;
}

/* Serve one request if it is whole; false: wait, or it was the last. */
static bool take_one(struct conn *c)
{
	struct http *h = c->own;
	struct http_request r;
	struct str bytes = conn_input(c, CONN_READ_MARK);
	if (bytes.n == 0)
		return false;
	if (h->state == HTTP_WAITS)
		begin_request(h);
	if (h->head == 0 && !find_head(c, bytes))
		return false;
	if (h->whole > bytes.n)
		return false;
	int status = http_parse(&r, (struct str){ bytes.p, h->head });
	if (status != 0) {
		refuse(c, status);
		return false;
	}
	if (h->whole == 0 && !begin_body(c, &r, bytes.n))
		return false;
	size_t whole = h->whole;
	h->keep_alive = r.keep_alive;
	h->head_only = r.method == HTTP_HEAD;
	h->takes_gzip = r.takes_gzip;
	h->allow_origin = NULL;
	struct str body = { bytes.p + h->head, r.content_length };
	begin(h, HTTP_WORKS);
	routes_serve(c, &r, body);
	if (c->dead || c->closing)
		return false; /* the input is gone */
	conn_took(c, whole);
	return c->protocol == &http_protocol;
}

static void http_take(struct conn *c)
{
	for (int n = 0; conn_may_read(c); n++) {
		const struct http *h = c->own;
		if (h->state >= HTTP_WORKS)
			break;
		if (n == PIPELINE) { /* others first */
			conn_defer(c);
			break;
		}
		if (!take_one(c))
			break;
	}
	if (c->protocol != &http_protocol) { /* frames behind the upgrade */
		c->protocol->take(c);
		return;
	}
	if (c->eof && !c->dead && !c->closing)
		exchange_hurry(c);
}

static void http_send(struct conn *c, const struct hub_said *said)
{
	exchange_send(c, said);
}

static void http_later(struct conn *c)
{
	exchange_later(c);
}

static void http_bye(struct conn *c, bool going_away)
{
	if (going_away)
		exchange_hurry(c);
}

/* Always: the end of the other side is only seen by reading. */
static bool http_wants(const struct conn *c)
{
	(void)c; /* take_one stops by itself */
	return true;
}

static bool http_owes(const struct conn *c)
{
	const struct http *h = c->own;
	return h->state == HTTP_WORKS;
}

static void http_tick(struct conn *c, int64_t now_ms)
{
	struct http *h = c->own;
	int64_t for_ms = now_ms - h->since_ms;
	switch (h->state) {
	case HTTP_WAITS:
		if (conn_output(c) > 0)
			h->since_ms = now_ms; /* an answer is leaving */
		else if (for_ms > (h->served ? IDLE_MS : FIRST_MS))
			conn_close(c);
		return;
	case HTTP_READS:
		if (for_ms > (h->whole > 0 ? BODY_MS : FIRST_MS))
			refuse(c, 408);
		return;
	case HTTP_WORKS:
	case HTTP_STREAMS:
		exchange_tick(c, now_ms);
	}
}

const struct protocol http_protocol = {
	.take = http_take,
	.send = http_send,
	.later = http_later,
	.bye = http_bye,
	.wants = http_wants,
	.owes = http_owes,
	.tick = http_tick,
	.clear = http_clear,
};
