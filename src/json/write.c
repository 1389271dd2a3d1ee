/* The JSON writer of the hot path. */
#include "json/write.h"

static void add_key(struct json_out *o, const char *key)
{
	if (o->comma)
		buf_addc(o->b, ',');
	o->comma = true;
	if (key != NULL) {
		buf_addc(o->b, '"');
		buf_addz(o->b, key);
		buf_add(o->b, "\":", 2);
	}
}

void json_out_object(struct json_out *o, const char *key)
{
	add_key(o, key);
	buf_addc(o->b, '{');
	o->comma = false;
}

void json_out_array(struct json_out *o, const char *key)
{
	add_key(o, key);
	buf_addc(o->b, '[');
	o->comma = false;
}

void json_out_close(struct json_out *o, char bracket)
{
	buf_addc(o->b, bracket);
	o->comma = true;
}

static void add_escape(struct buf *b, unsigned char c)
{
	switch (c) {
	case '"':
		buf_add(b, "\\\"", 2);
		return;
	case '\\':
		buf_add(b, "\\\\", 2);
		return;
	case '\n':
		buf_add(b, "\\n", 2);
		return;
	case '\t':
		buf_add(b, "\\t", 2);
		return;
	default:
		buf_addf(b, "\\u%04x", c);
	}
}

void json_out_str(struct json_out *o, const char *key, struct str s)
{
	add_key(o, key);
	buf_addc(o->b, '"');
	size_t from = 0;
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		/* U+2028/9 end a line in older JavaScript: e2 80 a8/a9 */
		bool line_end = c == 0xe2 && i + 2 < s.n &&
				(unsigned char)s.p[i + 1] == 0x80 &&
				((unsigned char)s.p[i + 2] | 1) == 0xa9;
		if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f &&
		    !line_end)
			continue;
		buf_add(o->b, s.p + from, i - from);
		if (line_end) {
			buf_addf(o->b, "\\u20%02x",
			    (unsigned char)s.p[i + 2] - 0x80);
			i += 2;
		} else {
			add_escape(o->b, c);
		}
		from = i + 1;
	}
	buf_add(o->b, s.p + from, s.n - from);
	buf_addc(o->b, '"');
}

void json_out_text(struct json_out *o, const char *key, const char *z)
{
	json_out_str(o, key, str_of(z));
}

void json_out_int(struct json_out *o, const char *key, int64_t value)
{
	add_key(o, key);
	buf_addf(o->b, "%lld", (long long)value);
}

void json_out_bool(struct json_out *o, const char *key, bool value)
{
	add_key(o, key);
	buf_addz(o->b, value ? "true" : "false");
}

void json_out_share(struct json_out *o, const char *key, double value)
{
	add_key(o, key);
	unsigned milli = (unsigned)(value * 1000 + 0.5);
	buf_addf(o->b, "%u.%03u", milli / 1000, milli % 1000);
}

void json_out_null(struct json_out *o, const char *key)
{
	add_key(o, key);
	buf_addz(o->b, "null");
}

void json_out_raw(struct json_out *o, const char *key, struct str json)
{
	add_key(o, key);
	buf_adds(o->b, json);
}
