/* Text as pointer and length: cutting, splitting and edit distance. */
#include "base/str.h"

#include <stdint.h>

struct str str_cut(struct str s, size_t n)
{
	if (s.n <= n)
		return s;
	while (n > 0 && ((unsigned char)s.p[n] & 0xc0) == 0x80)
		n--;
	return (struct str){ s.p, n };
}

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct str str_trim(struct str s)
{
	while (s.n > 0 && is_blank(s.p[0])) {
		s.p++;
		s.n--;
	}
	while (s.n > 0 && is_blank(s.p[s.n - 1]))
		s.n--;
	return s;
}

bool str_next(struct str *rest, char sep, struct str *part)
{
	if (rest->p == NULL)
		return false;
	const char *end = rest->n != 0 ? memchr(rest->p, sep, rest->n) : NULL;
	if (end == NULL) {
		*part = *rest;
		*rest = STR_NONE;
		return true;
	}
	size_t n = (size_t)(end - rest->p);
	*part = (struct str){ rest->p, n };
	*rest = (struct str){ end + 1, rest->n - n - 1 };
	return true;
}

static unsigned min3(unsigned a, unsigned b, unsigned c)
{
	unsigned m = a < b ? a : b;
	return m < c ? m : c;
}

unsigned str_distance(struct str a, struct str b, unsigned max)
{
	enum { LONGEST = 63 };
	unsigned row[3][LONGEST + 1];
	size_t gap = a.n > b.n ? a.n - b.n : b.n - a.n;
	if (a.n > LONGEST || b.n > LONGEST || gap > max)
		return max + 1;
	for (size_t j = 0; j <= b.n; j++)
		row[0][j] = (unsigned)j;
	for (size_t i = 1; i <= a.n; i++) {
		unsigned *now = row[i % 3], *up = row[(i + 2) % 3];
		const unsigned *up2 = row[(i + 1) % 3];
		unsigned best = now[0] = (unsigned)i;
		for (size_t j = 1; j <= b.n; j++) {
			unsigned same = a.p[i - 1] == b.p[j - 1] ? 0 : 1;
			unsigned d =
			    min3(up[j - 1] + same, up[j] + 1, now[j - 1] + 1);
			if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] &&
			    a.p[i - 2] == b.p[j - 1] && up2[j - 2] + 1 < d)
				d = up2[j - 2] + 1;
			now[j] = d;
			best = d < best ? d : best;
		}
		if (best > max)
			return max + 1;
	}
	unsigned d = row[a.n % 3][b.n];
	return d > max ? max + 1 : d;
}
