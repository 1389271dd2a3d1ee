/* Logistic regressions over the pieces of messages, with liblinear. */
#include "hangatctl/teach.h"
#include "base/mem.h"

#include <linear.h>
#include <math.h>
#include <stdlib.h>

enum { LEAST_LESSONS = 3 };      /* messages that a piece must occur in */
static const double STOP = 0.01; /* liblinear's own default */

unsigned teaching_class(struct teaching *t, const char *name)
{
	for (size_t i = 0; i < t->n_classes; i++)
		if (strcmp(t->classes[i], name) == 0)
			return (unsigned)i;
	VEC_ROOM(t->classes, t->n_classes, t->cap_classes);
	t->classes[t->n_classes] = arena_strdup(&t->a, str_of(name));
	return (unsigned)t->n_classes++;
}

static void add_piece(void *arg, enum ngram_kind kind, struct str piece)
{
	struct teaching *t = arg;
	struct teaching_piece *p = map_get(&t->numbers, piece);
	if (p == NULL) {
		p = arena_alloc(&t->a, sizeof(*p));
		p->text = str_of(arena_strdup(&t->a, piece));
		p->kind = kind;
		p->number = (unsigned)t->n_pieces;
		(void)map_put(&t->numbers, p->text, p); /* new */
		VEC_ROOM(t->pieces, t->n_pieces, t->cap_pieces);
		t->pieces[t->n_pieces++] = p;
	}
	VEC_ROOM(t->row, t->n_row, t->cap_row);
	t->row[t->n_row++] = p->number;
}

static int by_number(const void *a, const void *b)
{
	const unsigned *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

void teaching_add(struct teaching *t, const struct norm *norm,
    const unsigned *classes, size_t n, unsigned fold)
{
	t->n_row = 0;
	ngram_each(norm, add_piece, t);
	if (t->together)
		ngram_together(norm, add_piece, t);
	if (t->n_row == 0)
		return; /* nothing to learn from */
	qsort(t->row, t->n_row, sizeof(*t->row), by_number);
	VEC_ROOM(t->lessons, t->n_lessons, t->cap_lessons);
	struct lesson *l = &t->lessons[t->n_lessons++];
	*l = (struct lesson){ .fold = fold, .n_classes = n };
	l->pieces = arena_alloc(&t->a, t->n_row * sizeof(*l->pieces));
	l->classes = arena_alloc(&t->a, n * sizeof(*l->classes));
	memcpy(l->classes, classes, n * sizeof(*classes));
	for (size_t i = 0; i < t->n_row; i++) {
		if (i > 0 && t->row[i] == t->row[i - 1])
			continue;
		l->pieces[l->n_pieces++] = t->row[i];
		t->pieces[t->row[i]]->lessons++;
	}
}

void teaching_clear(struct teaching *t)
{
	free(t->classes);
	free(t->lessons);
	free(t->pieces);
	free(t->row);
	map_clear(&t->numbers);
	arena_clear(&t->a);
	*t = (struct teaching){ 0 };
}

/* The rarity in quarters: 1 + log(messages / those that have it). */
static signed char rarity_of(const struct teaching *t, unsigned lessons)
{
	double idf = 1 + log((double)t->n_lessons / lessons);
	double parts = round(idf * CLASSIFIER_PARTS);
	return (
	    signed char)(parts > CLASSIFIER_LEVELS ? CLASSIFIER_LEVELS : parts);
}

static void find_usual(const struct teaching *t, struct taught *out)
{
	double square[NGRAM_KINDS] = { 0 }, n[NGRAM_KINDS] = { 0 };
	for (size_t i = 0; i < t->n_pieces; i++) {
		double part = out->parts[i], times = t->pieces[i]->lessons;
		if (out->rank[i] == 0)
			continue;
		square[t->pieces[i]->kind] += part * part * times;
		n[t->pieces[i]->kind] += times;
	}
	for (int kind = 0; kind < NGRAM_KINDS; kind++)
		out->usual[kind] =
		    n[kind] > 0 ? sqrt(square[kind] / n[kind]) : 1;
}

static void choose_pieces(const struct teaching *t, struct taught *out)
{
	out->rank = xcalloc(t->n_pieces + 1, sizeof(*out->rank));
	out->parts = xcalloc(t->n_pieces + 1, sizeof(*out->parts));
	out->unheard = rarity_of(t, 1);
	for (size_t i = 0; i < t->n_pieces; i++) {
		bool kept = t->pieces[i]->lessons >= LEAST_LESSONS;
		out->parts[i] =
		    kept ? rarity_of(t, t->pieces[i]->lessons) : out->unheard;
		if (kept)
			out->rank[i] = (unsigned)++out->n_kept;
	}
	find_usual(t, out);
}

/* What the rarity of each kind of pieces is divided by in that lesson. */
static void measure_lesson(const struct teaching *t, const struct taught *k,
    const struct lesson *l, double out[NGRAM_KINDS])
{
	double square[NGRAM_KINDS] = { 0 }, n[NGRAM_KINDS] = { 0 };
	for (size_t i = 0; i < l->n_pieces; i++) {
		double part = k->parts[l->pieces[i]];
		enum ngram_kind kind = t->pieces[l->pieces[i]]->kind;
		square[kind] += part * part;
		n[kind]++;
	}
	for (int kind = 0; kind < NGRAM_KINDS; kind++)
		out[kind] = k->measure == BY_LENGTH
				? sqrt(square[kind])
				: k->usual[kind] * sqrt(n[kind]);
}

/* A lesson as liblinear reads it, with a constant feature behind the pieces;
 * x has room for n_pieces + 2.  Returns how many were written. */
static size_t write_features(const struct teaching *t, const struct taught *k,
    const struct lesson *l, struct feature_node *x)
{
	double over[NGRAM_KINDS];
	size_t n = 0;
	measure_lesson(t, k, l, over);
	for (size_t i = 0; i < l->n_pieces; i++) {
		unsigned p = l->pieces[i];
		if (k->rank[p] == 0)
			continue;
		x[n].index = (int)k->rank[p];
		x[n++].value = k->parts[p] / over[t->pieces[p]->kind];
	}
	x[n].index = (int)k->n_kept + 1;
	x[n++].value = 1;
	x[n++].index = -1;
	return n;
}

static void be_silent(const char *text)
{
	(void)text; /* liblinear prints its steps */
}

static bool has_class(const struct lesson *l, unsigned class_no)
{
	for (size_t i = 0; i < l->n_classes; i++)
		if (l->classes[i] == class_no)
			return true;
	return false;
}

/* One class against all others; without any message of its own it gets a bias
 * so low that it is never the best. */
static void learn_class(const struct problem *p,
    const struct lesson *const *lessons, double cost, unsigned class_no,
    struct taught *out)
{
	static const double NEVER = -20;
	double *weights = out->weights + class_no * out->n_kept;
	size_t own = 0;
	for (int i = 0; i < p->l; i++) {
		bool is = has_class(lessons[i], class_no);
		p->y[i] = is ? 1 : -1;
		own += is;
	}
	out->bias[class_no] = NEVER;
	if (own == 0)
		return;
	struct parameter how = {
		.solver_type = L2R_LR, .eps = STOP, .C = cost
	};
	struct model *m = train(p, &how);
	double sign = m->label[0] > 0 ? 1 : -1;
	for (size_t i = 0; i < out->n_kept; i++)
		weights[i] = sign * m->w[i];
	out->bias[class_no] = sign * m->w[out->n_kept];
	free_and_destroy_model(&m);
}

void teach(const struct teaching *t, int fold, const struct teach_how *how,
    struct taught *out)
{
	*out = (struct taught){ .measure = how->measure };
	choose_pieces(t, out);
	size_t room = 0, used = 0;
	for (size_t i = 0; i < t->n_lessons; i++)
		room += t->lessons[i].n_pieces + 2;
	struct feature_node *nodes = xcalloc(room + 1, sizeof(*nodes));
	struct feature_node **x = xcalloc(t->n_lessons + 1, sizeof(*x));
	const struct lesson **lessons =
	    xcalloc(t->n_lessons + 1, sizeof(const struct lesson *));
	struct problem p = { .n = (int)out->n_kept + 1, .x = x, .bias = 1 };
	p.y = xcalloc(t->n_lessons + 1, sizeof(*p.y));
	for (size_t i = 0; i < t->n_lessons; i++) {
		const struct lesson *l = &t->lessons[i];
		if ((int)l->fold == fold)
			continue;
		lessons[p.l] = l;
		x[p.l++] = nodes + used;
		used += write_features(t, out, l, nodes + used);
	}
	out->weights =
	    xcalloc(t->n_classes * out->n_kept + 1, sizeof(*out->weights));
	out->bias = xcalloc(t->n_classes + 1, sizeof(*out->bias));
	set_print_string_function(be_silent);
	for (size_t c = 0; c < t->n_classes; c++) {
		if (how->progress != NULL)
			how->progress(c, t->n_classes);
		learn_class(&p, lessons, how->cost, (unsigned)c, out);
	}
	free(nodes);
	free(x);
	free(p.y);
	free(lessons);
}

static double sum_up(const struct taught *k, const struct feature_node *x,
    size_t n, size_t class_no)
{
	const double *w = k->weights + class_no * k->n_kept;
	double sum = k->bias[class_no];
	for (size_t i = 0; i < n; i++)
		sum += x[i].value * w[x[i].index - 1];
	return sum;
}

double taught_odds(const struct teaching *t, const struct taught *k,
    const struct lesson *lesson, unsigned class_no)
{
	struct feature_node *x = xcalloc(lesson->n_pieces + 2, sizeof(*x));
	size_t n = write_features(t, k, lesson, x) - 2;
	double sum = sum_up(k, x, n, class_no);
	free(x);
	return sum;
}

unsigned taught_best(const struct teaching *t, const struct taught *k,
    const struct lesson *lesson)
{
	struct feature_node *x = xcalloc(lesson->n_pieces + 2, sizeof(*x));
	size_t n = write_features(t, k, lesson, x) - 2;
	unsigned best = 0;
	double most = -HUGE_VAL;
	for (size_t c = 0; c < t->n_classes; c++) {
		double sum = sum_up(k, x, n, c);
		if (sum > most) {
			most = sum;
			best = (unsigned)c;
		}
	}
	free(x);
	return best;
}

void taught_clear(struct taught *k)
{
	free(k->rank);
	free(k->weights);
	free(k->bias);
	free(k->parts);
	*k = (struct taught){ 0 };
}
