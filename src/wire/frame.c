/* Lines from bytes, and telling protocols apart. */
#include "wire/frame.h"
#include "base/attr.h"

/* "GET / HTTP/1.1": a method, and the protocol at the end of the line. */
static bool is_http(struct str head, bool *wait)
{
	static const char *const methods[] = { "GET ", "POST ", "HEAD ", "PUT ",
		"DELETE ", "OPTIONS ", "CONNECT ", "PATCH ", "TRACE " };
	for (size_t i = 0; i < HG_COUNT(methods); i++) {
		struct str m = str_of(methods[i]);
		if (!str_starts(head, m))
			continue;
		const char *end = memchr(head.p, '\n', head.n);
		if (end == NULL) {
			*wait = head.n < 1024;
			return false;
		}
		struct str line = { head.p, (size_t)(end - head.p) };
		line = str_trim(line);
		return line.n > 9 &&
		       memcmp(line.p + line.n - 8, "HTTP/1.", 7) == 0;
	}
	return false;
}

enum frame_kind frame_kind_of(struct str head)
{
	bool wait = false;
	if (head.n == 0)
		return FRAME_UNKNOWN;
	if (head.p[0] == '{')
		return FRAME_JSON;
	if (head.p[0] == 0x16) /* TLS record: handshake */
		return FRAME_TLS;
	if (is_http(head, &wait))
		return FRAME_HTTP;
	return wait ? FRAME_UNKNOWN : FRAME_TEXT;
}

int frame_line(struct str bytes, size_t max, struct str *line, size_t *used)
{
	size_t window = bytes.n < max + 2 ? bytes.n : max + 2;
	const char *end = window != 0 ? memchr(bytes.p, '\n', window) : NULL;
	if (end == NULL)
		return bytes.n > max + 1 ? -1 : 0;
	size_t n = (size_t)(end - bytes.p);
	*used = n + 1;
	if (n > 0 && bytes.p[n - 1] == '\r')
		n--;
	if (n > max)
		return -1;
	*line = (struct str){ bytes.p, n };
	return 1;
}
