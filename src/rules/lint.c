/* Looking for rules that will surprise their author. */
#include "rules/lint.h"

struct linting {
	const struct ruleset *rs;
	const struct pack *pack;
	struct match_scratch *scratch;
	struct diags *d;
	struct arena arena;
};

static void warn_at(struct linting *l, const struct place *at, const char *text)
{
	diags_add(l->d, DIAG_WARNING, at->path, at->pos, "%s", text);
}

static size_t rank(struct linting *l, const char *text, struct candidate *out)
{
	struct norm norm;
	arena_reset(&l->arena);
	match_scratch_begin(l->scratch, l->rs, 0);
	norm_make(&norm, &l->arena, str_of(text), &l->pack->lexicon);
	return match_intents(l->scratch, l->pack, &norm, false, out);
}

static void lint_example(struct linting *l, const struct intent *intent,
    const char *text, const struct place *at)
{
	struct candidate c[MATCH_CANDIDATES];
	size_t n = rank(l, text, c);
	struct buf why = { 0 };
	if (n == 0)
		buf_addf(&why,
		    "intent \"%s\": its example \"%.80s\" matches "
		    "no pattern; add a pattern for it",
		    intent->name, text);
	else if (c[0].intent != intent && !(c[0].intent->role == ROLE_SOCIAL &&
					      intent->role != ROLE_SOCIAL))
		buf_addf(&why,
		    "intent \"%s\": its example \"%.80s\" is won by \"%s\" "
		    "(%s:%d); make one of them more exact",
		    intent->name, text, c[0].intent->name,
		    c[0].evidence[0].pattern->place.path,
		    c[0].evidence[0].pattern->place.pos.line);
	if (why.n != 0)
		warn_at(l, at, why.p);
	buf_clear(&why);
}

static void lint_not_example(struct linting *l, const struct intent *intent,
    const char *text, const struct place *at)
{
	struct candidate c[MATCH_CANDIDATES];
	size_t n = rank(l, text, c);
	if (n == 0 || c[0].intent != intent || c[0].score < l->pack->answer_at)
		return;
	struct buf why = { 0 };
	buf_addf(&why,
	    "intent \"%s\": its not_example \"%.80s\" is matched by "
	    "pattern \"%.60s\" (line %d); add an \"unless\"",
	    intent->name, text, c[0].evidence[0].pattern->source,
	    c[0].evidence[0].pattern->place.pos.line);
	warn_at(l, at, why.p);
	buf_clear(&why);
}

static void lint_languages(struct linting *l, const struct intent *intent)
{
	for (size_t i = 0; i < l->rs->n_packs; i++) {
		const struct pack *other = &l->rs->packs[i];
		if (pack_intent(other, intent->name) != NULL)
			continue;
		struct buf why = { 0 };
		buf_addf(&why,
		    "intent \"%s\" is missing in language \"%s\"; "
		    "add it there, or people who write it get no "
		    "answer",
		    intent->name, other->lang);
		warn_at(l, &intent->place, why.p);
		buf_clear(&why);
	}
}

void ruleset_lint(const struct ruleset *rs, struct diags *d)
{
	struct linting l = { .rs = rs, .scratch = match_scratch_new(), .d = d };
	for (size_t p = 0; p < rs->n_packs; p++) {
		l.pack = &rs->packs[p];
		for (size_t k = 0; k < l.pack->n_intents; k++) {
			const struct intent *i = &l.pack->intents[k];
			for (size_t e = 0; e < i->n_examples; e++)
				lint_example(&l, i, i->examples[e],
				    &i->example_places[e]);
			for (size_t e = 0; e < i->n_not_examples; e++)
				lint_not_example(&l, i, i->not_examples[e],
				    &i->not_example_places[e]);
			lint_languages(&l, i);
		}
	}
	match_scratch_free(l.scratch);
	arena_clear(&l.arena);
}
