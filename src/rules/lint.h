#ifndef HG_RULES_LINT_H
#define HG_RULES_LINT_H

#include "rules/match.h"

/* Warnings about rules that compile but will not do what their author
 * means. */
struct lint_kind {
	const char *name, *help;
};
extern const struct lint_kind lint_kinds[];
extern const size_t n_lint_kinds;

/* The names of lints that are switched off. */
struct lint_skip {
	const char *v[32];
	size_t n;
};

/* Append warnings about rs, which was compiled for linting, to d. */
void ruleset_lint(
    const struct ruleset *rs, const struct lint_skip *skip, struct diags *d);

#endif
