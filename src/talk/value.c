/* A message that is a value and hardly more: a number, a city, the name of a
 * product. */
#include "talk/inner.h"

/* Hardly more than the name of a product: the intent that shows it, first of
 * all one that the rest of the words is for ("how much is ..."). */
static const struct intent *shows_card(const struct stepping *s)
{
	enum { REST = 3, WORDS = 5 };
	const struct named_rows *named = &s->r.named;
	size_t most = named->words > 0 ? named->words + REST : WORDS;
	if (s->r.caught == NULL || s->r.norm.n_words > most)
		return NULL;
	for (size_t i = 0; i < s->r.n; i++)
		if (s->r.candidates[i].n_evidence > 0 &&
		    intent_shows(s->r.candidates[i].intent, s->r.caught))
			return s->r.candidates[i].intent;
	return intent_showing(s->r.pack, s->r.caught);
}

bool is_bare_name(const struct stepping *s, const struct candidate *top)
{
	if (shows_card(s) == NULL)
		return false;
	if (is_social(top))
		return true;
	size_t words = 1;
	const char *value = conversation_value(s->c, str_of(s->r.caught));
	for (const char *z = value != NULL ? value : ""; *z != '\0'; z++)
		words += *z == ' ';
	return s->r.norm.n_words <= words;
}

/* A value and nothing more: it belongs to the request before, which looks it
 * up, or a person takes both.  One that names a case, such as an order number,
 * counts for any request; without one, what is it about? */
bool stage_value(struct stepping *s)
{
	if (s->r.caught == NULL)
		return false;
	const struct intent *intent = reading_topic(s->c, &s->r);
	s->say.value = conversation_value(s->c, str_of(s->r.caught));
	if (s->r.contact && s->c->holder == HOLDER_WAITING &&
	    say_phrase(&s->say, "contact_noted", &s->out->reply.text)) {
		set_verdict(s, NULL, DECISION_ANSWER);
		s->c->misses = 0;
		return true;
	}
	if (!s->r.identifies &&
	    (intent == NULL || !intent_wants(intent, s->r.caught)))
		intent = shows_card(s);
	if (!s->r.identifies && intent == NULL)
		return false;
	if (intent == NULL && s->c->holder == HOLDER_WAITING &&
	    say_phrase(&s->say, "waiting_unsure", &s->out->reply.text)) {
		set_verdict(s, NULL, DECISION_ANSWER);
		return true;
	}
	if (intent == NULL) {
		/* after another miss a person is nearer than a question */
		if (s->c->misses > 0 ||
		    !say_phrase(&s->say, "noted_what", &s->out->reply.text))
			return false;
		set_verdict(s, NULL, DECISION_UNSURE);
		s->c->misses++;
		return true;
	}
	struct candidate c = certain(intent);
	set_verdict(s, &c, DECISION_ANSWER);
	s->c->misses = 0;
	if (say_lookup(&s->say, intent, &s->out->reply.text)) {
		(void)note_topic(s->c, intent->name);
		return true;
	}
	(void)say_phrase(&s->say, "noted", &s->out->reply.text);
	hand_off(s, REASON_RULE);
	return true;
}

/* The request for the goods named: one that something speaks for, or the one
 * that shows their card. */
static const struct intent *about_goods(const struct stepping *s)
{
	static const double SOMETHING = 0.05;
	for (size_t i = 1; i < s->r.n; i++) {
		const struct candidate *c = &s->r.candidates[i];
		const struct lookup *l = c->intent->lookup;
		if (c->intent->role == ROLE_REQUEST && l != NULL &&
		    strcmp(l->slot, s->r.caught) == 0 &&
		    (c->n_evidence > 0 || c->score >= SOMETHING))
			return c->intent;
	}
	return intent_showing(s->r.pack, s->r.caught);
}

bool is_greeting(const struct intent *intent)
{
	return strcmp(intent->name, "greeting") == 0;
}

bool greets_about_goods(const struct stepping *s)
{
	static const double HALF = 0.5;
	enum { WORDS = 12 }; /* more tell a story */
	const struct candidate *top = s->r.candidates;
	const struct slot *slot =
	    s->r.caught != NULL ? pack_slot(s->r.pack, s->r.caught) : NULL;
	return s->r.n > 0 && slot != NULL && names_goods(s->r.pack, slot) &&
	       is_greeting(top->intent) && top->explained <= HALF &&
	       s->r.norm.n_words <= WORDS;
}

/* The name of a product, and no pattern that speaks for anything, or one of a
 * greeting: what words alone make of it is not asked back. */
bool stage_product(struct stepping *s)
{
	if (greets_about_goods(s)) {
		struct candidate c = certain(about_goods(s));
		answer(s, &c);
		return true;
	}
	bool spoken = s->r.n > 0 && s->r.candidates[0].n_evidence > 0;
	return !spoken && shows_card(s) != NULL && stage_value(s);
}
