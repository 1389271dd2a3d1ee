/* Danger to somebody: above everything else, and early when it is faint. */
#include "talk/inner.h"

/* One way in which danger is heard.  Each is at least this: what words and
 * patterns say of it alone, what the classifier gives it among all intents, its
 * score among the candidates (what a request's patterns explain is no danger),
 * and what its patterns say. */
struct way {
	double alone, share, score, matched;
};
static const struct way clear[] = {
	{ .alone = 0.4, .share = 0.4, .score = 0.05 },
	{ .alone = 0.6, .score = 0.05 },
	{ .alone = 0.1, .matched = 0.7 },
	{ .matched = 0.85 },
};
/* One or two words say little without a pattern: "live crab". */
static const struct way in_brief[] = {
	{ .alone = 0.4, .matched = 0.25 },
	{ .alone = 0.1, .matched = 0.7 },
	{ .matched = 0.85 },
};
/* In answers to what the bot asked, and while it listens, words mean less. */
static const struct way in_answers[] = {
	{ .alone = 0.5, .share = 0.65, .score = 0.05 },
	{ .alone = 0.1, .matched = 0.7 },
	{ .matched = 0.85 },
};
/* What is told of a danger that is known already sounds like it. */
static const struct way known[] = {
	{ .alone = 0.1, .matched = 0.7 },
	{ .matched = 0.85 },
};
/* It may be danger. */
static const struct way faint[] = {
	{ .alone = 0.15, .share = 0.4, .score = 0.05 },
	{ .alone = 0.3, .score = 0.05 },
	{ .alone = 0.05, .matched = 0.4 },
};
enum { BRIEF = 2 }; /* words */
/* In a pack without a classifier patterns hear it by themselves. */
static const double PATTERNS_ALONE = 0.3;

static bool is_taught(const struct candidate *c)
{
	return c->intent->class_no >= 0;
}

static bool is_heard(
    const struct candidate *c, const struct way *ways, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (c->alone >= ways[i].alone && c->share >= ways[i].share &&
		    c->score >= ways[i].score && c->matched >= ways[i].matched)
			return true;
	return false;
}

static bool is_clear(const struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	if (!is_taught(c))
		return c->matched >= PATTERNS_ALONE;
	return was_in_danger(s->c) ? is_heard(c, known, HG_COUNT(known))
	       : s->r.norm.n_words <= BRIEF
		   ? is_heard(c, in_brief, HG_COUNT(in_brief))
	       : s->r.by_patterns
		   ? is_heard(c, in_answers, HG_COUNT(in_answers))
		   : is_heard(c, clear, HG_COUNT(clear));
}

bool stage_crisis(struct stepping *s)
{
	if (s->r.danger.intent == NULL || !is_clear(s))
		return false;
	/* who is in danger gets nothing else */
	s->r.also = NULL;
	answer(s, &s->r.danger);
	return true;
}

/* It may be danger.  A person looks at it, and the numbers are named. */
bool stage_worry(struct stepping *s)
{
	const struct candidate *c = &s->r.danger;
	if (c->intent == NULL || s->r.by_patterns ||
	    s->r.norm.n_words <= BRIEF || s->c->holder != HOLDER_BOT ||
	    was_in_danger(s->c) || !is_heard(c, faint, HG_COUNT(faint)))
		return false;
	set_verdict(s, c, DECISION_UNSURE);
	(void)say_phrase(&s->say, "worry", &s->out->reply.text);
	hand_off(s, REASON_WORRY);
	return true;
}

bool is_faint_danger(const struct candidate *c)
{
	return c->intent->role == ROLE_CRISIS && is_taught(c);
}
