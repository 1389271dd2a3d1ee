#ifndef HG_TEXT_FOLD_H
#define HG_TEXT_FOLD_H

#include "base/arena.h"

#include <stdint.h>

/* Text after NFKC and case folding; from[i] is the offset in the original
 * that byte i came from, from[n] the original's length. */
struct folded {
	char *p;
	uint32_t *from;
	size_t n;
};

/* Fold original; control, bidi and zero-width characters and invalid bytes
 * become spaces or vanish.  The result lives in a. */
void fold_text(struct folded *out, struct arena *a, struct str original);

#endif
