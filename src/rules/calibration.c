/* Isotonic regression by pooling adjacent violators (Ayer et al. 1955), with
 * half a right and half a wrong answer added to each pool so that none is
 * certain (Jeffreys' prior). */
#include "rules/calibration.h"
#include "base/mem.h"

#include <stdlib.h>

static const double EVEN_CHANCE = 0.5;

enum {
	MOST_POOLS = CALIBRATION_POINTS,
	LEAST_ROWS = 8,    /* in a pool */
	LEAST_SOURCE = 40, /* rows of a source that counts by itself */
	BINS = 10,
};

double calibration_share(const struct calibration_map *m, double score)
{
	if (m->n == 0)
		return score;
	const struct calibration_point *p = m->points;
	if (score <= p[0].score)
		return p[0].share * (p[0].score > 0 ? score / p[0].score : 1);
	for (size_t i = 1; i < m->n; i++) {
		if (score > p[i].score)
			continue;
		double wide = p[i].score - p[i - 1].score;
		double part = wide > 0 ? (score - p[i - 1].score) / wide : 1;
		return p[i - 1].share + part * (p[i].share - p[i - 1].share);
	}
	return p[m->n - 1].share;
}

/* One message for one of the maps. */
struct sample {
	double score, weight;
	bool right;
};
struct pool {
	double score, right, weight; /* sums */
	size_t n;
};

static int by_score(const void *a, const void *b)
{
	const struct sample *x = a, *y = b;
	return (x->score > y->score) - (x->score < y->score);
}

static double share_of(const struct pool *p)
{
	return p->right / p->weight;
}

/* Samples of one score together, and at least LEAST_ROWS of them. */
static size_t first_pools(const struct sample *s, size_t n, struct pool *pools)
{
	size_t least = n / MOST_POOLS + 1, k = 0;
	if (least < LEAST_ROWS)
		least = LEAST_ROWS;
	for (size_t i = 0; i < n; i++) {
		bool same = i > 0 && s[i].score <= s[i - 1].score;
		if (k == 0 || (!same && pools[k - 1].n >= least))
			pools[k++] = (struct pool){ 0 };
		struct pool *p = &pools[k - 1];
		p->score += s[i].score * s[i].weight;
		p->right += s[i].right ? s[i].weight : 0;
		p->weight += s[i].weight;
		p->n++;
	}
	return k;
}

static void fit_map(struct calibration_map *m, struct sample *s, size_t n)
{
	m->n = 0;
	if (n == 0)
		return;
	qsort(s, n, sizeof(*s), by_score);
	struct pool *p = xcalloc(n, sizeof(*p));
	size_t k = first_pools(s, n, p), out = 0;
	for (size_t i = 0; i < k; i++) {
		p[out++] = p[i];
		while (
		    out > 1 && share_of(&p[out - 2]) >= share_of(&p[out - 1])) {
			p[out - 2].score += p[out - 1].score;
			p[out - 2].right += p[out - 1].right;
			p[out - 2].weight += p[out - 1].weight;
			p[out - 2].n += p[out - 1].n;
			out--;
		}
	}
	for (size_t i = 0; i < out && m->n < CALIBRATION_POINTS; i++) {
		double each = p[i].weight / (double)p[i].n;
		double share = (p[i].right + each / 2) / (p[i].weight + each);
		double before = m->n > 0 ? m->points[m->n - 1].share : 0;
		m->points[m->n++] =
		    (struct calibration_point){ p[i].score / p[i].weight,
			    share > before ? share : before };
	}
	free(p);
}

/* The weight of a row: out of scope is its share of the whole, and in either
 * part each source counts the same. */
struct weights {
	double in[CALIBRATION_SOURCES], oos[CALIBRATION_SOURCES];
};

/* From rows by source to the weight of a row.  A source of a handful of rows
 * has no share of its own: its rows weigh what rows do on average. */
static void share_out(double *rows, double share)
{
	double all = 0, in_large = 0, large = 0;
	for (size_t i = 0; i < CALIBRATION_SOURCES; i++) {
		all += rows[i];
		in_large += rows[i] >= LEAST_SOURCE ? rows[i] : 0;
		large += rows[i] >= LEAST_SOURCE;
	}
	for (size_t i = 0; i < CALIBRATION_SOURCES; i++)
		if (rows[i] >= LEAST_SOURCE)
			rows[i] = share * (in_large / all) / large / rows[i];
		else if (rows[i] > 0)
			rows[i] = share / all;
}

static struct weights weigh(
    const struct calibration_row *rows, size_t n, double oos_share)
{
	struct weights w = { { 0 }, { 0 } };
	bool in = false, oos = false;
	for (size_t i = 0; i < n; i++) {
		(rows[i].oos ? w.oos : w.in)[rows[i].source] += 1;
		*(rows[i].oos ? &oos : &in) = true;
	}
	/* per row, so that all together weigh as much as there are rows */
	double all = (double)n, part = in ? (oos ? oos_share : 0) : 1;
	share_out(w.in, all * (1 - part));
	share_out(w.oos, all * part);
	return w;
}

static double weight_of(
    const struct weights *w, const struct calibration_row *r)
{
	return (r->oos ? w->oos : w->in)[r->source];
}

/* A row with its probability, for deriving thresholds. */
struct judged {
	double share, weight;
	bool right, offered; /* top is right, one of the two is */
};

static int by_share(const void *a, const void *b)
{
	const struct judged *x = a, *y = b;
	return (x->share < y->share) - (x->share > y->share);
}

/* All rows with a candidate, surest first. */
static size_t judge(const struct calibration *c,
    const struct calibration_row *rows, size_t n, double oos_share,
    struct judged *j)
{
	struct weights w = weigh(rows, n, oos_share);
	size_t k = 0;
	for (size_t i = 0; i < n; i++)
		if (rows[i].score > 0)
			j[k++] = (struct judged){ calibration_share(
						      &c->top, rows[i].score),
				weight_of(&w, &rows[i]), rows[i].right,
				rows[i].right || rows[i].next_right };
	qsort(j, k, sizeof(*j), by_share);
	return k;
}

/* From which share on is at most that part wrong?  Above 1: from none on. */
static double lowest_share(const struct judged *j, size_t k, double accepted)
{
	double all = 0, wrong = 0, lowest = 1.01;
	for (size_t i = 0; i < k; i++) {
		all += j[i].weight;
		wrong += j[i].right ? 0 : j[i].weight;
		bool last = i + 1 == k || j[i + 1].share < j[i].share;
		if (last && wrong <= accepted * all)
			lowest = j[i].share;
	}
	return lowest;
}

/* The share from which on one of the two best is right for half of the messages
 * that lie there: read off a map, so that the sure ones do not carry the least
 * sure. */
static double derive_clarify(const struct judged *j, size_t k, double answer_at)
{
	struct sample *s = xcalloc(k + 1, sizeof(*s));
	struct calibration_map offered;
	size_t n = 0;
	for (size_t i = 0; i < k; i++)
		if (j[i].share < answer_at)
			s[n++] = (struct sample){ j[i].share, j[i].weight,
				j[i].offered };
	fit_map(&offered, s, n);
	free(s);
	size_t at = 0;
	while (at < offered.n && offered.points[at].share < EVEN_CHANCE)
		at++;
	if (at == offered.n)
		return answer_at;
	const struct calibration_point *p = &offered.points[at];
	double low = at > 0 ? p[-1].score : 0, less = at > 0 ? p[-1].share : 0;
	return low +
	       (EVEN_CHANCE - less) / (p->share - less) * (p->score - low);
}

static void derive(struct calibration *c, const struct calibration_row *rows,
    size_t n, double oos_share, double accepted)
{
	struct judged *j = xcalloc(n + 1, sizeof(*j));
	size_t k = judge(c, rows, n, oos_share, j);
	double at = lowest_share(j, k, accepted);
	/* what is more likely wrong than right is never an answer */
	c->answer = at > 1 ? 1 : at < EVEN_CHANCE ? EVEN_CHANCE : at;
	c->clarify = derive_clarify(j, k, c->answer);
	free(j);
}

void calibration_fit(struct calibration *c, const struct calibration_row *rows,
    size_t n, double oos_share, double accepted_error)
{
	struct weights w = weigh(rows, n, oos_share);
	struct sample *top = xcalloc(n + 1, sizeof(*top));
	struct sample *next = xcalloc(n + 1, sizeof(*next));
	size_t n_top = 0, n_next = 0;
	for (size_t i = 0; i < n; i++) {
		const struct calibration_row *r = &rows[i];
		double weight = weight_of(&w, r);
		if (r->score > 0)
			top[n_top++] =
			    (struct sample){ r->score, weight, r->right };
		if (r->next_score > 0)
			next[n_next++] = (struct sample){ r->next_score, weight,
				r->next_right };
	}
	fit_map(&c->top, top, n_top);
	fit_map(&c->next, next, n_next);
	free(top);
	free(next);
	derive(c, rows, n, oos_share, accepted_error);
}

double calibration_error(const double *share,
    const struct calibration_row *rows, size_t n, double oos_share)
{
	struct weights w = weigh(rows, n, oos_share);
	struct pool bins[BINS] = { { 0 } };
	double all = 0, error = 0;
	for (size_t i = 0; i < n; i++) {
		if (rows[i].score <= 0)
			continue;
		int b = (int)(share[i] * BINS);
		struct pool *p = &bins[b < BINS ? b : BINS - 1];
		double weight = weight_of(&w, &rows[i]);
		p->score += share[i] * weight;
		p->right += rows[i].right ? weight : 0;
		p->weight += weight;
		all += weight;
	}
	for (int b = 0; b < BINS; b++) {
		double off = bins[b].score - bins[b].right;
		error += off < 0 ? -off : off;
	}
	return all > 0 ? error / all : 0;
}
