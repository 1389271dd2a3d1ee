#ifndef HG_RULES_LITERAL_H
#define HG_RULES_LITERAL_H

#include "rules/regex.h"

enum { NEEDS_CLAUSES = 6, LITERAL_MIN = 2, LITERAL_MAX = 16 };

/* A text can only match if it holds one of the words of every clause (a
 * conjunction of disjunctions).  Words are LITERAL_MIN to LITERAL_MAX bytes. */
struct clause {
	struct str *v;
	size_t n;
};
struct needs {
	struct clause clauses[NEEDS_CLAUSES];
	size_t n; /* 0: nothing is known, every text must be tried */
};

/* What x requires, most selective first; everything lives in a.
 * The method is that of trigram code search (Cox 2012), with words for
 * trigrams. */
void literal_needs(struct arena *a, const struct rx *x, struct needs *out);

#endif
