/* The score of a message's candidates from both that hear it. */
#include "rules/blend.h"

#include <math.h>

static const double SHARE = 1.15, MATCHED = 1.5;
static const double NONE = 0.5, NONE_MATCHED = -0.5;
static const double MATCHED_MOST = 0.95;
/* What no class was taught, beside the probabilities of all of them: where they
 * are small together, words hardly known, none of them gets a large share. */
static const double UNTAUGHT = 0.06;
/* A message of so many words tells a story, and a veto in it may be of
 * something else: when words say an intent so clearly in spite of it they are
 * right. Both figures were chosen on 2,300 messages of customers: of 81 such
 * the intent was right in 77, and in shorter ones vetoes knew better. Of 3,600
 * others, harder ones, two of a hundred more were then answered right. */
enum { STORY_WORDS = 15 };
static const double CLEAR = 0.6;
/* Below this an intent that only the classifier names is no candidate... */
static const double LEAST = 0.03;
/* ...but danger, which is not weighed against the others, from there on. */
static const double LEAST_DANGER = 0.05;

static struct candidate *find(struct ranking *r, const struct intent *intent)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->out[i].intent == intent)
			return &r->out[i];
	return NULL;
}

/* Named only to be refused: "I don't want a refund".  The classifier does not
 * hear the refusal. */
static bool is_refused(const struct candidate *c)
{
	return c->veto != NULL && c->n_evidence == 0;
}

double words_share(const struct pack *pack, const struct intent *intent,
    const struct words_say *said)
{
	return intent->class_no < 0       ? 0
	       : intent == pack->detected ? said->detected
					  : said->share[intent->class_no];
}

/* Take the veto back when words overrule it.  One from another folder than
 * theirs, as a shop's own, always holds, and so does a refusal. */
static void overrule(
    struct ranking *r, struct candidate *c, const struct words_say *said)
{
	const struct pack *pack = r->ask->pack;
	const struct pattern *veto = c->veto;
	if (veto == NULL || r->ask->norm->n_words < STORY_WORDS ||
	    words_share(pack, c->intent, said) < CLEAR)
		return;
	veto_find_elsewhere(r, c, &pack->classifier_place);
	if (c->veto != NULL)
		return;
	c->overruled = veto;
	c->score = c->unvetoed;
}

static double weigh(double share, double matched)
{
	double odds = 1 - (matched < MATCHED_MOST ? matched : MATCHED_MOST);
	return pow(share, SHARE) / pow(odds, MATCHED);
}

static double weigh_none(const struct ranking *r, double share)
{
	double most = 0;
	for (size_t i = 0; i < r->n; i++)
		most = r->out[i].score > most ? r->out[i].score : most;
	return pow(share, SHARE) * exp(NONE + NONE_MATCHED * most);
}

/* What speaks for an intent, with that share. */
static double weigh_intent(struct ranking *r, const struct intent *intent,
    const struct words_say *said, double share)
{
	struct candidate *c = find(r, intent);
	bool known = intent->class_no >= 0;
	if (c != NULL && is_refused(c))
		return 0;
	if (c != NULL && c->veto != NULL && !known)
		return 0;
	if (c == NULL)
		return known ? weigh(share, 0) : 0;
	c->matched = c->score;
	c->share = share;
	if (known && !veto_is_follow_up(c))
		return weigh(c->share, c->matched);
	double best = 0;
	for (size_t i = 0; i < r->ask->pack->classifier->n_classes; i++)
		best = said->share[i] > best ? said->share[i] : best;
	return weigh(best, c->matched) * (known ? 1 : c->matched);
}

/* As one of all, which others are weighed against. */
static double weigh_rival(struct ranking *r, const struct intent *intent,
    const struct words_say *said)
{
	return weigh_intent(r, intent, said,
	    intent->class_no < 0 ? 0 : said->share[intent->class_no]);
}

/* Its part of the whole; what is detected takes its place in it anew. */
static double part_of(struct ranking *r, const struct intent *intent,
    const struct words_say *said, double sum)
{
	double rival = weigh_rival(r, intent, said);
	if (intent != r->ask->pack->detected)
		return rival / sum;
	double own = weigh_intent(
	    r, intent, said, words_share(r->ask->pack, intent, said));
	return own > 0 ? own / (sum - rival + own) : 0;
}

/* The candidate that gives way to one of that score, r->n: none.  What a
 * pattern speaks for, or something vetoes, stays. */
static size_t weakest_joined(const struct ranking *r, double score)
{
	size_t at = r->n;
	for (size_t i = 0; i < r->n; i++) {
		const struct candidate *c = &r->out[i];
		if (c->n_evidence > 0 || c->veto != NULL || c->score >= score)
			continue;
		score = c->score;
		at = i;
	}
	return at;
}

/* What words say of it by itself. */
static void set_alone(
    const struct pack *pack, struct candidate *c, const struct words_say *said)
{
	c->alone = said->alone[c->intent->class_no];
	c->part = c->intent == pack->detected ? said->part : 0;
}

/* A veto takes words too, but not the detector's. */
static void hold_veto(const struct pack *pack, struct candidate *c)
{
	if (c->veto == NULL)
		return;
	c->score = 0;
	if (c->intent != pack->detected)
		c->alone = 0;
}

/* An intent that only the classifier names. */
static void join(struct ranking *r, const struct intent *intent,
    const struct words_say *said, double sum)
{
	struct candidate c = { .intent = intent,
		.share = words_share(r->ask->pack, intent, said),
		.score = part_of(r, intent, said, sum) };
	size_t at = r->n;
	set_alone(r->ask->pack, &c, said);
	if (c.score < LEAST &&
	    (intent->role != ROLE_CRISIS ||
		(c.alone < LEAST_DANGER && c.part < LEAST_DANGER)))
		return;
	if (r->n == MATCH_CANDIDATES &&
	    (at = weakest_joined(r, c.score)) == r->n)
		return;
	c.unvetoed = c.score;
	veto_find(r, &c);
	overrule(r, &c, said);
	hold_veto(r->ask->pack, &c);
	r->out[at] = c;
	r->n += at == r->n;
}

/* Words hear no refusal, so beside one they name nothing, but danger. */
static void join_all(
    struct ranking *r, const struct words_say *said, double sum)
{
	const struct pack *pack = r->ask->pack;
	bool refused = false;
	for (size_t i = 0; i < r->n; i++)
		refused = refused || is_refused(&r->out[i]);
	for (size_t i = 0; i < pack->n_intents; i++) {
		const struct intent *intent = &pack->intents[i];
		if (intent->class_no >= 0 && find(r, intent) == NULL &&
		    (!refused || intent->role == ROLE_CRISIS))
			join(r, intent, said, sum);
	}
}

/* What the whole is that scores are parts of. */
static double sum_up(struct ranking *r, const struct words_say *said)
{
	const struct pack *pack = r->ask->pack;
	const struct classifier *k = pack->classifier;
	double sum = weigh_none(r, said->share[k->none]);
	for (size_t c = 0; c < k->n_classes; c++)
		sum += k->absent[c] ? weigh(said->share[c], 0) : 0;
	for (size_t i = 0; i < pack->n_intents; i++)
		sum += weigh_rival(r, &pack->intents[i], said);
	return sum;
}

void words_read(
    const struct pack *pack, const struct norm *norm, struct words_say *said)
{
	const struct classifier *k = pack->classifier;
	double sum = 0;
	said->part = 0;
	classifier_read(k, norm, said->alone);
	for (size_t c = 0; c < k->n_classes; c++)
		sum += said->alone[c];
	for (size_t c = 0; c < k->n_classes; c++)
		said->share[c] = said->alone[c] / (sum + UNTAUGHT);
	said->share[k->none] += UNTAUGHT / (sum + UNTAUGHT);
	if (pack->detected == NULL || pack->detected->class_no < 0)
		return;
	double *alone = &said->alone[pack->detected->class_no];
	sum -= *alone;
	*alone = detector_read(pack->detector, norm);
	said->part = detector_read_parts(pack->detector, norm);
	said->detected = *alone > 0 ? *alone / (sum + *alone) : 0;
}

void blend(struct ranking *r)
{
	const struct classifier *k = r->ask->pack->classifier;
	struct words_say said;
	for (size_t i = 0; i < r->n; i++)
		r->out[i].alone = r->out[i].score;
	if (k == NULL)
		return;
	/* a budget of time is that of patterns: words take as long each time */
	match_scratch_pause(r->s, true);
	words_read(r->ask->pack, r->ask->norm, &said);
	match_scratch_pause(r->s, false);
	for (size_t i = 0; i < r->n; i++)
		if (!is_refused(&r->out[i]))
			overrule(r, &r->out[i], &said);
	double sum = sum_up(r, &said);
	for (size_t i = 0; i < r->n; i++) {
		struct candidate *c = &r->out[i];
		c->unvetoed = part_of(r, c->intent, &said, sum);
		if (c->intent->class_no >= 0)
			set_alone(r->ask->pack, c, &said);
	}
	for (size_t i = 0; i < r->n; i++) {
		struct candidate *c = &r->out[i];
		c->score = c->unvetoed;
		hold_veto(r->ask->pack, c);
	}
	join_all(r, &said, sum);
}
