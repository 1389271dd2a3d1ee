#ifndef HG_RULES_EXPAND_H
#define HG_RULES_EXPAND_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"
#include "base/map.h"

#include <stdbool.h>

enum { EXPAND_UNKNOWN = -2, EXPAND_DEPTH = 12, EXPAND_BYTES = 32 * 1024 };

enum expand_mode {
	EXPAND_MATCH, /* for matching */
	EXPAND_SPELL, /* roots only in the forms people type most */
	EXPAND_OWN, /* only what the author spelt out: roots are "some word" */
};
enum { EXPAND_MODES = EXPAND_OWN + 1 };

/* The concepts of a pack: map from name to struct concept. */
struct concept {
	const char *name;
	const char **entries; /* pattern fragments */
	size_t n;
	bool used;
	struct arena *a; /* keeps it written out; NULL: done each time anew */
	struct {
		struct str text; /* p NULL: not yet */
		unsigned depth;  /* levels of concepts in it, with itself */
	} written[EXPAND_MODES];
};

/* Turn a pattern as authors write it into a PCRE2 regular expression:
 *   @name   any entry of a concept, expanded in turn
 *   ~root   an Indonesian root with its affixes
 *   " ... " up to five words between two others
 * Escapes and character classes are left alone.  -1 with a reason and its
 * mend: cyclic concept, a verb "(*", a callout or a recursion, too
 * large.  EXPAND_UNKNOWN: it names a concept that is not there. */
int expand_pattern(const char *source, const struct map *concepts,
    enum expand_mode mode, bool edges, struct buf *out,
    struct err *e) HG_MUST_USE;
/* What stands between the edges of such an expression. */
struct str expand_inner(struct str regex, bool edges);

#endif
