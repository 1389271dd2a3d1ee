/* UTF-8: decoding, checking and cleaning of text from outside. */
#include "base/utf8.h"

unsigned utf8_decode(const char *s, size_t n, uint32_t *cp)
{
	const unsigned char *p = (const unsigned char *)s;
	if (p[0] < 0x80) {
		*cp = p[0];
		return 1;
	}
	unsigned len;
	uint32_t c, least;
	if ((p[0] & 0xe0) == 0xc0) {
		len = 2, c = p[0] & 0x1fu, least = 0x80;
	} else if ((p[0] & 0xf0) == 0xe0) {
		len = 3, c = p[0] & 0x0fu, least = 0x800;
	} else if ((p[0] & 0xf8) == 0xf0) {
		len = 4, c = p[0] & 0x07u, least = 0x10000;
	} else {
		return 0;
	}
	if (n < len)
		return 0;
	for (unsigned i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3fu);
	}
	if (c < least || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*cp = c;
	return len;
}

void utf8_add(struct buf *b, uint32_t cp)
{
	if (cp < 0x80) {
		buf_addc(b, (char)cp);
	} else if (cp < 0x800) {
		buf_addc(b, (char)(0xc0 | cp >> 6));
		buf_addc(b, (char)(0x80 | (cp & 0x3f)));
	} else if (cp < 0x10000) {
		buf_addc(b, (char)(0xe0 | cp >> 12));
		buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3f)));
		buf_addc(b, (char)(0x80 | (cp & 0x3f)));
	} else {
		buf_addc(b, (char)(0xf0 | cp >> 18));
		buf_addc(b, (char)(0x80 | (cp >> 12 & 0x3f)));
		buf_addc(b, (char)(0x80 | (cp >> 6 & 0x3f)));
		buf_addc(b, (char)(0x80 | (cp & 0x3f)));
	}
}

size_t utf8_check(struct str s)
{
	size_t i = 0;
	while (i < s.n) {
		uint32_t cp;
		unsigned len = utf8_decode(s.p + i, s.n - i, &cp);
		if (len == 0)
			return i;
		i += len;
	}
	return i;
}

bool utf8_is_unsafe(uint32_t cp)
{
	return (cp < 0x20 && cp != '\t' && cp != '\n') ||
	       (cp >= 0x7f && cp <= 0x9f) || (cp >= 0x202a && cp <= 0x202e) ||
	       (cp >= 0x2066 && cp <= 0x2069) || cp == 0x2028 || cp == 0x2029 ||
	       cp == 0xfeff;
}

void utf8_add_clean(struct buf *b, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		uint32_t cp;
		unsigned len = utf8_decode(s.p + i, s.n - i, &cp);
		if (len == 0) {
			utf8_add(b, 0xfffd);
			i++;
			continue;
		}
		if (cp == '\t' || cp == '\n' || cp == '\r' || cp == 0x2028 ||
		    cp == 0x2029)
			buf_addc(b, ' ');
		else if (!utf8_is_unsafe(cp))
			buf_add(b, s.p + i, len);
		i += len;
	}
}
