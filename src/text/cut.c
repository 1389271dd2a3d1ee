/* Where the words of a folded text begin and end. */
#include "text/cut.h"
#include "base/utf8.h"

#include <utf8proc.h>

static bool is_letter(uint32_t cp)
{
	if (cp < 0x80)
		return cp >= 'a' && cp <= 'z';
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_ME;
}

static bool is_digit(uint32_t cp)
{
	return cp >= '0' && cp <= '9';
}

static bool is_symbol(uint32_t cp)
{
	if (cp < 0x80 || (cp >= 0x1f3fb && cp <= 0x1f3ff))
		return false; /* a skin tone is no emoji of its own */
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_SO || c == UTF8PROC_CATEGORY_SK ||
	       (cp >= 0x1f000 && cp <= 0x1faff);
}

/* May c stand inside a word between these neighbours?  numbered: the run of
 * characters up to the next space holds a digit, as invoice numbers do. */
static bool joins(
    char c, uint32_t before, uint32_t after, bool address, bool numbered)
{
	bool digits = is_digit(before) && is_digit(after);
	bool words = (is_letter(before) || is_digit(before)) &&
		     (is_letter(after) || is_digit(after));
	switch (c) {
	case '\'':
	case '-':
	case '@':
	case '_':
		return words;
	case '.':
		return digits || (address && words);
	case '/':
		return digits || (numbered && words);
	case ',':
	case ':':
		return digits;
	default:
		return false;
	}
}

/* The character at offset i, a space past the end. */
static uint32_t char_at(const struct folded *f, size_t i, unsigned *len)
{
	uint32_t cp = ' ';
	*len = 1;
	if (i < f->n)
		*len = utf8_decode(f->p + i, f->n - i, &cp);
	if (*len == 0) {
		*len = 1;
		cp = ' ';
	}
	return cp;
}

static bool has_number(const struct folded *f, size_t at)
{
	for (; at < f->n && f->p[at] != ' '; at++)
		if (f->p[at] >= '0' && f->p[at] <= '9')
			return true;
	return false;
}

static size_t word_end(struct cutter *c, size_t start)
{
	unsigned len;
	bool numbered = has_number(c->f, start);
	uint32_t before = char_at(c->f, start, &len);
	size_t end = start + len;
	while (end < c->f->n) {
		uint32_t cp = char_at(c->f, end, &len);
		if (!is_letter(cp) && !is_digit(cp)) {
			unsigned skip;
			uint32_t after = char_at(c->f, end + len, &skip);
			if (cp >= 0x80 || !joins((char)cp, before, after,
					      c->address, numbered))
				break;
			c->address = c->address || cp == '@';
		}
		before = cp;
		end += len;
	}
	if (end < c->f->n && c->f->p[end] == '%' && is_digit(before))
		end++;
	return end;
}

/* The length of the sign at `at` that the lexicon knows, such as ":(". */
static size_t sign_length(const struct cutter *c, size_t at)
{
	if (!c->lex->signs)
		return 0;
	for (size_t n = LEXICON_SIGN_BYTES; n >= 2; n--) {
		unsigned len;
		if (at + n > c->f->n)
			continue;
		uint32_t next = char_at(c->f, at + n, &len);
		struct str sign = { c->f->p + at, n };
		if (!is_letter(next) && !is_digit(next) &&
		    lexicon_full(c->lex, sign) != NULL)
			return n;
	}
	return 0;
}

bool cut_next(struct cutter *c, size_t *from, size_t *to)
{
	while (c->at < c->f->n) {
		unsigned len;
		uint32_t cp = char_at(c->f, c->at, &len);
		size_t start = c->at;
		if (is_letter(cp) || is_digit(cp)) {
			c->address = false;
			c->at = word_end(c, start);
		} else if (is_symbol(cp)) {
			c->at += len;
		} else if (cp != ' ' && (c->sign = sign_length(c, start)) > 0) {
			c->at += c->sign;
		} else {
			c->broken = c->broken || cp != ' ';
			c->at += len;
			continue;
		}
		*from = start;
		*to = c->at;
		return true;
	}
	return false;
}
