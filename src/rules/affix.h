#ifndef HG_RULES_AFFIX_H
#define HG_RULES_AFFIX_H

#include "base/buf.h"

/* Append a regular expression for an Indonesian root (lower case letters)
 * and its affixed forms: kirim -> dikirim, pengiriman, kirimin, ngirim... */
void affix_expand(struct str root, struct buf *out);

/* The same for the forms that people type most, spelt out: what a mistyped word
 * may be repaired to. */
void affix_spell(struct str root, struct buf *out);

#endif
