#ifndef HG_RULES_BUILD_H
#define HG_RULES_BUILD_H

#include "rules/declare.h"

/* The ruleset under construction. */
struct building {
	struct arena *a; /* of the ruleset */
	struct diags *diags;
	bool partial; /* a file is left out: what is missing may be in it */
	struct pattern_list {
		const struct pattern **v;
		size_t n, cap;
	} patterns;                  /* all, by index */
	struct pattern_code **codes; /* to be freed with the ruleset */
	size_t n_codes, cap_codes;
};

/* Compile what was declared for one language; findings go to b->diags. */
void pack_build(
    struct building *b, struct pack *out, const struct pack_decl *decl);

/* Compile a list of patterns (texts or objects). */
struct pattern *build_patterns(struct building *b, const struct decl *list,
    const struct map *concepts, const char *what, size_t *n);

/* Wordings whose placeholders are checked against two lists of names, each
 * with spaces between, and the pack's slots. */
void build_wordings(struct building *b, struct wordings *out,
    const struct decl *list, const char *what, const char *allowed,
    const struct map *slots);

#endif
