/* The head of an HTTP request.  One gate over each byte, then a parser that
 * looks at whole heads only. */
#include "wire/http.h"
#include "base/attr.h"

#include <stdio.h>
#include <strings.h>
#include <time.h>

static bool is_alnum(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* RFC 9110, 5.6.2 */
static bool is_tchar(unsigned char c)
{
	return is_alnum(c) || (c != 0 && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!is_tchar((unsigned char)s.p[i]))
			return false;
	return s.n > 0;
}

static bool same_word(struct str s, const char *word)
{
	return s.n == strlen(word) && strncasecmp(s.p, word, s.n) == 0;
}

/* Is the word a member of this comma-separated list? */
static bool has_member(struct str list, const char *word)
{
	struct str part;
	while (str_next(&list, ',', &part)) {
		part = str_trim(part);
		const char *semi =
		    part.n > 0 ? memchr(part.p, ';', part.n) : NULL;
		if (semi != NULL)
			part = str_trim(
			    (struct str){ part.p, (size_t)(semi - part.p) });
		if (same_word(part, word))
			return true;
	}
	return false;
}

long http_gate(struct str b, size_t from)
{
	for (size_t i = from; i < b.n; i++) {
		unsigned char c = (unsigned char)b.p[i];
		unsigned char before = i > 0 ? (unsigned char)b.p[i - 1] : 0;
		if (before == '\r' && c != '\n')
			return -1;
		if (c == '\n') {
			if (before != '\r' || i < 2)
				return -1; /* a bare LF, or a blank first line
					    */
			if (i >= 3 && b.p[i - 2] == '\n')
				return (long)(i + 1);
		} else if (c != '\r') {
			if ((c < 0x20 && c != '\t') || c == 0x7f)
				return -1;
			if (before == '\n' && (c == ' ' || c == '\t'))
				return -1; /* a folded line */
		}
	}
	return 0;
}

static int parse_target(struct http_request *r, struct str target)
{
	if (target.n == 0 || target.p[0] != '/')
		return 400; /* origin form only */
	for (size_t i = 0; i < target.n; i++) {
		unsigned char c = (unsigned char)target.p[i];
		if (c <= 0x20 || c >= 0x7f || strchr("\"#<>\\^`{|}", c))
			return 400;
	}
	const char *mark = memchr(target.p, '?', target.n);
	r->path = target;
	if (mark != NULL) {
		r->path.n = (size_t)(mark - target.p);
		r->query.p = mark + 1;
		r->query.n = target.n - r->path.n - 1;
	}
	return 0;
}

static int parse_method(struct http_request *r, struct str name)
{
	static const struct {
		const char *name;
		enum http_method method;
	} methods[] = {
		{ "GET", HTTP_GET },
		{ "HEAD", HTTP_HEAD },
		{ "POST", HTTP_POST },
		{ "DELETE", HTTP_DELETE },
		{ "OPTIONS", HTTP_OPTIONS },
	};
	for (size_t i = 0; i < HG_COUNT(methods); i++)
		if (str_is(name, methods[i].name)) {
			r->method = methods[i].method;
			return 0;
		}
	return is_token(name) ? 501 : 400;
}

static int parse_version(struct http_request *r, struct str version)
{
	if (str_is(version, "HTTP/1.1"))
		r->keep_alive = true;
	else if (!str_is(version, "HTTP/1.0"))
		return version.n == 8 && str_starts(version, STR("HTTP/"))
			   ? 505
			   : 400;
	return 0;
}

static int parse_request_line(struct http_request *r, struct str line)
{
	struct str method, target;
	if (!str_next(&line, ' ', &method) || line.p == NULL ||
	    !str_next(&line, ' ', &target) || line.p == NULL)
		return 400;
	int refused = parse_method(r, method);
	int bad = parse_version(r, line);
	if (bad == 0 || bad == 505) {
		int off = parse_target(r, target);
		bad = off != 0 ? off : bad;
	}
	return refused == 400 || bad == 0 ? refused : bad;
}

static int set_once(struct str *slot, struct str v)
{
	if (slot->p != NULL)
		return 400;
	*slot = v;
	return 0;
}

static int set_last(struct str *slot, struct str v)
{
	*slot = v;
	return 0;
}

static int on_host(struct http_request *r, struct str v)
{
	for (size_t i = 0; i < v.n; i++)
		if (!is_alnum((unsigned char)v.p[i]) &&
		    strchr(".-_:[]", v.p[i]) == NULL)
			return 400;
	return v.n == 0 ? 400 : set_once(&r->host, v);
}

static int on_length(struct http_request *r, struct str v)
{
	enum { MOST_DIGITS = 9 };
	if (v.n == 0 || r->content_length != SIZE_MAX)
		return 400;
	size_t n = 0;
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return 400;
		if (i < MOST_DIGITS)
			n = n * 10 + (size_t)(v.p[i] - '0');
	}
	if (v.n > MOST_DIGITS)
		return 413;
	r->content_length = n;
	return 0;
}

static int on_transfer(struct http_request *r, struct str v)
{
	(void)r; /* no browser sends it, and it is how requests are smuggled */
	(void)v;
	return 501;
}

static int on_connection(struct http_request *r, struct str v)
{
	if (has_member(v, "close"))
		r->keep_alive = false;
	if (has_member(v, "upgrade"))
		r->connection_upgrade = true;
	return 0;
}

static int on_upgrade(struct http_request *r, struct str v)
{
	r->upgrades = has_member(v, "websocket");
	return 0;
}

static int on_expect(struct http_request *r, struct str v)
{
	if (!same_word(v, "100-continue"))
		return 417;
	r->expects_continue = true;
	return 0;
}

static int on_encoding(struct http_request *r, struct str v)
{
	r->takes_gzip = has_member(v, "gzip");
	return 0;
}

static int on_authorization(struct http_request *r, struct str v)
{
	static const struct str scheme = { "Bearer ", 7 };
	struct str token = { "", 0 }; /* another scheme: a token of nobody */
	if (v.n > scheme.n && strncasecmp(v.p, scheme.p, scheme.n) == 0)
		token =
		    str_trim((struct str){ v.p + scheme.n, v.n - scheme.n });
	return set_once(&r->token, token);
}

static const struct {
	const char *name;
	int (*take)(struct http_request *r, struct str v); /* or */
	size_t at;                                         /* of a struct str */
	bool once;
} known[] = {
	{ "Host", on_host, 0, true },
	{ "Content-Length", on_length, 0, true },
	{ "Transfer-Encoding", on_transfer, 0, true },
	{ "Connection", on_connection, 0, false },
	{ "Upgrade", on_upgrade, 0, false },
	{ "Expect", on_expect, 0, false },
	{ "Accept-Encoding", on_encoding, 0, false },
	{ "Authorization", on_authorization, 0, true },
#define TEXT(name, field, once)                                                \
	{                                                                      \
		name, NULL, offsetof(struct http_request, field), once         \
	}
	TEXT("Origin", origin, true),
	TEXT("Content-Type", content_type, true),
	TEXT("Sec-WebSocket-Key", ws_key, true),
	TEXT("Sec-WebSocket-Version", ws_version, true),
	TEXT("Sec-WebSocket-Protocol", ws_protocol, false),
	TEXT("X-Forwarded-For", forwarded_for, false),
	TEXT("If-None-Match", if_none_match, false),
	TEXT("Last-Event-ID", last_event_id, false),
	TEXT("Cookie", cookie, true),
	TEXT("X-CSRF-Token", csrf, true),
	TEXT("Access-Control-Request-Method", request_method, true),
#undef TEXT
};

static int on_field(struct http_request *r, struct str name, struct str v)
{
	size_t i = 0;
	while (i < HG_COUNT(known) && !same_word(name, known[i].name))
		i++;
	if (i == HG_COUNT(known))
		return 0;
	if (known[i].take != NULL)
		return known[i].take(r, v);
	struct str *slot = (struct str *)(void *)((char *)r + known[i].at);
	return known[i].once ? set_once(slot, v) : set_last(slot, v);
}

static int check_head(struct http_request *r, bool is_1_1)
{
	bool has_length = r->content_length != SIZE_MAX;
	if (!has_length)
		r->content_length = 0;
	r->upgrades = r->upgrades && r->connection_upgrade;
	if (is_1_1 && r->host.p == NULL)
		return 400;
	if (r->method == HTTP_POST && !has_length)
		return 411;
	if (r->method != HTTP_POST && r->content_length > 0)
		return 400; /* a body where none has a meaning */
	if (r->content_length > HTTP_BODY_BYTES)
		return 413;
	return 0;
}

/* Take the line up to the next CRLF. */
static struct str next_line(struct str *rest)
{
	const char *end = memchr(rest->p, '\n', rest->n);
	struct str line = { rest->p, (size_t)(end - rest->p) - 1 };
	*rest = (struct str){ end + 1, rest->n - (size_t)(end + 1 - rest->p) };
	return line;
}

int http_parse(struct http_request *r, struct str head)
{
	*r = (struct http_request){ .content_length = SIZE_MAX };
	int bad = parse_request_line(r, next_line(&head));
	bool is_1_1 = r->keep_alive;
	int fields = 0;
	while (bad == 0 && head.n > 2) {
		struct str line = next_line(&head), name = { line.p, 0 };
		while (
		    name.n < line.n && is_tchar((unsigned char)line.p[name.n]))
			name.n++;
		if (name.n == 0 || name.n == line.n || line.p[name.n] != ':')
			return 400;
		if (++fields > HTTP_FIELDS)
			return 431;
		struct str value = { line.p + name.n + 1, line.n - name.n - 1 };
		bad = on_field(r, name, str_trim(value));
	}
	return bad != 0 ? bad : check_head(r, is_1_1);
}

bool http_query(struct str query, const char *name, struct str *value)
{
	struct str part, key;
	while (query.p != NULL && str_next(&query, '&', &part)) {
		struct str rest = part;
		if (!str_next(&rest, '=', &key) || !str_is(key, name))
			continue;
		*value = rest.p != NULL ? rest : (struct str){ "", 0 };
		return true;
	}
	return false;
}

int64_t http_query_number(struct str query, const char *name, int64_t otherwise)
{
	enum { MOST_DIGITS = 15 };
	struct str v;
	if (!http_query(query, name, &v))
		return otherwise;
	if (v.n == 0 || v.n > MOST_DIGITS)
		return -1;
	int64_t n = 0;
	for (size_t i = 0; i < v.n; i++) {
		if (v.p[i] < '0' || v.p[i] > '9')
			return -1;
		n = n * 10 + (v.p[i] - '0');
	}
	return n;
}

int http_status(enum error_code code)
{
	switch (code) {
	case ERROR_BAD_JSON:
	case ERROR_BAD_UTF8:
	case ERROR_MISSING_FIELD:
	case ERROR_UNKNOWN_TYPE:
	case ERROR_TOO_DEEP:
		return 400;
	case ERROR_BAD_TOKEN:
		return 401;
	case ERROR_FORBIDDEN:
		return 403;
	case ERROR_NOT_FOUND:
		return 404;
	case ERROR_TAKEN:
	case ERROR_STALE_GENERATION:
	case ERROR_CONFLICT:
		return 409;
	case ERROR_CLOSED:
		return 410;
	case ERROR_TOO_LONG:
		return 413;
	case ERROR_RATE_LIMITED:
		return 429;
	case ERROR_STORAGE:
		return 500;
	case ERROR_BUSY:
		return 503;
	}
	return 500; /* not reached */
}

const char *http_reason(int status)
{
	static const struct {
		int status;
		const char *words;
	} reasons[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 408, "Request Timeout" },
		{ 409, "Conflict" },
		{ 410, "Gone" },
		{ 411, "Length Required" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 426, "Upgrade Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 501, "Not Implemented" },
		{ 503, "Service Unavailable" },
		{ 505, "HTTP Version Not Supported" },
	};
	for (size_t i = 0; i < HG_COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].words;
	return "Unknown";
}

void http_date(int64_t at_ms, struct buf *out)
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu",
		"Fri", "Sat" };
	static const char months[12][4] = { "Jan", "Feb", "Mar", "Apr", "May",
		"Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t at = (time_t)(at_ms / 1000);
	struct tm tm;
	if (gmtime_r(&at, &tm) == NULL)
		return; /* a year that no int holds */
	/* not strftime: names of days go by the locale there */
	buf_addf(out, "%s, %02d %s %d %02d:%02d:%02d GMT", days[tm.tm_wday],
	    tm.tm_mday, months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour,
	    tm.tm_min, tm.tm_sec);
}
