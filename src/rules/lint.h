#ifndef HG_RULES_LINT_H
#define HG_RULES_LINT_H

#include "rules/match.h"

/* Warnings about rules that compile but will not do what their author
 * means: examples that another intent wins, not_examples that match, intents
 * that one language has and another lacks.  Appends to d. */
void ruleset_lint(const struct ruleset *rs, struct diags *d);

#endif
