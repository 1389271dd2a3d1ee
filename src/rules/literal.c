/* Which words a regular expression requires.  Each node is either exact (it
 * matches a small set of texts and nothing else) or known by clauses; sequences
 * of exact nodes are multiplied out while the set stays small. */
#include "rules/literal.h"

#include <stdint.h>

enum {
	EXACT_MAX = 24,   /* texts in an exact set */
	CLAUSE_MAX = 600, /* words in a clause */
	LONG_ENOUGH = 4,  /* bytes: no need to multiply with what may be "" */
	REDUCE_MAX = 128, /* words among which doubles are looked for */
};

struct set {
	struct str *v;
	size_t n;
};
struct info {
	bool exact;
	struct set set; /* when exact */
	struct needs needs;
};

static size_t shortest(const struct str *v, size_t n)
{
	size_t least = n > 0 ? v[0].n : 0;
	for (size_t i = 1; i < n; i++)
		least = v[i].n < least ? v[i].n : least;
	return least;
}

/* b has LITERAL_MIN bytes or more. */
static bool contains(struct str a, struct str b)
{
	for (size_t i = 0; i + b.n <= a.n; i++)
		if (a.p[i] == b.p[0] && memcmp(a.p + i, b.p, b.n) == 0)
			return true;
	return false;
}

/* Is clause a more telling than b: longer words, then fewer? */
static bool tells_more(const struct clause *a, const struct clause *b)
{
	size_t la = shortest(a->v, a->n), lb = shortest(b->v, b->n);
	return la != lb ? la > lb : a->n < b->n;
}

static void add_clause(struct needs *to, struct clause c)
{
	size_t at = to->n;
	while (at > 0 && tells_more(&c, &to->clauses[at - 1]))
		at--;
	if (at == NEEDS_CLAUSES)
		return;
	size_t last = to->n < NEEDS_CLAUSES ? to->n++ : NEEDS_CLAUSES - 1;
	for (size_t i = last; i > at; i--)
		to->clauses[i] = to->clauses[i - 1];
	to->clauses[at] = c;
}

/* A bit for each letter of a word: a word that holds another has its bits. */
static uint32_t letters_of(struct str s)
{
	uint32_t bits = 0;
	for (size_t i = 0; i < s.n; i++)
		bits |= (uint32_t)1 << (s.p[i] & 31);
	return bits;
}

/* Leave out words that hold another word of the list. */
static size_t reduce(struct str *v, size_t n)
{
	uint32_t letters[REDUCE_MAX];
	bool spare[REDUCE_MAX] = { false };
	size_t out = 0;
	if (n > REDUCE_MAX)
		return n;
	for (size_t i = 0; i < n; i++)
		letters[i] = letters_of(v[i]);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n && !spare[i]; j++)
			spare[i] = j != i && (letters[j] & ~letters[i]) == 0 &&
				   (v[j].n < v[i].n || j < i) &&
				   contains(v[i], v[j]);
	for (size_t i = 0; i < n; i++)
		if (!spare[i])
			v[out++] = v[i];
	return out;
}

/* An exact set is a clause when none of its texts is too short. */
static void add_set(struct arena *a, struct needs *to, const struct set *s)
{
	if (s->n == 0 || s->n > CLAUSE_MAX ||
	    shortest(s->v, s->n) < LITERAL_MIN)
		return;
	struct clause c = { arena_alloc(a, s->n * sizeof(*c.v)), s->n };
	for (size_t i = 0; i < s->n; i++)
		c.v[i] = str_cut(s->v[i], LITERAL_MAX);
	if (shortest(c.v, c.n) < LITERAL_MIN)
		return;
	c.n = reduce(c.v, c.n);
	add_clause(to, c);
}

static struct info exact_one(struct arena *a, struct str text)
{
	struct info i = { .exact = true };
	i.set = (struct set){ arena_alloc(a, sizeof(text)), 1 };
	i.set.v[0] = text;
	return i;
}

static struct set cross(
    struct arena *a, const struct set *x, const struct set *y)
{
	struct set out = { arena_alloc(a, x->n * y->n * sizeof(*out.v)), 0 };
	for (size_t i = 0; i < x->n; i++)
		for (size_t j = 0; j < y->n; j++) {
			struct str l = x->v[i], r = y->v[j];
			char *p = arena_alloc(a, l.n + r.n + 1);
			if (l.n != 0)
				memcpy(p, l.p, l.n);
			if (r.n != 0)
				memcpy(p + l.n, r.p, r.n);
			out.v[out.n++] = (struct str){ p, l.n + r.n };
		}
	return out;
}

static struct info look(struct arena *a, const struct rx *x);

static struct info look_cat(struct arena *a, const struct rx *x)
{
	struct info out = exact_one(a, STR(""));
	struct set *run = &out.set; /* the exact run up to here, or none */
	for (size_t i = 0; i < x->n; i++) {
		struct info k = look(a, x->kids[i]);
		for (size_t c = 0; c < k.needs.n; c++)
			add_clause(&out.needs, k.needs.clauses[c]);
		if (!k.exact) {
			add_set(a, &out.needs, run);
			*run = (struct set){ NULL, 0 };
			out.exact = false;
			continue;
		}
		bool optional = k.set.n > 1 && shortest(k.set.v, k.set.n) == 0;
		bool enough =
		    optional && shortest(run->v, run->n) >= LONG_ENOUGH;
		if (run->n == 0) {
			*run = k.set;
		} else if (enough || run->n * k.set.n > EXACT_MAX) {
			add_set(a, &out.needs, run);
			*run = k.set;
			out.exact = false;
		} else {
			*run = cross(a, run, &k.set);
		}
	}
	if (!out.exact)
		add_set(a, &out.needs, run);
	return out;
}

/* Everything that the branches match, when it is little. */
static bool unite(struct arena *a, const struct info *k, size_t n, size_t most,
    struct set *out)
{
	size_t total = 0;
	for (size_t i = 0; i < n; i++) {
		if (!k[i].exact)
			return false;
		total += k[i].set.n;
	}
	if (total > most)
		return false;
	*out = (struct set){ arena_alloc(a, total * sizeof(*out->v)), 0 };
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < k[i].set.n; j++)
			out->v[out->n++] = k[i].set.v[j];
	return true;
}

/* A text that matches has a word of one branch's best clause. */
static bool best_of_each(
    struct arena *a, const struct info *k, size_t n, struct clause *out)
{
	size_t total = 0;
	struct needs *each = arena_alloc(a, n * sizeof(*each));
	for (size_t i = 0; i < n; i++) {
		each[i] = k[i].needs;
		if (k[i].exact)
			add_set(a, &each[i], &k[i].set);
		if (each[i].n == 0)
			return false;
		total += each[i].clauses[0].n;
	}
	if (total > CLAUSE_MAX)
		return false;
	*out = (struct clause){ arena_alloc(a, total * sizeof(*out->v)), 0 };
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < each[i].clauses[0].n; j++)
			out->v[out->n++] = each[i].clauses[0].v[j];
	out->n = reduce(out->v, out->n);
	return true;
}

static struct info look_alt(struct arena *a, const struct rx *x)
{
	struct info out = { .exact = false };
	struct info *k = arena_alloc(a, x->n * sizeof(*k));
	for (size_t i = 0; i < x->n; i++)
		k[i] = look(a, x->kids[i]);
	struct clause c;
	if (unite(a, k, x->n, EXACT_MAX, &out.set))
		out.exact = true;
	else if (best_of_each(a, k, x->n, &c))
		add_clause(&out.needs, c);
	return out;
}

static struct info look_repeat(struct arena *a, const struct rx *x)
{
	struct info none = { .exact = false };
	struct info k = look(a, x->kids[0]);
	if (x->min == 1 && x->max == 1)
		return k;
	if (x->min == 0) {
		if (x->max != 1 || !k.exact || k.set.n >= EXACT_MAX)
			return none;
		struct info both[2] = { k, exact_one(a, STR("")) };
		struct info out = { .exact = true };
		(void)unite(a, both, 2, EXACT_MAX, &out.set); /* it fits */
		return out;
	}
	if (k.exact)
		add_set(a, &k.needs, &k.set);
	k.exact = false;
	k.set.n = 0;
	return k;
}

static struct info look(struct arena *a, const struct rx *x)
{
	switch (x->kind) {
	case RX_EMPTY:
		return exact_one(a, STR(""));
	case RX_LITERAL:
		return exact_one(a, x->text);
	case RX_CAT:
		return look_cat(a, x);
	case RX_ALT:
		return look_alt(a, x);
	case RX_REPEAT:
		return look_repeat(a, x);
	case RX_CHAR:
	case RX_UNKNOWN:
		break;
	}
	return (struct info){ .exact = false };
}

void literal_needs(struct arena *a, const struct rx *x, struct needs *out)
{
	struct info i = look(a, x);
	*out = i.needs;
	if (i.exact)
		add_set(a, out, &i.set);
}
