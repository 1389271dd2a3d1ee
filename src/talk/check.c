/* The question whether somebody is in danger, asked when it may be, and what is
 * answered to it.  It alarms nobody, and whoever is in danger is not alone. */
#include "base/mem.h"
#include "talk/inner.h"

enum {
	CHECK_EVERY = 3, /* turns between two of these questions */
	FEW = 3,         /* words that say too little of a request */
	REMARK = 4,      /* a "no" with more words says something else too */
};

bool asked_after_danger(const struct conversation *c)
{
	return c->n_options > 0 && strcmp(c->options[0], "crisis") == 0;
}

/* What else the message may be about, or NULL. */
static const struct candidate *other_request(const struct stepping *s)
{
	static const double GUESS = 0.06;
	for (size_t i = 0; i < s->r.n; i++) {
		const struct candidate *c = &s->r.candidates[i];
		if (c->intent->role == ROLE_REQUEST && c->score >= GUESS)
			return c;
	}
	return NULL;
}

/* Is somebody in danger, or what is it about?  A pack without words for it
 * calls a person instead. */
static void check(struct stepping *s)
{
	const struct candidate *other = other_request(s);
	struct buf *text = &s->out->reply.text;
	s->say.second = other != NULL ? other->intent->title : NULL;
	bool asked = other != NULL ? say_phrase(&s->say, "check_in", text)
				   : say_phrase(&s->say, "check_in_only", text);
	if (!asked) {
		worry(s);
		return;
	}
	set_verdict(s, &s->r.danger, DECISION_CLARIFY);
	ask_which(s, s->r.danger.intent, other != NULL ? other->intent : NULL);
	s->c->check_turn = s->c->turn;
}

static bool may_check(const struct stepping *s)
{
	const struct conversation *c = s->c;
	return may_worry(s) &&
	       (c->check_turn == 0 || c->turn - c->check_turn >= CHECK_EVERY);
}

bool stage_check(struct stepping *s)
{
	if (!may_check(s) || !danger_holds_anywhere(s, danger_is_possible))
		return false;
	check(s);
	return true;
}

/* What would only be asked back; after another miss a person is nearer than a
 * question, and so it is when a few words go on with what was answered. */
bool stage_doubt(struct stepping *s)
{
	if (s->r.danger.intent == NULL || s->c->misses > 0 || !may_check(s) ||
	    goes_on_about(s) != NULL || !danger_is_thinkable(s))
		return false;
	check(s);
	return true;
}

/* A person looks at it, whatever the words said; without alarm where nothing in
 * them is of danger. */
static void call_in_case(struct stepping *s)
{
	if (s->r.norm.n_words > FEW &&
	    !danger_holds_anywhere(s, danger_is_thinkable)) {
		set_verdict(s, NULL, DECISION_UNSURE);
		hand_off(s, REASON_UNSURE);
		return;
	}
	const struct intent *danger = pack_intent(s->r.pack, "crisis");
	if (danger != NULL)
		s->r.danger = certain(danger);
	worry(s);
}

/* A request that can be told, or a value that goes on with one. */
static bool is_request(const struct stepping *s)
{
	const struct candidate *top = s->r.n > 0 ? s->r.candidates : NULL;
	double least = s->r.norm.n_words > FEW ? s->r.pack->clarify_at
					       : s->r.pack->answer_at;
	return s->r.caught != NULL ||
	       (top != NULL && top->intent->role == ROLE_REQUEST &&
		   top->confidence >= least);
}

/* "No, only sad": that is listened to. */
static bool listen(struct stepping *s)
{
	static const double FELT = 0.35;
	const struct intent *listener = reading_listener(&s->r);
	enum mood mood = s->r.mood.mood;
	if (listener == NULL || s->r.mood.strength < FELT ||
	    (mood != MOOD_LONELY && mood != MOOD_SAD))
		return false;
	struct candidate c = certain(listener);
	answer(s, &c);
	return true;
}

/* Nobody is: the talk goes on with what was asked, or asks for it. */
static bool go_on(struct stepping *s)
{
	s->c->n_options = 0;
	if (!is_request(s) && listen(s))
		return true;
	if (is_request(s) || s->c->misses > 0 ||
	    !say_phrase(&s->say, "checked", &s->out->reply.text))
		return false;
	bool in_form = s->c->form.slot[0] != '\0';
	set_verdict(s, NULL, in_form ? DECISION_ANSWER : DECISION_UNSURE);
	s->c->misses += !in_form;
	return true;
}

/* The answer to the question.  What is no clear no, nor anything else that can
 * be told, is looked at by a person. */
bool stage_checked(struct stepping *s)
{
	if (!asked_after_danger(s->c))
		return false;
	const struct intent *chosen = chosen_option(s);
	bool no = says_neither(s);
	bool safe = no || heard(s, SIGNAL_SAFE);
	if (chosen != NULL && chosen->role == ROLE_CRISIS && !safe) {
		struct candidate c = certain(chosen);
		forget_further(&s->r);
		answer(s, &c);
		return true;
	}
	if (chosen != NULL && chosen->role != ROLE_CRISIS)
		return false;
	bool again = danger_holds_anywhere(s, danger_is_possible_again);
	if (again && !(safe && s->r.norm.n_words <= REMARK)) {
		worry(s);
		return true;
	}
	/* "hello?" is no thanks */
	bool thanks = is_answerable(s) && is_social(&s->r.candidates[0]) &&
		      !is_greeting(s->r.candidates[0].intent);
	if (safe || thanks || is_request(s))
		return go_on(s);
	call_in_case(s);
	return true;
}
