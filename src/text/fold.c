/* NFKC and case folding with the way back to the original.  ASCII goes one to
 * one; everything else goes to utf8proc in pieces of one character and its
 * combining marks, so that each piece knows where it came from. */
#include "text/fold.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>

#include <utf8proc.h>

struct folding {
	struct buf text;
	uint32_t *from;
	size_t cap;
};

static void put(struct folding *f, const char *p, size_t n, size_t from)
{
	for (size_t i = 0; i < n; i++) {
		size_t at = f->text.n + i;
		VEC_ROOM(f->from, at, f->cap);
		f->from[at] = (uint32_t)from;
	}
	buf_add(&f->text, p, n);
}

static bool is_mark(uint32_t cp)
{
	utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
	return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC ||
	       c == UTF8PROC_CATEGORY_ME;
}

/* The length of the character at s and the marks that belong to it. */
static size_t piece_length(struct str s, unsigned first)
{
	size_t n = first;
	while (n < s.n) {
		uint32_t cp;
		unsigned len = utf8_decode(s.p + n, s.n - n, &cp);
		if (len == 0 || cp < 0x300 || !is_mark(cp))
			break;
		n += len;
	}
	return n;
}

static void fold_piece(struct folding *f, struct str piece, size_t from)
{
	utf8proc_uint8_t *out = NULL;
	utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)piece.p,
	    (utf8proc_ssize_t)piece.n, &out,
	    UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT |
		UTF8PROC_CASEFOLD | UTF8PROC_IGNORE | UTF8PROC_STRIPCC);
	if (n > 0)
		put(f, (const char *)out, (size_t)n, from);
	else if (n < 0)
		put(f, " ", 1, from);
	free(out);
}

void fold_text(struct folded *out, struct arena *a, struct str original)
{
	struct folding f = { 0 };
	size_t i = 0;
	while (i < original.n) {
		unsigned char c = (unsigned char)original.p[i];
		uint32_t cp = c;
		unsigned len =
		    c < 0x80 ? 1
			     : utf8_decode(original.p + i, original.n - i, &cp);
		struct str rest = { original.p + i, original.n - i };
		size_t n = len == 0 ? 0 : piece_length(rest, len);
		if (n == 1) {
			char low = c >= 'A' && c <= 'Z'    ? (char)(c + 32)
				   : c < 0x20 || c == 0x7f ? ' '
							   : (char)c;
			put(&f, &low, 1, i);
			i++;
		} else if (n == 0 || utf8_is_unsafe(cp)) {
			put(&f, " ", 1, i);
			i += n == 0 ? 1 : n;
		} else if (cp == 0x2018 || cp == 0x2019) {
			put(&f, "'", 1, i);
			i += n;
		} else {
			fold_piece(&f, (struct str){ rest.p, n }, i);
			i += n;
		}
	}
	out->n = f.text.n;
	out->p = arena_strdup(a, buf_str(&f.text));
	out->from = arena_alloc(a, (f.text.n + 1) * sizeof(*out->from));
	if (f.text.n != 0)
		memcpy(out->from, f.from, f.text.n * sizeof(*out->from));
	out->from[out->n] = (uint32_t)original.n;
	buf_clear(&f.text);
	free(f.from);
}
