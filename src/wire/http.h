#ifndef HG_WIRE_HTTP_H
#define HG_WIRE_HTTP_H

#include "base/buf.h"
#include "model/event.h"

#include <stdint.h>

/* The head of an HTTP/1.1 request, read strictly: what two programs could read
 * in two ways is refused (RFC 9112, section 11.2), so that nothing is smuggled
 * past a proxy.  Bodies have a Content-Length; chunked ones are refused. */

enum {
	HTTP_HEAD_BYTES = 8 * 1024,
	HTTP_FIELDS = 64,
	HTTP_BODY_BYTES = 64 * 1024,
};

enum http_method {
	HTTP_GET = 1,
	HTTP_HEAD = 2,
	HTTP_POST = 4,
	HTTP_DELETE = 8,
	HTTP_OPTIONS = 16,
};

/* Everything points into the bytes it was parsed from. */
struct http_request {
	enum http_method method;
	struct str path, query; /* query without "?", p == NULL: none */
	struct str host, origin, content_type,
	    token; /* Authorization: Bearer */
	struct str forwarded_for, if_none_match, last_event_id, cookie, csrf;
	struct str ws_key, ws_version, ws_protocol;
	struct str request_method; /* Access-Control-Request-Method */
	size_t content_length;
	bool keep_alive;
	bool expects_continue;
	bool connection_upgrade; /* Connection: Upgrade */
	bool upgrades;           /* to a WebSocket; both fields say so */
	bool takes_gzip;
};

/* Look at the bytes of a head from byte `from` on (those before it were looked
 * at before).  The length of the whole head with its blank line; 0: more is
 * needed; -1: refuse, no head can begin like that. */
long http_gate(struct str bytes, size_t from);

/* Parse a head that http_gate has let pass.  0, or the status to refuse it
 * with; then the connection must be closed after the answer. */
int http_parse(struct http_request *r, struct str head) HG_MUST_USE;

/* The value of a query parameter as it stands; false when it is not there. */
bool http_query(struct str query, const char *name, struct str *value);
/* A query parameter that is a whole number of at most 15 digits; `otherwise`
 * when it is absent, -1 when it is something else. */
int64_t http_query_number(
    struct str query, const char *name, int64_t otherwise);

/* The status that goes with an error. */
int http_status(enum error_code code);
/* The words for a status, "Not Found". */
const char *http_reason(int status);
/* Append "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7) for a time in
 * milliseconds since 1970. */
void http_date(int64_t at_ms, struct buf *out);

/* What answers a Sec-WebSocket-Key (RFC 6455, 4.2.2): 28 characters and NUL. */
enum { WS_KEY_BYTES = 24, WS_ACCEPT_BYTES = 29 };
void ws_accept(struct str key, char out[WS_ACCEPT_BYTES]);
/* Is it the base64 of 16 bytes? */
bool ws_key_is_good(struct str key);

#endif
