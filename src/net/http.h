#ifndef HG_NET_HTTP_H
#define HG_NET_HTTP_H

#include "net/conn.h"
#include "net/web.h"
#include "wire/http.h"

/* Inside the HTTP side of net: http.c the connection, routes.c who answers,
 * exchange.c requests that go through the hub. */

enum http_state {
	HTTP_WAITS,   /* for a request to begin */
	HTTP_READS,   /* a head or a body */
	HTTP_WORKS,   /* an exchange with the hub goes on */
	HTTP_STREAMS, /* events, until one side closes */
};

struct exchange;

struct http {
	enum http_state state;
	bool served;      /* a request before this one */
	size_t scanned;   /* bytes of the head that the gate has seen */
	size_t head;      /* its length, 0 while it is not whole */
	size_t whole;     /* with the body */
	int64_t since_ms; /* when the state began */
	/* of the request that is being answered */
	bool keep_alive, head_only, takes_gzip;
	const char *allow_origin; /* for CORS, NULL none; the config's */
	struct exchange *exchange;
};

struct http_answer {
	int status;
	const char *type;  /* of the body, NULL for none */
	const char *extra; /* header lines, each with CRLF, or NULL */
	struct str body;
};
/* Answer the request at hand; a status that refuses closes the connection. */
void http_answer(struct conn *c, const struct http_answer *a);
/* An error object with its status. */
void http_error(struct conn *c, int status, enum error_code code,
    const char *extra, const char *fmt, ...) HG_PRINTF(5, 6);
/* The same, from an error object. */
void http_error_json(
    struct conn *c, int status, int64_t retry_ms, struct str json);
/* Begin an answer without an end: only header lines. */
void http_begin_stream(struct conn *c, const char *type);

/* routes.c */
void routes_serve(
    struct conn *c, const struct http_request *r, struct str body);

/* exchange.c */
enum exchange_kind {
	EXCHANGE_CREATE,  /* a conversation */
	EXCHANGE_SEND,    /* a message, feedback, typing */
	EXCHANGE_READ,    /* what was said, waiting for it if need be */
	EXCHANGE_STREAM,  /* the same without end */
	EXCHANGE_SIGN_IN, /* of an agent, for a session */
};
/* id: the conversation's, none to create one. */
void exchange_start(struct conn *c, enum exchange_kind kind,
    const struct http_request *r, struct str id, struct str body);
void exchange_send(struct conn *c, const struct hub_said *said);
/* The hub has taken what was asked: go on to the next stage, or answer. */
void exchange_later(struct conn *c);
void exchange_tick(struct conn *c, int64_t now_ms);
/* The other side sends no more, or we stop. */
void exchange_hurry(struct conn *c);
void exchange_free(struct conn *c);

/* ws.c: take the connection over; the upgrade has been checked. */
void ws_start(
    struct conn *c, const struct http_request *r, enum peer_door door);

#endif
