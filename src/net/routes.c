/* Who answers which path, to whom, and what may be asked from elsewhere. */
#include "base/attr.h"
#include "base/mem.h"
#include "net/http.h"
#include "wire/wire.h"

#include <strings.h>

/* "https://HOST" or "http://HOST" of the address that was asked: behind a
 * proxy that ends TLS the scheme is not known. */
static bool is_own_origin(const struct http_request *r)
{
	struct str o = r->origin;
	size_t skip = str_starts(o, STR("https://"))  ? 8
		      : str_starts(o, STR("http://")) ? 7
						      : 0;
	struct str host = { o.p + skip, o.n - skip };
	return skip > 0 && r->host.n == host.n &&
	       strncasecmp(host.p, r->host.p, host.n) == 0;
}

/* May a page of this origin talk to us?  No origin: no browser, and nobody is
 * known by a cookie here. */
static bool origin_is_allowed(struct conn *c, const struct http_request *r)
{
	const struct web_config *w = c->set->web;
	struct http *h = c->own;
	if (r->origin.p == NULL || is_own_origin(r))
		return true;
	for (size_t i = 0; i < w->n_origins; i++)
		if (str_is(r->origin, w->origins[i]) ||
		    strcmp(w->origins[i], "*") == 0) {
			h->allow_origin = w->origins[i];
			return true;
		}
	return false;
}

static void refuse_origin(struct conn *c)
{
	http_error(c, 403, ERROR_FORBIDDEN, NULL,
	    "pages of this origin may not talk to this server; add it to "
	    "\"origins\" in the config");
}

static bool is_listed(const char *const *list, size_t n, const char *address)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], address) == 0)
			return true;
	return false;
}

/* Behind a proxy we trust, the visitor is whom the proxy names last. */
static void believe_proxy(struct conn *c, const struct http_request *r)
{
	const struct web_config *w = c->set->web;
	char address[48];
	struct str list = r->forwarded_for, part, last = STR_NONE;
	if (w->n_proxies == 0 || list.p == NULL)
		return;
	conn_remote(c, address, sizeof(address));
	if (!is_listed(w->proxies, w->n_proxies, address))
		return;
	while (str_next(&list, ',', &part))
		last = str_trim(part);
	if (last.n > 0 && last.n < sizeof(c->address))
		FIELD_SET(c->address, last.p, last.n);
}

/* Too many long connections from one address? */
static bool is_crowded(struct conn *c, const struct http_request *r)
{
	believe_proxy(c, r);
	return c->address[0] != '\0' &&
	       conns_from(c->set, c->address) > c->set->max_per_address;
}

static void refuse_crowd(struct conn *c)
{
	http_error(c, 503, ERROR_BUSY, "Retry-After: 5\r\n",
	    "too many connections from your address; close one, or try again "
	    "in a moment");
}

static void serve_create(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	exchange_start(c, EXCHANGE_CREATE, r, id, body);
}

static void serve_send(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	exchange_start(c, EXCHANGE_SEND, r, id, body);
}

static void serve_read(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	exchange_start(c, EXCHANGE_READ, r, id, body);
}

static void serve_stream(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	if (is_crowded(c, r))
		refuse_crowd(c);
	else
		exchange_start(c, EXCHANGE_STREAM, r, id, body);
}

/* The session cookie, or none. */
static struct str session_of(const struct http_request *r)
{
	struct str rest = r->cookie, part, name = STR("hangat_desk=");
	while (rest.p != NULL && str_next(&rest, ';', &part)) {
		part = str_trim(part);
		if (str_starts(part, name))
			return (struct str){ part.p + name.n, part.n - name.n };
	}
	return STR_NONE;
}

/* Upgrade to a WebSocket, or say what is missing (RFC 6455, 4.2). */
static void upgrade(
    struct conn *c, const struct http_request *r, enum peer_door door)
{
	if (!r->upgrades || r->method != HTTP_GET)
		http_error(c, 426, ERROR_UNKNOWN_TYPE,
		    "Connection: Upgrade\r\nUpgrade: websocket\r\n",
		    "this is a WebSocket; open it with new WebSocket(...)");
	else if (!str_is(r->ws_version, "13"))
		http_error(c, 426, ERROR_UNKNOWN_TYPE,
		    "Sec-WebSocket-Version: 13\r\n",
		    "Sec-WebSocket-Version must be 13");
	else if (!r->keep_alive || !ws_key_is_good(r->ws_key))
		http_error(c, 400, ERROR_UNKNOWN_TYPE, NULL,
		    "Sec-WebSocket-Key must be 16 bytes in base64, on "
		    "HTTP/1.1");
	else if (is_crowded(c, r))
		refuse_crowd(c);
	else
		ws_start(c, r, door);
}

static void serve_chat(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	(void)id;
	(void)body;
	upgrade(c, r, DOOR_WEB);
}

static void serve_desk(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	(void)id;
	(void)body;
	if (r->origin.p != NULL && !is_own_origin(r))
		refuse_origin(c); /* the desk is no widget */
	else
		upgrade(c, r, DOOR_DESK);
	/* a cookie counts only on a page of our own, which says so */
	if (c->protocol == &ws_protocol && r->origin.p != NULL)
		hub_vouch(c->peer, session_of(r));
}

static void serve_sign_in(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	if (r->origin.p != NULL && !is_own_origin(r)) {
		hub_audit(c->set->hub, "nobody",
		    "forbidden: a sign-in from a page of another origin");
		refuse_origin(c);
	} else
		exchange_start(c, EXCHANGE_SIGN_IN, r, id, body);
}

static void refuse_session(struct conn *c, struct str session)
{
	if (session.p != NULL) /* none at all is a page that asks who it is */
		hub_audit(c->set->hub, "nobody",
		    "bad_token: a session that is none, or has ended");
	http_error(c, 401, ERROR_BAD_TOKEN, "Cache-Control: no-store\r\n",
	    "nobody is signed in here; post name and password to this path");
}

/* Who is signed in?  And what the page must send along to sign out. */
static void serve_session(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	struct str session = session_of(r);
	const char *name =
	    session.p != NULL ? hub_session(c->set->hub, session) : NULL;
	char csrf[SECRET_SIGNATURE_BYTES];
	(void)id;
	(void)body;
	if (name == NULL) {
		refuse_session(c, session);
		return;
	}
	struct buf json = { 0 };
	hub_csrf(c->set->hub, session, csrf);
	event_json(&(struct event){ .type = EVENT_WELCOME,
		       .role = "agent",
		       .from_name = name,
		       .csrf = csrf },
	    &json);
	http_answer(c, &(struct http_answer){ .status = 200,
			   .type = "application/json",
			   .extra = "Cache-Control: no-store\r\n",
			   .body = buf_str(&json) });
	buf_clear(&json);
}

static void serve_sign_out(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	struct str session = session_of(r);
	char csrf[SECRET_SIGNATURE_BYTES];
	(void)id;
	(void)body;
	const char *name =
	    session.p != NULL ? hub_session(c->set->hub, session) : NULL;
	if (name == NULL) {
		refuse_session(c, session);
		return;
	}
	hub_csrf(c->set->hub, session, csrf);
	if (r->csrf.p == NULL || !secret_same_text(r->csrf, str_of(csrf))) {
		hub_audit(c->set->hub, name,
		    "forbidden: X-CSRF-Token is missing or another session's");
		http_error(c, 403, ERROR_FORBIDDEN, NULL,
		    "X-CSRF-Token is missing or another session's");
	} else
		http_answer(c,
		    &(struct http_answer){ .status = 204,
			.extra = "Set-Cookie: hangat_desk=; Path=/; "
				 "Max-Age=0; HttpOnly; SameSite=Strict\r\n" });
}

static void serve_health(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	(void)r;
	(void)id;
	(void)body;
	http_answer(c, &(struct http_answer){ .status = 200,
			   .type = "text/plain; charset=utf-8",
			   .extra = "Cache-Control: no-store\r\n",
			   .body = STR("ok\n") });
}

static void serve_ready(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	if (hub_is_ready(c->set->hub) && !c->set->draining)
		serve_health(c, r, id, body);
	else
		http_error(c, 503, ERROR_BUSY, "Cache-Control: no-store\r\n",
		    "the disk does not keep up, or the daemon is stopping");
}

static void serve_metrics(struct conn *c, const struct http_request *r,
    struct str id, struct str body)
{
	(void)id;
	(void)body;
	if (!hub_is_operator(c->set->hub, r->token)) {
		http_error(c, 401, ERROR_BAD_TOKEN,
		    "WWW-Authenticate: Bearer\r\n",
		    "metrics need the operator's token; make one with "
		    "hangatctl tokens add operator NAME");
		return;
	}
	struct buf out = { 0 };
	hub_metrics(c->set->hub, &out);
	http_answer(c, &(struct http_answer){ .status = 200,
			   .type = "application/openmetrics-text; "
				   "version=1.0.0; charset=utf-8",
			   .extra = "Cache-Control: no-store\r\n",
			   .body = buf_str(&out) });
	buf_clear(&out);
}

/* Is this entity tag in the list of an If-None-Match (RFC 9110, 13.1.2)? */
static bool is_known_tag(struct str list, const char *etag)
{
	struct str part;
	while (list.p != NULL && str_next(&list, ',', &part)) {
		part = str_trim(part);
		if (str_starts(part, STR("W/")))
			part = (struct str){ part.p + 2, part.n - 2 };
		if (str_is(part, etag) || str_is(part, "*"))
			return true;
	}
	return false;
}

static void serve_asset(
    struct conn *c, const struct http_request *r, const struct asset *a)
{
	const struct http *h = c->own;
	bool zipped = h->takes_gzip && a->gzip.n > 0;
	struct buf extra = { 0 };
	buf_addf(&extra,
	    "ETag: %s\r\nCache-Control: %s\r\nVary: Accept-Encoding\r\n"
	    "Referrer-Policy: no-referrer\r\n"
	    "Cross-Origin-Resource-Policy: cross-origin\r\n",
	    a->etag, a->lifetime);
	if (zipped)
		buf_addz(&extra, "Content-Encoding: gzip\r\n");
	if (a->policy != NULL)
		buf_addf(&extra, "Content-Security-Policy: %s\r\n", a->policy);
	bool known = is_known_tag(r->if_none_match, a->etag);
	http_answer(c, &(struct http_answer){ .status = known ? 304 : 200,
			   .type = a->type,
			   .extra = extra.p,
			   .body = zipped ? a->gzip : a->data });
	buf_clear(&extra);
}

static const struct route {
	const char *path; /* "*" stands for a conversation's id */
	unsigned methods;
	bool changes; /* only for pages of allowed origins */
	void (*serve)(struct conn *c, const struct http_request *r,
	    struct str id, struct str body);
} routes[] = {
	{ "/v1/conversations", HTTP_POST, true, serve_create },
	{ "/v1/conversations/*/messages", HTTP_POST, true, serve_send },
	{ "/v1/conversations/*/messages", HTTP_GET, false, serve_read },
	{ "/v1/conversations/*/stream", HTTP_GET, false, serve_stream },
	{ "/v1/chat", HTTP_GET, true, serve_chat },
	{ "/v1/desk", HTTP_GET, false, serve_desk },
	{ "/v1/desk/session", HTTP_POST, false, serve_sign_in },
	{ "/v1/desk/session", HTTP_GET, false, serve_session },
	{ "/v1/desk/session", HTTP_DELETE, false, serve_sign_out },
	{ "/healthz", HTTP_GET | HTTP_HEAD, false, serve_health },
	{ "/readyz", HTTP_GET | HTTP_HEAD, false, serve_ready },
	{ "/metrics", HTTP_GET, false, serve_metrics },
};

/* Does the path fit, and what stands for "*"? */
static bool fits(const char *pattern, struct str path, struct str *id)
{
	const char *star = strchr(pattern, '*');
	*id = STR_NONE;
	if (star == NULL)
		return str_is(path, pattern);
	struct str head = { pattern, (size_t)(star - pattern) };
	struct str tail = str_of(star + 1);
	if (path.n <= head.n + tail.n || !str_starts(path, head) ||
	    memcmp(path.p + path.n - tail.n, tail.p, tail.n) != 0)
		return false;
	*id = (struct str){ path.p + head.n, path.n - head.n - tail.n };
	return memchr(id->p, '/', id->n) == NULL;
}

static void add_method(
    unsigned methods, unsigned m, const char *name, struct buf *out)
{
	if (methods & m)
		buf_addf(out, "%s%s", out->n > 0 ? ", " : "", name);
}

static void list_methods(unsigned methods, struct buf *out)
{
	add_method(methods, HTTP_GET, "GET", out);
	add_method(methods, HTTP_HEAD, "HEAD", out);
	add_method(methods, HTTP_POST, "POST", out);
	add_method(methods, HTTP_DELETE, "DELETE", out);
	add_method(methods, HTTP_OPTIONS, "OPTIONS", out);
}

/* A browser asks before it asks (CORS), or somebody wants to know. */
static void serve_options(
    struct conn *c, const struct http_request *r, unsigned methods)
{
	struct buf list = { 0 }, extra = { 0 };
	list_methods(methods | HTTP_OPTIONS, &list);
	buf_addf(&extra, "Allow: %s\r\n", list.p);
	if (r->request_method.p != NULL)
		buf_addf(&extra,
		    "Access-Control-Allow-Methods: %s\r\n"
		    "Access-Control-Allow-Headers: authorization, "
		    "content-type, last-event-id\r\n"
		    "Access-Control-Max-Age: 600\r\n",
		    list.p);
	http_answer(
	    c, &(struct http_answer){ .status = 204, .extra = extra.p });
	buf_clear(&list);
	buf_clear(&extra);
}

static void refuse_method(struct conn *c, unsigned methods)
{
	struct buf list = { 0 }, extra = { 0 };
	list_methods(methods | HTTP_OPTIONS, &list);
	buf_addf(&extra, "Allow: %s\r\n", list.p);
	http_error(
	    c, 405, ERROR_UNKNOWN_TYPE, extra.p, "this path takes %s", list.p);
	buf_clear(&list);
	buf_clear(&extra);
}

static const struct asset *find_asset(const struct conns *set, struct str path)
{
	for (size_t i = 0; i < set->web->n_assets; i++)
		if (str_is(path, set->web->assets[i].path))
			return &set->web->assets[i];
	return NULL;
}

void routes_serve(struct conn *c, const struct http_request *r, struct str body)
{
	const struct asset *a = find_asset(c->set, r->path);
	const struct route *route = NULL;
	unsigned methods = a != NULL ? HTTP_GET | HTTP_HEAD : 0;
	struct str id = STR_NONE, part;
	for (size_t i = 0; i < HG_COUNT(routes); i++)
		if (fits(routes[i].path, r->path, &part)) {
			methods |= routes[i].methods;
			if (routes[i].methods & r->method) {
				route = &routes[i];
				id = part;
			}
		}
	bool allowed = origin_is_allowed(c, r);
	if (methods == 0)
		http_error(c, 404, ERROR_NOT_FOUND, NULL,
		    "there is nothing at this path; see /openapi.json");
	else if (!allowed && (r->method == HTTP_OPTIONS ||
				 (route != NULL && route->changes)))
		refuse_origin(c);
	else if (r->method == HTTP_OPTIONS)
		serve_options(c, r, methods);
	else if (route != NULL)
		route->serve(c, r, id, body);
	else if (a != NULL && (methods & r->method))
		serve_asset(c, r, a);
	else
		refuse_method(c, methods);
}
