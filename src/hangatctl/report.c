/* Figures about labelled messages, in words and as a text plot. */
#include "base/map.h"
#include "base/mem.h"
#include "hangatctl/labelled.h"

#include <stdlib.h>

struct score {
	unsigned rows, in_scope, strict, lenient, answered, covered, wrong,
	    resolved, clarified, offered, oos, oos_answered;
};

static void count(struct score *s, const struct labelled_row *r)
{
	bool answered = r->decision == DECISION_ANSWER;
	bool found = strcmp(r->intent, "out_of_scope") != 0;
	s->rows++;
	s->answered += answered;
	s->wrong += answered && !r->lenient;
	s->clarified += r->decision == DECISION_CLARIFY;
	s->offered += r->offered;
	if (r->oos) {
		s->oos++;
		s->oos_answered += answered;
		return;
	}
	s->in_scope++;
	s->strict += r->strict;
	s->lenient += found && r->lenient;
	s->covered += answered;
	s->resolved += answered && r->lenient;
}

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

static void print_score(const char *name, const struct score *s)
{
	printf("  %-22.22s %5u rows", name, s->rows);
	if (s->in_scope != 0)
		printf("  strict %5.1f%%  lenient %5.1f%%  coverage %5.1f%%  "
		       "answered right %5.1f%%  clarified %4.1f%% (right one "
		       "offered %4.1f%%)",
		    percent(s->strict, s->in_scope),
		    percent(s->lenient, s->in_scope),
		    percent(s->covered, s->in_scope),
		    percent(s->resolved, s->in_scope),
		    percent(s->clarified, s->rows),
		    percent(s->offered, s->rows));
	printf(
	    "  wrong among answered %5.1f%%", percent(s->wrong, s->answered));
	if (s->oos != 0)
		printf("  out of scope answered %.1f%%",
		    percent(s->oos_answered, s->oos));
	putchar('\n');
}

/* Scores by origin, and of all. */
struct scores {
	struct map by_origin; /* -> struct score */
	struct arena a;
	struct score all;
};

static struct score *score_of(struct scores *s, const char *origin)
{
	struct score *x = map_get(&s->by_origin, str_of(origin));
	if (x == NULL) {
		x = arena_alloc(&s->a, sizeof(*x));
		(void)map_put(&s->by_origin, str_of(origin), x); /* new */
	}
	return x;
}

static int by_confidence(const void *a, const void *b)
{
	const struct labelled_row *x = *(const struct labelled_row *const *)a;
	const struct labelled_row *y = *(const struct labelled_row *const *)b;
	return (x->confidence < y->confidence) -
	       (x->confidence > y->confidence);
}

/* The weight of a row out of scope, so that such rows are their share. */
static double oos_weight(
    const struct labelled_set *set, size_t from, size_t to, double share)
{
	double oos = 0, in = 0;
	for (size_t i = from; i < to; i++)
		*(set->v[i].oos ? &oos : &in) += 1;
	return oos > 0 && in > 0 ? share / (1 - share) * in / oos : 1;
}

static void plot_bar(double percent_wrong)
{
	enum { WIDEST = 50 };
	int n = (int)(percent_wrong + 0.5);
	for (int i = 0; i < n && i < WIDEST; i++)
		putchar('#');
	puts(n > WIDEST ? ">" : "");
}

/* How wrong the surest part of the answers would be, were it answered. */
static void print_curve(
    const struct labelled_set *set, size_t from, size_t to, double oos_share)
{
	enum { STEP = 5 };
	const struct labelled_row **rows = xcalloc(to - from, sizeof(*rows));
	double weight = oos_weight(set, from, to, oos_share);
	double in = 0, covered = 0, answered = 0, wrong = 0;
	size_t n = 0;
	for (size_t i = from; i < to; i++) {
		in += !set->v[i].oos;
		if (set->v[i].score > 0)
			rows[n++] = &set->v[i];
	}
	if (n > 1)
		qsort(rows, n, sizeof(*rows), by_confidence);
	printf("  risk-coverage: in-scope messages covered, confidence from, "
	       "wrong among answered (# = 1%%)\n");
	int next = STEP;
	for (size_t i = 0; i < n && in > 0; i++) {
		const struct labelled_row *r = rows[i];
		answered += r->oos ? weight : 1;
		wrong += r->lenient ? 0 : r->oos ? weight : 1;
		covered += !r->oos;
		bool last =
		    i + 1 == n || rows[i + 1]->confidence < r->confidence;
		if (!last || percent(covered, in) < next)
			continue;
		printf("  %5.1f%%  %.3f  %5.1f%% ", percent(covered, in),
		    r->confidence, percent(wrong, answered));
		plot_bar(percent(wrong, answered));
		while (next <= percent(covered, in))
			next += STEP;
	}
	free(rows);
}

/* The same sum as calibration_error, over the confidence as it was said. */
static void print_calibration(
    const struct labelled_set *set, size_t from, size_t to, double oos_share)
{
	enum { BINS = 10 };
	struct bin {
		double confidence, right, weight;
	} bins[BINS] = { { 0, 0, 0 } };
	double weight = oos_weight(set, from, to, oos_share), all = 0, off = 0;
	for (size_t i = from; i < to; i++) {
		const struct labelled_row *r = &set->v[i];
		if (r->score <= 0 || strcmp(r->intent, "out_of_scope") == 0)
			continue;
		int b = (int)(r->confidence * BINS);
		struct bin *x = &bins[b < BINS ? b : BINS - 1];
		double w = r->oos ? weight : 1;
		x->confidence += w * r->confidence;
		x->right += r->lenient ? w : 0;
		x->weight += w;
		all += w;
	}
	printf("  confidence said -> share right:");
	for (int b = 0; b < BINS; b++) {
		const struct bin *x = &bins[b];
		double d = x->confidence - x->right;
		off += d < 0 ? -d : d;
		if (x->weight > 0)
			printf(" %.2f->%.2f", x->confidence / x->weight,
			    x->right / x->weight);
	}
	printf("\n  calibration error %.3f\n", all > 0 ? off / all : 0);
}

struct confusion {
	const char *label, *intent;
	unsigned n;
};

static int by_number(const void *a, const void *b)
{
	const struct confusion *x = a, *y = b;
	return (x->n < y->n) - (x->n > y->n);
}

static void print_confusions(
    const struct labelled_set *set, size_t from, size_t to)
{
	enum { SHOWN = 30 };
	struct confusion *v = NULL;
	size_t n = 0, cap = 0;
	for (size_t i = from; i < to; i++) {
		const struct labelled_row *r = &set->v[i];
		bool found = strcmp(r->intent, "out_of_scope") != 0;
		bool wrong = r->oos ? r->decision == DECISION_ANSWER
				    : !found || !r->lenient;
		size_t k = 0;
		while (k < n && (strcmp(v[k].label, r->label) != 0 ||
				    strcmp(v[k].intent, r->intent) != 0))
			k++;
		if (!wrong)
			continue;
		if (k == n) {
			VEC_ROOM(v, n, cap);
			v[n++] = (struct confusion){ r->label, r->intent, 0 };
		}
		v[k].n++;
	}
	if (n > 1)
		qsort(v, n, sizeof(*v), by_number);
	printf("  confusions (label -> verdict):%s\n", n == 0 ? " none" : "");
	for (size_t i = 0; i < n && i < SHOWN; i++)
		printf("  %5u  %s -> %s\n", v[i].n, v[i].label, v[i].intent);
	free(v);
}

void labelled_report(const char *name, const struct labelled_set *set,
    size_t from, size_t to, double oos_share)
{
	struct scores s = { .all = { 0 } };
	struct map_entry *entry;
	for (size_t i = from; i < to; i++) {
		count(score_of(&s, set->v[i].origin), &set->v[i]);
		count(&s.all, &set->v[i]);
	}
	printf("%s\n", name);
	for (size_t at = 0; (entry = map_next(&s.by_origin, &at)) != NULL;)
		print_score(entry->key.p, entry->value);
	if (s.by_origin.n > 1)
		print_score("all", &s.all);
	if (s.all.in_scope > 0)
		print_curve(set, from, to, oos_share);
	print_calibration(set, from, to, oos_share);
	print_confusions(set, from, to);
	map_clear(&s.by_origin);
	arena_clear(&s.a);
}

void labelled_report_moods(
    const char *name, const struct labelled_set *set, size_t from, size_t to)
{
	unsigned right[MOOD_COUNT] = { 0 }, said[MOOD_COUNT] = { 0 },
		 is[MOOD_COUNT] = { 0 }, all_right = 0;
	for (size_t i = from; i < to; i++) {
		int want = mood_from_name(set->v[i].label);
		int got = (int)set->v[i].mood;
		is[want]++;
		said[got]++;
		right[got] += want == got;
		all_right += want == got;
	}
	double sum = 0;
	unsigned moods = 0;
	printf("%s\n", name);
	for (int m = 0; m < MOOD_COUNT; m++) {
		if (is[m] == 0)
			continue;
		double f1 = 2.0 * right[m] / (double)(is[m] + said[m]);
		printf("  %-10s %5u rows  found %5.1f%%  right when said "
		       "%5.1f%%  F1 %.3f\n",
		    mood_name((enum mood)m), is[m], percent(right[m], is[m]),
		    percent(right[m], said[m]), f1);
		sum += f1;
		moods++;
	}
	printf("  all        %5zu rows  right %5.1f%%  macro-F1 %.3f\n",
	    to - from, percent(all_right, (double)(to - from)),
	    moods > 0 ? sum / moods : 0);
}
