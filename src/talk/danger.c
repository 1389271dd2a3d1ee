/* Danger to somebody: above everything else, and early when it is faint. */
#include "rules/detector.h"
#include "talk/inner.h"

/* From these likelihoods on (see detector_likelihood) somebody is in danger: it
 * is answered as danger; numbers are named and a person called, in case it is;
 * it is asked whether it is, although something else could be answered; that is
 * asked where the bot would only ask back; a word is said beside the answer.
 *
 * Of 5,820 messages in danger by hands that knew nothing of what was taught, 96
 * in 100 reach .5 and all but 17 are noticed; of as many that sound like it 102
 * reach .5 and 585 are asked. */
static const double CLEAR = 0.7, LIKELY = 0.5, POSSIBLE = 0.05,
		    UNANSWERED = 0.02, HINTED = 0.02;
/* Asked whether it is, and it may be again: there is no second question. */
static const double AGAIN = 0.1;
/* While a form is open, and in a few words right after an answer, which go on
 * with it, a question is worth less. */
static const double IN_TALK = 0.2;

/* One way in which danger is heard whatever its likelihood.  Each is at least
 * this: what words say of it by themselves, its share among all intents, its
 * score among the candidates, what its patterns say, and what words say of it
 * in a part of the message. */
struct way {
	double alone, share, score, matched, part;
};
/* Beside a request that most of the message is about. */
static const struct way possible[] = {
	{ .part = 0.5 },
	{ .alone = 0.01, .matched = 0.7 },
};
/* One or two words say little without a pattern: "live crab". */
static const struct way in_brief[] = {
	{ .alone = 0.5, .share = 0.9 },
	{ .alone = 0.4, .matched = 0.25 },
};
static const struct way possible_in_brief[] = {
	{ .alone = 0.4, .share = 0.8 }, { .matched = 0.5 }, /* "help me" */
};
/* In answers to what the bot asked, and while it listens, words mean less. */
static const struct way in_answers[] = {
	{ .alone = 0.5, .share = 0.65, .score = 0.05 },
	{ .alone = 0.4, .matched = 0.3 },
};
/* What is told while a person is on the way because of danger sounds like it,
 * and is none that was not known. */
static const struct way known[] = {
	{ .alone = 0.1, .matched = 0.3 },
	{ .matched = 0.7 },
};
/* Patterns from here on are words for it, wherever they stand. */
static const double SAID = 0.5;
/* In a pack without a classifier patterns hear it by themselves. */
static const double PATTERNS_ALONE = 0.3;

enum {
	BRIEF = 2,        /* words */
	ANSWER_WORDS = 5, /* an answer of more may be about something else */
	FORM_WORDS = 3,   /* a form waits for a number */
	CARE_EVERY = 10,  /* turns; once is enough */
};

static bool is_taught(const struct candidate *c)
{
	return c->intent != NULL && c->intent->class_no >= 0;
}

#define HEARD(c, ways) is_heard(c, ways, HG_COUNT(ways))
static bool is_heard(
    const struct candidate *c, const struct way *ways, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->alone >= ways[i].alone && c->share >= ways[i].share &&
		    c->score >= ways[i].score &&
		    c->matched >= ways[i].matched && c->part >= ways[i].part)
			return true;
	return false;
}

static double likelihood(const struct candidate *c)
{
	return is_taught(c) ? detector_likelihood(c) : 0;
}

/* A pattern of full weight, such as a shop's own, needs no word to agree. */
static bool is_certain(const struct candidate *c)
{
	for (size_t i = 0; i < c->n_evidence; i++)
		if (c->evidence[i].weight >= 1)
			return true;
	return false;
}

/* A pattern from another folder than what was taught, as a shop's own: its
 * words were not. */
static bool is_added(const struct pack *pack, const struct candidate *c)
{
	static const double ENOUGH = 0.5;
	const struct place *taught = pack->detector != NULL
					 ? &pack->detector_place
					 : &pack->classifier_place;
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct evidence *e = &c->evidence[i];
		if (e->weight >= ENOUGH &&
		    !place_is_beside(&e->pattern->place, taught))
			return true;
	}
	return false;
}

/* Is a person on the way because of danger, or of what may be it, and nobody
 * has said since that all is well? */
static bool is_awaited(const struct stepping *s)
{
	return s->c->holder == HOLDER_WAITING && s->view->desk.danger &&
	       s->c->safe_turn == 0;
}

static bool is_brief(const struct stepping *s)
{
	return s->r.norm.n_words <= BRIEF;
}

/* Somebody says plainly, in the words of patterns, what is listened to: "nobody
 * to talk to tonight", and words are not sure of danger.  Of 9,080 messages in
 * danger one did so. */
static bool is_listened_to(const struct stepping *s)
{
	static const double PLAIN = 0.85, SURE = 0.9, UNLESS = 0.4,
			    DANGER = 0.9, PART = 0.98;
	const struct candidate *top = s->r.candidates;
	return s->r.n > 0 && top->intent->listens && top->matched >= PLAIN &&
	       top->score >= SURE && s->r.danger.matched < UNLESS &&
	       s->r.danger.alone < DANGER && s->r.danger.part < PART &&
	       !is_added(s->r.pack, &s->r.danger);
}

bool calls_off(const struct stepping *s)
{
	enum { WORDS = 6 };
	return s->c->holder == HOLDER_WAITING && !s->view->desk.danger &&
	       s->r.norm.n_words <= WORDS && heard(s, SIGNAL_CANCEL);
}

static bool is_clear(const struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	if (!is_taught(c))
		return c->matched >= PATTERNS_ALONE;
	if (is_certain(c))
		return true;
	if (calls_off(s) && c->matched < SAID)
		return false; /* "no need, I only wanted to ask" */
	if (is_awaited(s) && was_in_danger(s->c))
		return HEARD(c, known);
	if (is_listened_to(s))
		return false;
	if (s->r.by_patterns)
		return HEARD(c, in_answers);
	return is_brief(s) ? HEARD(c, in_brief) : likelihood(c) >= CLEAR;
}

static bool is_likely(const struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	return (is_taught(c) && is_added(s->r.pack, c)) ||
	       (!is_brief(s) && likelihood(c) >= LIKELY);
}

bool danger_is_possible(const struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	if (s->c->form.slot[0] != '\0')
		return likelihood(c) >= IN_TALK;
	if (is_brief(s))
		return HEARD(c, possible_in_brief);
	bool plain = goes_on_about(s) != NULL || asks_of_cases(s);
	if (plain && c->matched < SAID)
		return likelihood(c) >= IN_TALK;
	return likelihood(c) >= POSSIBLE ||
	       (is_taught(c) && HEARD(c, possible));
}

bool danger_is_possible_again(const struct stepping *s)
{
	return !is_brief(s) && likelihood(&s->r.danger) >= AGAIN;
}

bool danger_is_thinkable(const struct stepping *s)
{
	return !is_brief(s) && likelihood(&s->r.danger) >= UNANSWERED;
}

bool danger_holds_anywhere(
    struct stepping *s, bool (*holds)(const struct stepping *))
{
	struct stepping there;
	if (s->r.danger.intent != NULL && holds(s))
		return true;
	if (!look_elsewhere(s, &there) || there.r.danger.intent == NULL ||
	    !holds(&there))
		return false;
	go_elsewhere(s, &there);
	return true;
}

bool stage_crisis(struct stepping *s)
{
	if (!danger_holds_anywhere(s, is_clear))
		return false;
	/* who is in danger gets nothing else */
	forget_further(&s->r);
	answer(s, &s->r.danger);
	return true;
}

bool may_worry(const struct stepping *s)
{
	size_t few = s->c->form.slot[0] != '\0' ? FORM_WORDS : ANSWER_WORDS;
	bool answers = s->r.by_patterns && s->r.norm.n_words <= few &&
		       !asked_after_danger(s->c);
	return !answers && s->c->listening == 0 && !is_awaited(s) &&
	       !is_listened_to(s) && !calls_off(s);
}

void worry(struct stepping *s)
{
	s->c->safe_turn = 0;
	set_verdict(s, &s->r.danger, DECISION_UNSURE);
	(void)say_phrase(&s->say, "worry", &s->out->reply.text);
	hand_off(s, REASON_WORRY);
}

bool stage_worry(struct stepping *s)
{
	if (!may_worry(s) || !danger_holds_anywhere(s, is_likely))
		return false;
	worry(s);
	return true;
}

bool is_answerable(const struct stepping *s)
{
	return s->r.n > 0 && s->r.candidates[0].n_evidence > 0 &&
	       s->r.candidates[0].confidence >= s->r.pack->answer_at;
}

/* "I'm fine, I was joking": the person who was called comes all the same, but
 * the talk is an ordinary one again, and a request in the same message is
 * answered. */
bool stage_all_clear(struct stepping *s)
{
	struct conversation *c = s->c;
	if (!is_awaited(s) || !heard(s, SIGNAL_SAFE))
		return false;
	c->safe_turn = c->turn;
	c->misses = 0;
	if (is_answerable(s) ||
	    !say_phrase(&s->say, "all_clear", &s->out->reply.text))
		return false;
	set_verdict(s, NULL, DECISION_ANSWER);
	return true;
}

/* While somebody in danger waits, nothing is guessed to be about the shop:
 * "it's too late" is no late parcel.  What is plainly asked is answered. */
bool stage_stay(struct stepping *s)
{
	enum { WORDS = 4 };
	static const double SURE = 0.95;
	bool plain = is_answerable(s) && s->r.norm.n_words >= WORDS &&
		     s->r.candidates[0].confidence >= SURE;
	bool social = s->r.n > 0 && is_social(&s->r.candidates[0]);
	/* the number of an order, a telephone; but no goods: "the bottle can
	 * wait" */
	bool value = s->r.identifies || s->r.contact;
	if (!is_awaited(s) || !was_in_danger(s->c) || plain || social ||
	    value ||
	    !say_phrase(&s->say, "waiting_danger", &s->out->reply.text))
		return false;
	set_verdict(s, NULL, DECISION_UNSURE);
	return true;
}

/* Few words that are answered hide nothing: "cancel HG-1001 and HG-1002". */
static bool hides_nothing(const struct stepping *s)
{
	enum { WORDS = 8 };
	return s->r.norm.n_words <= WORDS;
}

void add_care(struct stepping *s)
{
	struct conversation *c = s->c;
	const struct candidate *d = &s->r.danger;
	bool due = c->care_turn == 0 || c->turn - c->care_turn >= CARE_EVERY;
	if (d->intent == NULL || !due || s->r.by_patterns ||
	    is_listened_to(s) || c->holder != HOLDER_BOT ||
	    likelihood(d) < HINTED || hides_nothing(s))
		return;
	s->out->reply.cares = say_phrase(&s->say, "care", &s->out->reply.text);
	if (s->out->reply.cares)
		c->care_turn = c->turn;
}

bool is_left_to_danger(const struct candidate *c)
{
	return c->intent->role == ROLE_CRISIS && is_taught(c);
}
