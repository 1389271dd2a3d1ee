#ifndef HG_RULES_ATTACK_H
#define HG_RULES_ATTACK_H

#include "rules/regex.h"

enum { ATTACK_TEXTS = 40 };

/* Texts of LIMIT_MATCH_BYTES that make a backtracking matcher work hardest on
 * x: each repetition pumped full, behind what leads to it, with an end that
 * cannot match; and the parts of the pattern again and again.  Calls fn with at
 * most ATTACK_TEXTS of them; fn returns false when it has seen enough. */
void attack_each(
    const struct rx *x, bool (*fn)(void *arg, struct str text), void *arg);

#endif
