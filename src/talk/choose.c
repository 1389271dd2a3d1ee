/* When the bot has asked something: which of two was meant, or whether a person
 * shall come; and a value that is corrected. */
#include "base/mem.h"
#include "talk/inner.h"

/* A second candidate below this part of the best one's score is no choice;
 * blended scores lie further apart. */
static const double RUNNER_UP = 0.5, RUNNER_UP_BLENDED = 0.25;

static void offer_option(struct stepping *s, const struct intent *intent)
{
	struct conversation *c = s->c;
	FIELD_SET(c->options[c->n_options], intent->name, strlen(intent->name));
	c->n_options++;
	add_button(s, str_of(intent->title), str_of(intent->title));
}

/* What says that it is none of those asked about. */
static void say_neither(struct stepping *s, bool two, struct buf *out)
{
	bool one = !two && pack_phrase(s->r.pack, "not_that") != NULL;
	say_fixed(&s->say, one ? "not_that" : "neither", out);
}

static void add_neither(struct stepping *s, bool two)
{
	struct buf neither = { 0 };
	say_neither(s, two, &neither);
	add_button(s, buf_str(&neither), buf_str(&neither));
	buf_clear(&neither);
}

void ask_which(
    struct stepping *s, const struct intent *a, const struct intent *b)
{
	s->c->n_options = 0;
	offer_option(s, a);
	if (b != NULL)
		offer_option(s, b);
	add_neither(s, b != NULL);
}

/* The number of an order and hardly a word, or one that the request before is
 * about: it is noted, not guessed about. */
static bool is_number(const struct stepping *s)
{
	enum { WORDS = 4 };
	return s->r.identifies && (s->r.norm.n_words <= WORDS ||
				      reading_topic(s->c, &s->r) != NULL);
}

/* "and to Medan?": a few words with a value that the request before looks up
 * go on with it. */
bool gives_another_value(const struct stepping *s)
{
	enum { WORDS = 3 };
	const struct intent *topic = reading_topic(s->c, &s->r);
	return s->r.norm.n_words <= WORDS && topic != NULL &&
	       intent_wants(topic, s->r.caught);
}

/* Which of the best two, or, when only one comes into question, whether it is
 * that.  What counts is that the right one is among those offered.  A furious
 * customer is only asked which of two, and when it likely is one of them; and
 * nobody about what no word speaks for: in 5,000 messages hardly one of those
 * was right. */
bool stage_clarify(struct stepping *s)
{
	static const double LIKELY = 0.5, GUESS = 0.06;
	const struct candidate *top = s->r.candidates;
	if (s->r.n == 0 || top->intent->role != ROLE_REQUEST || is_number(s) ||
	    gives_another_value(s))
		return false;
	bool blended = s->r.pack->classifier != NULL && !top->by_patterns;
	if (blended && top->score < GUESS)
		return false;
	double least = blended ? RUNNER_UP_BLENDED : RUNNER_UP;
	bool two = s->r.n > 1 && top[1].intent->role == ROLE_REQUEST &&
		   top[1].score >= top[0].score * least;
	double offered = top[0].confidence + (two ? top[1].confidence : 0);
	if (offered < s->r.pack->clarify_at)
		return false;
	if (is_furious(s) && (!two || offered < LIKELY))
		return false;
	s->say.first = top[0].intent->title;
	s->say.second = two ? top[1].intent->title : NULL;
	if (!say_phrase(
		&s->say, two ? "clarify" : "confirm", &s->out->reply.text))
		return false;
	set_verdict(s, top, DECISION_CLARIFY);
	ask_which(s, top[0].intent, two ? top[1].intent : NULL);
	return true;
}

const struct intent *chosen_option(struct stepping *s)
{
	struct str text = str_trim(s->text);
	const struct conversation *c = s->c;
	for (int i = 0; i < c->n_options; i++) {
		const struct intent *intent =
		    pack_intent(s->r.pack, c->options[i]);
		char number[2] = { (char)('1' + i), '\0' };
		if (intent != NULL &&
		    (str_eq_case(text, str_of(intent->title)) ||
			str_is(text, number)))
			return intent;
	}
	if (c->n_options == 2 && heard(s, SIGNAL_SECOND))
		return pack_intent(s->r.pack, c->options[1]);
	if (c->n_options > 0 &&
	    (heard(s, SIGNAL_FIRST) || heard(s, SIGNAL_YES)))
		return pack_intent(s->r.pack, c->options[0]);
	return NULL;
}

bool says_neither(struct stepping *s)
{
	struct buf neither = { 0 };
	say_neither(s, s->c->n_options > 1, &neither);
	bool same = str_eq_case(str_trim(s->text), buf_str(&neither));
	buf_clear(&neither);
	/* "2" where there is one and another button */
	same = same ||
	       (s->c->n_options == 1 &&
		   (str_is(str_trim(s->text), "2") || heard(s, SIGNAL_SECOND)));
	return same || heard(s, SIGNAL_NO);
}

/* Both of the two: one reply. */
static bool answer_both(struct stepping *s)
{
	const struct intent *a = pack_intent(s->r.pack, s->c->options[0]);
	const struct intent *b = pack_intent(s->r.pack, s->c->options[1]);
	if (a == NULL || b == NULL)
		return false;
	struct candidate first = certain(a), second = certain(b);
	forget_further(&s->r);
	s->r.also = &second;
	answer(s, &first);
	s->r.also = NULL;
	return true;
}

/* What was not chosen may be asked for next. */
static void remember_other(struct conversation *c, const struct intent *chosen)
{
	for (int i = 0; i < c->n_options; i++) {
		/* danger is nothing to come back to by "the other one" */
		if (strcmp(c->options[i], chosen->name) == 0 ||
		    strcmp(c->options[i], "crisis") == 0)
			continue;
		memcpy(c->other_option, c->options[i], INTENT_NAME_BYTES);
		c->other_turn = c->turn;
	}
}

/* What was asked about just now, if it wants the number that came instead of a
 * yes: "is this about a late delivery?" - "HG-20311". */
static const struct intent *asked_about(const struct stepping *s)
{
	const struct conversation *c = s->c;
	for (int i = 0; i < c->n_options; i++) {
		const struct intent *intent =
		    pack_intent(s->r.pack, c->options[i]);
		if (intent != NULL && intent_wants(intent, s->r.caught))
			return intent;
	}
	return NULL;
}

bool stage_option(struct stepping *s)
{
	if (s->c->n_options == 0)
		return false;
	if (s->c->n_options == 2 && heard(s, SIGNAL_BOTH) && answer_both(s))
		return true;
	const struct intent *intent = chosen_option(s);
	if (intent == NULL && s->r.identifies && !is_answerable(s) &&
	    !says_neither(s))
		intent = asked_about(s);
	if (intent != NULL) {
		struct candidate c = certain(intent);
		remember_other(s->c, intent);
		answer(s, &c);
		return true;
	}
	bool neither = says_neither(s);
	s->c->n_options = 0;
	bool answered =
	    s->r.n > 0 && s->r.candidates[0].confidence >= s->r.pack->answer_at;
	if (!neither || answered)
		return false; /* the next message simply says it anew */
	return stage_unsure(s);
}

/* "And the other one?": of two things to choose from, or the value that was
 * spoken of before the last. */
bool stage_other(struct stepping *s)
{
	enum { FRESH = 3, WORDS = 6 };
	struct conversation *c = s->c;
	if (s->r.norm.n_words > WORDS || !heard(s, SIGNAL_OTHER))
		return false;
	const struct intent *intent =
	    c->other_option[0] != '\0' && c->turn - c->other_turn <= FRESH
		? pack_intent(s->r.pack, c->other_option)
		: NULL;
	if (intent != NULL) {
		c->other_option[0] = '\0';
	} else {
		intent =
		    c->other.name[0] != '\0' ? reading_topic(c, &s->r) : NULL;
		if (intent == NULL || !intent_wants(intent, c->other.name))
			return false;
		struct slot_value other = c->other;
		(void)talk_know(c, str_of(other.name), str_of(other.value));
	}
	struct candidate cand = certain(intent);
	answer(s, &cand);
	return true;
}

bool stage_offer(struct stepping *s)
{
	struct conversation *c = s->c;
	if (!offer_stands(c))
		return false;
	bool answered = s->r.n > 0 && !is_social(s->r.candidates) &&
			s->r.candidates[0].confidence >= s->r.pack->answer_at;
	const struct intent *wish =
	    pack_intent(s->r.pack, "contact_human_agent");
	if (answered || wish == NULL)
		return false;
	struct candidate cand = certain(wish);
	if (c->offer_turn > 0 && heard(s, SIGNAL_YES)) {
		c->offer_turn = 0;
		answer(s, &cand);
		return true;
	}
	if (!heard(s, SIGNAL_NO) ||
	    !say_phrase(&s->say, "offer_declined", &s->out->reply.text))
		return false;
	c->offer_turn = 0;
	c->misses = 0;
	set_verdict(s, &cand, DECISION_ANSWER);
	return true;
}

/* "And then?": the last topic again, explained another way. */
bool stage_more(struct stepping *s)
{
	const struct intent *intent =
	    heard(s, SIGNAL_MORE) ? reading_topic(s->c, &s->r) : NULL;
	if (intent == NULL)
		return false;
	struct candidate c = certain(intent);
	forget_further(&s->r);
	answer(s, &c);
	return true;
}

/* Pictures do not come through here, and that is said. */
bool stage_photo(struct stepping *s)
{
	if (!heard(s, SIGNAL_PHOTO) ||
	    !say_phrase(&s->say, "photo", &s->out->reply.text))
		return false;
	const struct intent *intent = reading_topic(s->c, &s->r);
	struct candidate c = certain(intent);
	set_verdict(s, intent != NULL ? &c : NULL,
	    intent != NULL ? DECISION_ANSWER : DECISION_UNSURE);
	s->c->misses = 0;
	offer_human_in_words(s);
	return true;
}

/* "Eh, I meant HG-2211": the value that was noted is another one. */
bool stage_correction(struct stepping *s)
{
	if (s->r.caught == NULL || !s->r.changed || !heard(s, SIGNAL_CORRECT))
		return false;
	const struct intent *intent = reading_topic(s->c, &s->r);
	if (intent == NULL)
		return false;
	struct candidate c = certain(intent);
	s->say.value = conversation_value(s->c, str_of(s->r.caught));
	if (!say_phrase(&s->say, "corrected", &s->out->reply.text))
		return false;
	if (intent_wants(intent, s->r.caught))
		(void)say_lookup(&s->say, intent, &s->out->reply.text);
	set_verdict(s, &c, DECISION_ANSWER);
	s->c->misses = 0;
	return true;
}
