#ifndef HG_RULES_LINT_PARTS_H
#define HG_RULES_LINT_PARTS_H

#include "base/attr.h"
#include "rules/lint.h"

/* What the lints share. */
struct linting {
	const struct ruleset *rs;
	const struct pack *pack; /* the one looked at */
	struct match_scratch *scratch;
	struct diags *d;
	const char *lint;   /* the name of the one that runs */
	struct arena arena; /* emptied before each example */
	int64_t now_ms;
};

/* Say so, at a place, with the name of the lint. */
void lint_warn(struct linting *l, const struct place *at, const char *fmt, ...)
    HG_PRINTF(3, 4);
/* How the rules read a text: what match_intents returns. */
size_t lint_rank(struct linting *l, const char *text, struct candidate *out);

/* Each looks at one pack. */
void lint_example_unmatched(struct linting *l);
void lint_example_lost(struct linting *l);
void lint_example_unsure(struct linting *l);
void lint_example_twice(struct linting *l);
void lint_intent_shadowed(struct linting *l);
void lint_not_example_matched(struct linting *l);
void lint_no_examples(struct linting *l);
void lint_upper_case(struct linting *l);
void lint_slang(struct linting *l);
void lint_signs(struct linting *l);
void lint_no_literal(struct linting *l);
void lint_slow(struct linting *l);
void lint_pattern_twice(struct linting *l);
void lint_after_unknown(struct linting *l);
void lint_unused_concept(struct linting *l);
void lint_language(struct linting *l);
void lint_few_wordings(struct linting *l);
void lint_no_again(struct linting *l);
void lint_title_twice(struct linting *l);
void lint_lexicon_chain(struct linting *l);
void lint_calibration_old(struct linting *l);

#endif
