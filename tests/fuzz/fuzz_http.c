/* Any bytes as a head, a body and a request of the protocol: the same verdict
 * at every split, and nothing that points outside. */
#include "fuzz/fuzz.h"
#include "wire/frame.h"
#include "wire/http.h"
#include "wire/wire.h"

static void is_inside(struct str part, struct str whole)
{
	MUST(part.p == NULL || part.n == 0 ||
	     (part.p >= whole.p && part.p + part.n <= whole.p + whole.n));
}

static void parse_head(struct str head)
{
	struct http_request r;
	struct str value;
	char accept[WS_ACCEPT_BYTES];
	int status = http_parse(&r, head);
	MUST(status == 0 || (status >= 400 && status <= 505));
	if (status != 0)
		return;
	MUST(r.content_length <= HTTP_BODY_BYTES);
	MUST(r.content_length == 0 || r.method == HTTP_POST);
	MUST(r.path.n > 0 && r.path.p[0] == '/');
	is_inside(r.path, head);
	is_inside(r.query, head);
	is_inside(r.token, head);
	is_inside(r.origin, head);
	is_inside(r.cookie, head);
	if (http_query(r.query, "after", &value))
		is_inside(value, r.query);
	MUST(http_query_number(r.query, "after", 0) >= -1);
	if (ws_key_is_good(r.ws_key))
		ws_accept(r.ws_key, accept);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* a copy of exactly that size, so that a byte too far is seen */
	char *copy = malloc(size > 0 ? size : 1);
	for (size_t i = 0; i < size; i++)
		copy[i] = (char)data[i];
	struct str all = { copy, size };
	long whole = http_gate(all, 0), piece = 0;
	for (size_t i = 0; i < size && piece == 0; i++)
		piece = http_gate((struct str){ copy, i + 1 }, i);
	MUST(whole == piece);
	if (whole > 0)
		parse_head((struct str){ copy, (size_t)whole });
	struct request r;
	enum error_code code;
	struct err e = ERR_NONE;
	if (request_parse(&r, all, "message", &code, &e) != 0)
		MUST(e.text[0] != '\0' && http_status(code) >= 400);
	request_clear(&r);
	(void)frame_kind_of(all); /* does not crash */
	free(copy);
	return 0;
}
