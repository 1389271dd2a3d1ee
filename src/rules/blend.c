/* The score of a message's candidates from both that hear it. */
#include "rules/blend.h"

#include <math.h>

static const double SHARE = 1.15, MATCHED = 1.2;
static const double NONE = 0.5, NONE_MATCHED = -0.5;
static const double ALONE_MATCHED = 1;
static const double MATCHED_MOST = 0.985;
/* Below this an intent that only the classifier names is no candidate. */
static const double LEAST = 0.03;

static struct candidate *find(struct ranking *r, const struct intent *intent)
{
	for (size_t i = 0; i < r->n; i++)
		if (r->out[i].intent == intent)
			return &r->out[i];
	return NULL;
}

/* Does its strongest evidence hold only after what was said before? */
static bool is_follow_up(const struct candidate *c)
{
	return c->n_evidence > 0 && veto_strongest(c)->pattern->n_after > 0;
}

/* Named only to be refused: "I don't want a refund".  The classifier does not
 * hear the refusal. */
static bool is_refused(const struct candidate *c)
{
	return c->veto != NULL && c->n_evidence == 0;
}

/* What the classifier says of each class. */
struct said {
	double alone[CLASSIFIER_CLASSES], share[CLASSIFIER_CLASSES];
};

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

/* What speaks for an intent. */
static double weigh_intent(
    struct ranking *r, const struct intent *intent, const double *share)
{
	struct candidate *c = find(r, intent);
	bool known = intent->class_no >= 0;
	if (c != NULL && is_refused(c))
		return 0;
	if (c != NULL && c->veto != NULL && !known)
		return 0;
	if (c == NULL)
		return known ? weigh(share[intent->class_no], 0) : 0;
	c->matched = c->score;
	c->share = known ? share[intent->class_no] : 0;
	if (known && !is_follow_up(c))
		return weigh(c->share, c->matched);
	double best = 0;
	for (size_t i = 0; i < r->ask->pack->classifier->n_classes; i++)
		best = share[i] > best ? share[i] : best;
	return weigh(best, c->matched) * (known ? 1 : c->matched);
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

/* What both say of an intent by itself. */
static double weigh_alone(double alone, double matched)
{
	if (!(alone < 1))
		return 1;
	double odds = alone / (1 - alone) * exp(ALONE_MATCHED * matched);
	return odds / (1 + odds);
}

/* An intent that only the classifier names. */
static void join(struct ranking *r, const struct intent *intent,
    const struct said *said, double sum)
{
	double share = said->share[intent->class_no];
	struct candidate c = { .intent = intent,
		.share = share,
		.score = weigh(share, 0) / sum,
		.alone = said->alone[intent->class_no] };
	size_t at = r->n;
	if (c.score < LEAST)
		return;
	if (r->n == MATCH_CANDIDATES &&
	    (at = weakest_joined(r, c.score)) == r->n)
		return;
	c.unvetoed = c.score;
	veto_find(r, &c);
	if (c.veto != NULL)
		c.score = c.alone = 0;
	r->out[at] = c;
	r->n += at == r->n;
}

/* Words hear no refusal, so beside one they name nothing, but danger. */
static void join_all(struct ranking *r, const struct said *said, double sum)
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
static double sum_up(struct ranking *r, const double *share)
{
	const struct pack *pack = r->ask->pack;
	const struct classifier *k = pack->classifier;
	double sum = weigh_none(r, share[k->none]);
	for (size_t c = 0; c < k->n_classes; c++)
		sum += k->absent[c] ? weigh(share[c], 0) : 0;
	for (size_t i = 0; i < pack->n_intents; i++)
		sum += weigh_intent(r, &pack->intents[i], share);
	return sum;
}

void blend(struct ranking *r)
{
	const struct classifier *k = r->ask->pack->classifier;
	struct said said;
	for (size_t i = 0; i < r->n; i++)
		r->out[i].alone = r->out[i].score;
	if (k == NULL)
		return;
	classifier_read(k, r->ask->norm, said.alone, said.share);
	double sum = sum_up(r, said.share);
	if (!(sum > 0))
		return; /* too small to tell: patterns decide */
	for (size_t i = 0; i < r->n; i++) {
		struct candidate *c = &r->out[i];
		int class_no = c->intent->class_no;
		c->unvetoed = weigh_intent(r, c->intent, said.share) / sum;
		if (class_no >= 0)
			c->alone =
			    weigh_alone(said.alone[class_no], c->matched);
	}
	for (size_t i = 0; i < r->n; i++) {
		struct candidate *c = &r->out[i];
		c->score = c->veto != NULL ? 0 : c->unvetoed;
		c->alone = c->veto != NULL ? 0 : c->alone;
	}
	join_all(r, &said, sum);
}
