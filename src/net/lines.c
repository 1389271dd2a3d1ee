/* The line protocols: a person's text, or one JSON object a line.  The first
 * bytes tell which. */
#include "base/mem.h"
#include "base/utf8.h"
#include "model/limits.h"
#include "net/conn.h"
#include "sys/clock.h"
#include "wire/frame.h"

#include <stdlib.h>

enum { PARTIAL_MS = 30 * 1000 }; /* for one line */

struct lines {
	enum frame_kind kind;
	int64_t partial_ms; /* when an unfinished line began; 0 none */
};

void *lines_new(void)
{
	return xcalloc(1, sizeof(struct lines));
}

static void lines_clear(struct conn *c)
{
	free(c->own);
	c->own = NULL;
}

static void lines_send(struct conn *c, const struct hub_said *said)
{
	const struct lines *l = c->own;
	if (l->kind == FRAME_TEXT) {
		conn_send(c, said->plain);
		return;
	}
	conn_send(c, said->json);
	conn_send(c, STR("\n"));
}

/* Say once what is wrong, then close. */
static void abuse(struct conn *c, enum error_code code, const char *text)
{
	hub_refuse(c->peer, STR_NONE, code, "%s", text);
	conn_close(c);
}

/* Tell the protocol by the first bytes; false: wait or closed. */
static bool greet(struct conn *c, struct str head)
{
	struct lines *l = c->own;
	enum frame_kind kind = frame_kind_of(head);
	if (kind == FRAME_UNKNOWN)
		return false;
	if (c->door == DOOR_ADMIN)
		kind = FRAME_JSON;
	bool wrong = kind == FRAME_HTTP || kind == FRAME_TLS;
	l->kind = wrong ? FRAME_TEXT : kind;
	conn_meet(c, l->kind == FRAME_TEXT);
	if (wrong)
		abuse(c, ERROR_UNKNOWN_TYPE,
		    kind == FRAME_HTTP
			? "this port speaks lines, not HTTP; send text, or "
			  "JSON objects, one per line"
			: "this port has no TLS; connect in plain, or through "
			  "a TLS proxy");
	return !wrong;
}

static void take_line(struct conn *c, struct str line)
{
	const struct lines *l = c->own;
	if (l->kind == FRAME_JSON) {
		if (str_trim(line).n != 0)
			conn_ask(c, line);
	} else if (utf8_check(line) == line.n &&
		   memchr(line.p, '\0', line.n) == NULL)
		hub_line(c->peer, line);
	else
		hub_refuse(c->peer, STR_NONE, ERROR_BAD_UTF8,
		    "that line is not valid UTF-8 text; set your terminal to "
		    "UTF-8");
}

/* Take lines as long as there are any, at most those at hand; the bytes they
 * used.  At the end of input the rest counts as a line. */
static size_t take_lines(struct conn *c, struct str bytes)
{
	struct lines *l = c->own;
	size_t done = 0;
	while (conn_may_read(c) && done < bytes.n) {
		struct str rest = { bytes.p + done, bytes.n - done }, line;
		if (c->peer == NULL && !greet(c, rest)) {
			if (!c->eof || c->closing)
				break;
			l->kind = FRAME_TEXT; /* as much as will come */
			conn_meet(c, true);
		}
		size_t used = rest.n, most = l->kind == FRAME_JSON
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
			    l->kind == FRAME_JSON
				? "an object is longer than 16384 bytes"
				: "a line is longer than 4096 bytes");
			break;
		}
		take_line(c, line);
		done += used;
	}
	return done;
}

static void lines_take(struct conn *c)
{
	struct lines *l = c->own;
	struct str bytes = conn_input(c, CONN_READ_MARK);
	size_t done = take_lines(c, bytes);
	if (c->dead || c->closing)
		return; /* the input is gone */
	conn_took(c, done);
	bool partial = done < bytes.n && conn_may_read(c);
	if (!partial || done > 0)
		l->partial_ms = 0;
	if (partial && l->partial_ms == 0)
		l->partial_ms = clock_steady_ms();
}

static bool lines_wants(const struct conn *c)
{
	return c->peer == NULL ||
	       (!hub_is_waiting(c->peer) &&
		   hub_unanswered(c->peer) < CONN_MAX_UNANSWERED);
}

static bool lines_owes(const struct conn *c)
{
	return c->peer != NULL &&
	       (hub_unanswered(c->peer) > 0 || hub_is_waiting(c->peer));
}

static void lines_tick(struct conn *c, int64_t now_ms)
{
	const struct lines *l = c->own;
	if (l->partial_ms != 0 && now_ms - l->partial_ms > PARTIAL_MS)
		conn_kill(c);
}

const struct protocol lines_protocol = {
	.take = lines_take,
	.send = lines_send,
	.wants = lines_wants,
	.owes = lines_owes,
	.tick = lines_tick,
	.clear = lines_clear,
};
