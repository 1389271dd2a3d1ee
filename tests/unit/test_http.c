/* wire: HTTP heads, the same verdict at every split; WebSocket keys. */
#include "base/attr.h"
#include "unit/unit.h"
#include "wire/http.h"

#define HEAD(line, fields) line "\r\nHost: a\r\n" fields "\r\n"

/* What becomes of a head: 0 good, a status, or -1 when the gate refuses. */
static const struct {
	const char *name, *head;
	int verdict;
} rows[] = {
	{ "plain", HEAD("GET / HTTP/1.1", ""), 0 },
	{ "query", HEAD("GET /x?after=1&b= HTTP/1.1", ""), 0 },
	{ "1.0 without host", "GET / HTTP/1.0\r\n\r\n", 0 },
	{ "post", HEAD("POST /x HTTP/1.1", "Content-Length: 5\r\n"), 0 },
	{ "post of nothing", HEAD("POST / HTTP/1.1", "Content-Length: 0\r\n"),
	    0 },
	{ "delete", HEAD("DELETE /x HTTP/1.1", ""), 0 },
	{ "options", HEAD("OPTIONS /x HTTP/1.1", ""), 0 },
	{ "head", HEAD("HEAD / HTTP/1.1", ""), 0 },
	{ "value with bytes above 127",
	    HEAD("GET / HTTP/1.1", "A: \xc3\xa9\r\n"), 0 },
	{ "tab in a value", HEAD("GET / HTTP/1.1", "A: b\tc\r\n"), 0 },
	{ "no space after the colon", HEAD("GET / HTTP/1.1", "A:b\r\n"), 0 },
	{ "empty value", HEAD("GET / HTTP/1.1", "A:\r\n"), 0 },
	{ "expect",
	    HEAD("POST / HTTP/1.1", "Content-Length: 1\r\n"
				    "Expect: 100-Continue\r\n"),
	    0 },
	/* two readings of where the body ends */
	{ "chunked", HEAD("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n"),
	    501 },
	{ "chunked and length",
	    HEAD("POST / HTTP/1.1", "Content-Length: 5\r\n"
				    "Transfer-Encoding: chunked\r\n"),
	    501 },
	{ "identity",
	    HEAD("POST / HTTP/1.1", "Content-Length: 5\r\n"
				    "Transfer-Encoding: identity\r\n"),
	    501 },
	{ "two lengths",
	    HEAD("POST / HTTP/1.1", "Content-Length: 5\r\n"
				    "Content-Length: 6\r\n"),
	    400 },
	{ "the same length twice",
	    HEAD("POST / HTTP/1.1", "Content-Length: 5\r\n"
				    "content-length: 5\r\n"),
	    400 },
	{ "a list of lengths",
	    HEAD("POST / HTTP/1.1", "Content-Length: 5, 5\r\n"), 400 },
	{ "length with a sign",
	    HEAD("POST / HTTP/1.1", "Content-Length: +5\r\n"), 400 },
	{ "negative length", HEAD("POST / HTTP/1.1", "Content-Length: -5\r\n"),
	    400 },
	{ "hex length", HEAD("POST / HTTP/1.1", "Content-Length: 0x5\r\n"),
	    400 },
	{ "empty length", HEAD("POST / HTTP/1.1", "Content-Length:\r\n"), 400 },
	{ "length over 2^64",
	    HEAD("POST / HTTP/1.1", "Content-Length: 18446744073709551621\r\n"),
	    413 },
	{ "length over the limit",
	    HEAD("POST / HTTP/1.1", "Content-Length: 65537\r\n"), 413 },
	{ "post without length", HEAD("POST / HTTP/1.1", ""), 411 },
	{ "get with a body", HEAD("GET / HTTP/1.1", "Content-Length: 5\r\n"),
	    400 },
	{ "space before the colon", HEAD("GET / HTTP/1.1", "A : b\r\n"), 400 },
	{ "length with a space before the colon",
	    HEAD("POST / HTTP/1.1", "Content-Length : 5\r\n"), 400 },
	{ "no colon", HEAD("GET / HTTP/1.1", "Abc\r\n"), 400 },
	{ "empty name", HEAD("GET / HTTP/1.1", ": b\r\n"), 400 },
	{ "name with a bracket", HEAD("GET / HTTP/1.1", "A(b: c\r\n"), 400 },
	{ "name above 127", HEAD("GET / HTTP/1.1", "\xc3\xa9: c\r\n"), 400 },
	{ "folded", HEAD("GET / HTTP/1.1", "A: b\r\n c\r\n"), -1 },
	{ "folded with a tab", HEAD("GET / HTTP/1.1", "A: b\r\n\tc\r\n"), -1 },
	{ "folded first", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", -1 },
	{ "bare LF", "GET / HTTP/1.1\nHost: a\r\n\r\n", -1 },
	{ "bare LF in a field", HEAD("GET / HTTP/1.1", "A: b\nC: d\r\n"), -1 },
	{ "bare CR", HEAD("GET / HTTP/1.1", "A: b\rC: d\r\n"), -1 },
	{ "CR CR LF", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", -1 },
	{ "blank line first", "\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", -1 },
	{ "bell", HEAD("GET / HTTP/1.1", "A: \a\r\n"), -1 },
	{ "escape in the target", "GET /\x1b HTTP/1.1\r\nHost: a\r\n\r\n", -1 },
	{ "delete character", HEAD("GET / HTTP/1.1", "A: \x7f\r\n"), -1 },
	{ "no host", "GET / HTTP/1.1\r\n\r\n", 400 },
	{ "two hosts", HEAD("GET / HTTP/1.1", "Host: b\r\n"), 400 },
	{ "empty host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400 },
	{ "host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400 },
	{ "host with a user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400 },
	{ "absolute target", HEAD("GET http://a/ HTTP/1.1", ""), 400 },
	{ "authority target", HEAD("CONNECT a:80 HTTP/1.1", ""), 400 },
	{ "star", HEAD("OPTIONS * HTTP/1.1", ""), 400 },
	{ "fragment", HEAD("GET /#a HTTP/1.1", ""), 400 },
	{ "backslash", HEAD("GET /\\a HTTP/1.1", ""), 400 },
	{ "target above 127", HEAD("GET /\xc3\xa9 HTTP/1.1", ""), 400 },
	{ "two spaces", HEAD("GET  / HTTP/1.1", ""), 400 },
	{ "tab between", HEAD("GET\t/ HTTP/1.1", ""), 400 },
	{ "space at the end", HEAD("GET / HTTP/1.1 ", ""), 400 },
	{ "no version", HEAD("GET /", ""), 400 },
	{ "0.9", HEAD("GET / HTTP/0.9", ""), 505 },
	{ "2.0", HEAD("GET / HTTP/2.0", ""), 505 },
	{ "1.2", HEAD("GET / HTTP/1.2", ""), 505 },
	{ "version that wraps", HEAD("GET / HTTP/4294967297.1", ""), 400 },
	{ "lower case version", HEAD("GET / http/1.1", ""), 400 },
	{ "unknown method", HEAD("BREW / HTTP/1.1", ""), 501 },
	{ "lower case method", HEAD("get / HTTP/1.1", ""), 501 },
	{ "method with a bracket", HEAD("G(T / HTTP/1.1", ""), 400 },
	{ "trace", HEAD("TRACE / HTTP/1.1", ""), 501 },
	{ "expect something", HEAD("GET / HTTP/1.1", "Expect: tea\r\n"), 417 },
	{ "two origins", HEAD("GET / HTTP/1.1", "Origin: a\r\nOrigin: b\r\n"),
	    400 },
	{ "two content types",
	    HEAD("GET / HTTP/1.1", "Content-Type: a\r\nContent-Type: b\r\n"),
	    400 },
	{ "two tokens",
	    HEAD("GET / HTTP/1.1", "Authorization: Bearer a\r\n"
				   "Authorization: Bearer b\r\n"),
	    400 },
	{ "two keys",
	    HEAD("GET / HTTP/1.1", "Sec-WebSocket-Key: a\r\n"
				   "Sec-WebSocket-Key: b\r\n"),
	    400 },
};

/* The verdict when the bytes come in two parts, split there. */
static int verdict_at(struct str all, size_t split)
{
	long end = http_gate((struct str){ all.p, split }, 0);
	if (end == 0)
		end = http_gate(all, split);
	if (end <= 0)
		return -1;
	assert_int_equal((size_t)end, all.n);
	struct http_request r;
	return http_parse(&r, (struct str){ all.p, (size_t)end });
}

static void every_head_has_one_verdict_at_every_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		struct str all = str_of(rows[i].head);
		for (size_t split = 0; split <= all.n; split++) {
			int got = verdict_at(all, split);
			if (got != rows[i].verdict)
				fail_msg("%s, split at %zu: want %d, got %d",
				    rows[i].name, split, rows[i].verdict, got);
		}
	}
}

static void a_nul_is_refused_everywhere(void **state)
{
	(void)state;
	struct str all = STR("GET /abc HTTP/1.1\r\nHost: a\r\nA: bc\r\n\r\n");
	char copy[64];
	for (size_t at = 0; at < all.n; at++) {
		memcpy(copy, all.p, all.n);
		copy[at] = '\0';
		assert_int_equal(http_gate((struct str){ copy, all.n }, 0), -1);
	}
}

static void too_many_fields_are_refused(void **state)
{
	(void)state;
	for (int n = HTTP_FIELDS - 1; n <= HTTP_FIELDS; n++) {
		struct buf head = { 0 };
		struct http_request r;
		buf_addz(&head, "GET / HTTP/1.1\r\nHost: a\r\n");
		for (int i = 0; i < n; i++)
			buf_addz(&head, "A: b\r\n");
		buf_addz(&head, "\r\n");
		assert_int_equal(
		    http_parse(&r, buf_str(&head)), n == HTTP_FIELDS ? 431 : 0);
		buf_clear(&head);
	}
}

static void fields_are_found(void **state)
{
	(void)state;
	struct http_request r;
	int bad =
	    http_parse(&r, STR("POST /v1/x?after=12&wait_ms=&b=x HTTP/1.1\r\n"
			       "host: shop.example:4280\r\n"
			       "AUTHORIZATION: bearer  c_1.abc \r\n"
			       "Content-Type:application/json\r\n"
			       "Accept-Encoding: br, gzip;q=0.8\r\n"
			       "Connection: keep-alive, Upgrade\r\n"
			       "Upgrade: websocket\r\n"
			       "Origin: https://shop.example\r\n"
			       "Content-Length: 7\r\n\r\n"));
	assert_int_equal(bad, 0);
	assert_int_equal(r.method, HTTP_POST);
	assert_true(str_is(r.path, "/v1/x"));
	assert_true(str_is(r.host, "shop.example:4280"));
	assert_true(str_is(r.token, "c_1.abc"));
	assert_true(str_is(r.content_type, "application/json"));
	assert_true(str_is(r.origin, "https://shop.example"));
	assert_true(r.takes_gzip && r.keep_alive && r.upgrades);
	assert_int_equal(r.content_length, 7);
	assert_int_equal(http_query_number(r.query, "after", -2), 12);
	assert_int_equal(http_query_number(r.query, "wait_ms", -2), -1);
	assert_int_equal(http_query_number(r.query, "b", -2), -1);
	assert_int_equal(http_query_number(r.query, "none", -2), -2);
	bad = http_parse(&r, STR("GET / HTTP/1.0\r\n"
				 "Authorization: Basic eA==\r\n\r\n"));
	assert_int_equal(bad, 0);
	assert_false(r.keep_alive);
	assert_true(r.token.p != NULL && r.token.n == 0);
}

static void websocket_keys(void **state)
{
	(void)state;
	char out[WS_ACCEPT_BYTES];
	/* the example of RFC 6455, 1.3; the second checked with OpenSSL */
	ws_accept(STR("dGhlIHNhbXBsZSBub25jZQ=="), out);
	assert_string_equal(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
	ws_accept(STR("x3JJHMbDL1EzLkh9GBhXDw=="), out);
	assert_string_equal(out, "HSmrc0sMlYUkAGmm5OPpG2HaGWk=");
	assert_true(ws_key_is_good(STR("dGhlIHNhbXBsZSBub25jZQ==")));
	static const char *const bad[] = { "", "dGhlIHNhbXBsZSBub25jZQ=",
		"dGhlIHNhbXBsZSBub25jZR==", "dGhlIHNhbXBsZSBub25j!Q==",
		"dGhlIHNhbXBsZSBub25jZQ===", "dGhlIHNhbXBsZSBub25jZQ=a" };
	for (size_t i = 0; i < HG_COUNT(bad); i++)
		assert_false(ws_key_is_good(str_of(bad[i])));
}

static void dates_are_those_of_the_rfc(void **state)
{
	(void)state;
	struct buf out = { 0 };
	http_date(INT64_C(784111777) * 1000 + 999, &out);
	assert_string_equal(out.p, "Sun, 06 Nov 1994 08:49:37 GMT");
	buf_clear(&out);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(every_head_has_one_verdict_at_every_split),
	cmocka_unit_test(a_nul_is_refused_everywhere),
	cmocka_unit_test(too_many_fields_are_refused),
	cmocka_unit_test(fields_are_found),
	cmocka_unit_test(websocket_keys),
	cmocka_unit_test(dates_are_those_of_the_rfc),
};
RUN(tests)
