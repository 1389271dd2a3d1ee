/* Looking for rules that will surprise their author: one table of lints. */
#include "rules/lint_parts.h"

#include <stdarg.h>
#include <stdio.h>

/* The same order as lint_kinds. */
static void (*const runs[])(struct linting *) = {
	lint_unused_concept,
	lint_example_unmatched,
	lint_example_lost,
	lint_example_unsure,
	lint_example_twice,
	lint_intent_shadowed,
	lint_not_example_matched,
	lint_no_examples,
	lint_upper_case,
	lint_slang,
	lint_signs,
	lint_no_literal,
	lint_slow,
	lint_pattern_twice,
	lint_after_unknown,
	lint_language,
	lint_few_wordings,
	lint_no_again,
	lint_title_twice,
	lint_lexicon_chain,
	lint_calibration_old,
};

const struct lint_kind lint_kinds[] = {
	{ "unused-concept", "a concept that no pattern names" },
	{ "example-unmatched", "an example that no pattern matches" },
	{ "example-lost", "an example that another intent wins" },
	{ "example-unsure", "an example too uncertain to be answered" },
	{ "example-twice", "an example of two intents, word for word" },
	{ "intent-shadowed", "an intent that wins none of its examples" },
	{ "not-example-matched",
	    "a not_example that is answered all the same" },
	{ "no-examples", "an intent without examples: nothing tests it" },
	{ "upper-case", "capitals in a pattern: the normal form has none" },
	{ "slang-in-pattern", "a word that the lexicon writes otherwise" },
	{ "sign-in-pattern", "a sign that the normal form does not have" },
	{ "no-literal", "a pattern tried on every message: it is slow" },
	{ "slow-pattern", "a pattern that a long message brings to its limit" },
	{ "pattern-twice", "the same pattern twice in an intent" },
	{ "after-unknown", "a follow-up of an intent that is not there" },
	{ "missing-language", "an intent that another language lacks" },
	{ "few-wordings", "one wording only, so it must be repeated" },
	{ "no-again", "no other explanation for a repeated question" },
	{ "title-twice", "two intents that a customer cannot tell apart" },
	{ "lexicon-chain", "a full form that is itself rewritten" },
	{ "calibration-old", "a fit made with other rules" },
};
const size_t n_lint_kinds = HG_COUNT(lint_kinds);
_Static_assert(HG_COUNT(lint_kinds) == HG_COUNT(runs), "a lint for each name");

void lint_warn(struct linting *l, const struct place *at, const char *fmt, ...)
{
	char text[512];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	diags_add(
	    l->d, DIAG_WARNING, at->path, at->pos, "%s [%s]", text, l->lint);
}

size_t lint_rank(struct linting *l, const char *text, struct candidate *out)
{
	struct norm norm;
	arena_reset(&l->arena);
	match_scratch_begin(l->scratch, l->rs, l->now_ms);
	norm_make(&norm, &l->arena, str_of(text), &l->pack->lexicon);
	match_text(l->scratch, l->pack, &norm);
	struct match_ask ask = { .pack = l->pack, .norm = &norm };
	return match_intents(l->scratch, &ask, out);
}

static bool is_skipped(const struct lint_skip *skip, const char *name)
{
	for (size_t i = 0; skip != NULL && i < skip->n; i++)
		if (strcmp(skip->v[i], name) == 0)
			return true;
	return false;
}

void ruleset_lint(
    const struct ruleset *rs, const struct lint_skip *skip, struct diags *d)
{
	struct linting l = { .rs = rs, .scratch = match_scratch_new(), .d = d };
	for (size_t p = 0; p < rs->n_packs; p++) {
		l.pack = &rs->packs[p];
		for (size_t i = 0; i < n_lint_kinds; i++) {
			l.lint = lint_kinds[i].name;
			if (!is_skipped(skip, l.lint))
				runs[i](&l);
		}
	}
	match_scratch_free(l.scratch);
	arena_clear(&l.arena);
	diags_sort(d);
}
