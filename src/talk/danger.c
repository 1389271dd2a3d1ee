/* Danger to somebody: above everything else, and early when it is faint. */
#include "talk/inner.h"

/* One way in which danger is heard.  Each is at least this: what words say of
 * it by themselves, its share among all intents, its score among the candidates
 * (words that the patterns of a request explain are no danger), what its
 * patterns say, and what words say of it in a part of the message.
 *
 * The figures were chosen on messages that neither patterns nor words were
 * taught with: tests/eval/danger_fresh_*, danger_everyday_*, danger_unseen_*,
 * danger_held_*, danger_last_*, danger_anew_*, danger_beside_* and
 * danger_open_*, and 6,800 of customers and out of scope. tests/eval/README.md
 * says what came out. */
struct way {
	double alone, share, score, matched, part;
};
/* By its words, or by less if a pattern says so too. */
static const struct way clear[] = {
	{ .alone = 0.5 },
	{ .alone = 0.3, .matched = 0.5 },
};
/* One or two words say little without a pattern: "live crab". */
static const struct way in_brief[] = {
	{ .alone = 0.5, .share = 0.9 },
	{ .alone = 0.4, .matched = 0.25 },
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
/* It may be danger, whatever else is asked for. */
static const struct way faint[] = {
	{ .alone = 0.08, .score = 0.07 },
	{ .alone = 0.25 },
	{ .alone = 0.05, .matched = 0.3 },
	{ .alone = 0.01, .matched = 0.7 },
	{ .alone = 0.08, .part = 0.5 },
	{ .part = 0.75 },
	{ .part = 0.3, .matched = 0.3 },
	{ .part = 0.1, .matched = 0.7 },
};
static const struct way faint_in_brief[] = { { .alone = 0.4, .share = 0.8 } };
/* So faint that what was asked is answered, with a word beside it. */
static const struct way hinted[] = { { .alone = 0.1 }, { .part = 0.5 } };
/* The bot would only ask back: a person costs no answer. */
static const struct way unanswered[] = {
	{ .score = 0.15 },
	{ .score = 0.05, .matched = 0.1 },
	{ .alone = 0.03, .score = 0.03 },
	{ .alone = 0.02, .score = 0.005, .part = 0.2 },
};
/* In a pack without a classifier patterns hear it by themselves. */
static const double PATTERNS_ALONE = 0.3;

enum {
	BRIEF = 2,        /* words */
	ANSWER_WORDS = 5, /* an answer of more may be about something else */
};

static bool is_taught(const struct candidate *c)
{
	return c->intent->class_no >= 0;
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
	static const double LIKELY = 0.5;
	const struct place *taught = pack->detector != NULL
					 ? &pack->detector_place
					 : &pack->classifier_place;
	for (size_t i = 0; i < c->n_evidence; i++) {
		const struct evidence *e = &c->evidence[i];
		if (e->weight >= LIKELY &&
		    !place_is_beside(&e->pattern->place, taught))
			return true;
	}
	return false;
}

/* Is a person on the way because of danger, or of what may be it? */
static bool is_awaited(const struct stepping *s)
{
	return s->c->holder == HOLDER_WAITING && s->view->desk.danger;
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
			    DANGER = 0.9;
	const struct candidate *top = s->r.candidates;
	return s->r.n > 0 && top->intent->listens && top->matched >= PLAIN &&
	       top->score >= SURE && s->r.danger.matched < UNLESS &&
	       s->r.danger.alone < DANGER && !is_added(s->r.pack, &s->r.danger);
}

static bool is_clear(const struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	if (!is_taught(c))
		return c->matched >= PATTERNS_ALONE;
	if (is_certain(c))
		return true;
	if (is_awaited(s) && was_in_danger(s->c))
		return HEARD(c, known);
	if (is_listened_to(s))
		return false;
	if (s->r.by_patterns)
		return HEARD(c, in_answers);
	return is_brief(s) ? HEARD(c, in_brief) : HEARD(c, clear);
}

static bool is_faint(const struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	return (is_taught(c) && is_added(s->r.pack, c)) ||
	       (is_brief(s) ? HEARD(c, faint_in_brief) : HEARD(c, faint));
}

/* Does it hold of what is read in the conversation's language, or of a stretch
 * in another? */
static bool holds_anywhere(
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
	if (!holds_anywhere(s, is_clear))
		return false;
	/* who is in danger gets nothing else */
	s->r.also = NULL;
	answer(s, &s->r.danger);
	return true;
}

/* May a person be called to look at what may be danger?  Not while the bot
 * listens, to sadness that sounds like it, nor for a short answer. */
static bool may_worry(const struct stepping *s)
{
	bool answers = s->r.by_patterns && s->r.norm.n_words <= ANSWER_WORDS;
	return !answers && s->c->listening == 0 && !is_awaited(s) &&
	       !is_listened_to(s);
}

/* A person looks at it, and the numbers are named. */
static void worry(struct stepping *s)
{
	set_verdict(s, &s->r.danger, DECISION_UNSURE);
	(void)say_phrase(&s->say, "worry", &s->out->reply.text);
	hand_off(s, REASON_WORRY);
}

bool stage_worry(struct stepping *s)
{
	if (!may_worry(s) || !holds_anywhere(s, is_faint))
		return false;
	worry(s);
	return true;
}

bool stage_doubt(struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	if (c->intent == NULL || !may_worry(s) || !is_taught(c) ||
	    is_brief(s) || !HEARD(c, unanswered))
		return false;
	worry(s);
	return true;
}

void add_care(struct stepping *s)
{
	enum { EVERY = 10 }; /* turns; once is enough */
	struct conversation *c = s->c;
	const struct candidate *d = &s->r.danger;
	bool due = c->care_turn == 0 || c->turn - c->care_turn >= EVERY;
	if (d->intent == NULL || !due || !is_taught(d) || is_brief(s) ||
	    s->r.by_patterns || is_listened_to(s) || c->holder != HOLDER_BOT ||
	    !HEARD(d, hinted))
		return;
	s->out->reply.cares = say_phrase(&s->say, "care", &s->out->reply.text);
	if (s->out->reply.cares)
		c->care_turn = c->turn;
}

bool is_left_to_danger(const struct candidate *c)
{
	return c->intent->role == ROLE_CRISIS && is_taught(c);
}
