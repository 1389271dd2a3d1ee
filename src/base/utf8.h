#ifndef HG_BASE_UTF8_H
#define HG_BASE_UTF8_H

#include "base/buf.h"

#include <stdbool.h>
#include <stdint.h>

/* Decode the character at p (n > 0 bytes).  Returns its length 1..4, or 0
 * when the bytes are not valid UTF-8 (RFC 3629: no overlong forms, no
 * surrogates, at most U+10FFFF). */
unsigned utf8_decode(const char *p, size_t n, uint32_t *cp);

void utf8_add(struct buf *b, uint32_t cp);

/* Offset of the first byte that is not valid UTF-8, or s.n when all is. */
size_t utf8_check(struct str s);

/* True for a character that may not be shown or kept: C0 except tab and
 * newline, DEL, C1, bidi controls U+202A-E and U+2066-9, line separators
 * U+2028-9, U+FEFF. */
bool utf8_is_unsafe(uint32_t cp);

/* Append s as one line that is safe on a terminal, in a log and in a file:
 * bad bytes become U+FFFD, tabs and line ends a space, unsafe characters are
 * left out. */
void utf8_add_clean(struct buf *b, struct str s);

#endif
