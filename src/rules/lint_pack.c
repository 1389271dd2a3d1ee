/* What a pack as a whole lacks or says twice. */
#include "base/map.h"
#include "rules/lint_parts.h"

void lint_unused_concept(struct linting *l)
{
	for (size_t i = 0; i < l->pack->n_unused; i++)
		lint_warn(l, &l->pack->unused[i].place,
		    "concept \"@%s\" is never used; use it in a pattern or "
		    "take it out",
		    l->pack->unused[i].name);
}

void lint_language(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *intent = &l->pack->intents[k];
		for (size_t i = 0; i < l->rs->n_packs; i++) {
			const struct pack *other = &l->rs->packs[i];
			if (pack_intent(other, intent->name) != NULL)
				continue;
			lint_warn(l, &intent->place,
			    "intent \"%s\" is missing in language \"%s\"; add "
			    "it there, or people who write it get no answer",
			    intent->name, other->lang);
		}
	}
}

/* Intents whose replies a customer may read again and again. */
static bool is_said_often(const struct intent *i)
{
	return i->role == ROLE_REQUEST || i->role == ROLE_SOCIAL;
}

void lint_few_wordings(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k];
		const struct wordings *w = intent_reply(i, "default");
		if (is_said_often(i) && w != NULL && w->n == 1)
			lint_warn(l, &w->v[0].place,
			    "intent \"%s\": one default reply only, so a "
			    "customer reads the same words again; add another",
			    i->name);
	}
}

void lint_no_again(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *i = &l->pack->intents[k];
		if (i->role == ROLE_REQUEST && intent_reply(i, "again") == NULL)
			lint_warn(l, &i->place,
			    "intent \"%s\" has no \"again\" reply; add another "
			    "explanation for those who ask twice",
			    i->name);
	}
}

void lint_title_twice(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++)
		for (size_t j = 0; j < k; j++) {
			const struct intent *a = &l->pack->intents[k];
			const struct intent *b = &l->pack->intents[j];
			if (strcmp(a->title, b->title) == 0)
				lint_warn(l, &a->place,
				    "intents \"%s\" and \"%s\" have the same "
				    "title \"%.40s\", so nobody can choose "
				    "between them; rename one",
				    a->name, b->name, a->title);
		}
}

void lint_lexicon_chain(struct linting *l)
{
	const struct lexicon *lex = &l->pack->lexicon;
	struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&lex->full, &at)) != NULL;) {
		const struct str *full = entry->value;
		const struct str *next = lexicon_full(lex, *full);
		if (next == NULL || str_eq(*next, *full))
			continue;
		lint_warn(l, &l->pack->lexicon_place,
		    "lexicon: \"%.*s\" becomes \"%.*s\", which is itself "
		    "written \"%.*s\"; give the last one",
		    STR_ARG(entry->key), STR_ARG(*full), STR_ARG(*next));
	}
}

void lint_calibration_old(struct linting *l)
{
	const struct calibration *c = l->pack->calibration;
	if (c != NULL && c->rules != l->pack->match_hash)
		lint_warn(l, &l->pack->calibration_place,
		    "language \"%s\": the rules have changed since confidence "
		    "was fitted; run hangatctl calibrate again",
		    l->pack->lang);
}
