/* The prefilter.  Building: words of all clauses go into a trie, whose failure
 * links make it an automaton; running: each state entered says which clauses
 * are fulfilled, and a pattern whose clauses all are comes through. */
#include "rules/filter.h"
#include "base/map.h"
#include "base/mem.h"
#include "rules/literal.h"

#include <stdlib.h>

/* A pattern and how many clauses it has. */
struct owner {
	uint32_t pattern, clauses;
};

struct filter {
	uint32_t root[256]; /* where the first byte leads; 0 stays */
	/* by state: its edges, sorted by byte, in keys and to */
	uint32_t *first_edge; /* one more than states */
	uint8_t *keys;
	uint32_t *to;
	uint32_t *fail;
	uint32_t *word;  /* the word that ends here, 0 none */
	uint32_t *other; /* nearest state by failure links where one ends */
	uint32_t *first_clause; /* by word, one more: its clauses in clauses */
	uint32_t *clauses;
	struct owner *owners; /* by clause */
	uint32_t base;        /* number of the first clause */
	uint32_t *always;     /* patterns without clauses */
	uint32_t n_always;
};

struct posting {
	uint32_t clause;
	struct posting *next;
};
struct word {
	struct str text;
	struct posting *postings;
	uint32_t n;
};
struct filter_builder {
	struct arena a, scratch;
	struct map words; /* -> struct word */
	struct word **list;
	size_t n_words, cap_words;
	struct owner *owners;
	size_t n_owners, cap_owners;
	uint32_t *always;
	size_t n_always, cap_always;
	uint32_t postings;
};

struct filter_builder *filter_builder_new(void)
{
	return xcalloc(1, sizeof(struct filter_builder));
}

void filter_builder_free(struct filter_builder *b)
{
	if (b == NULL)
		return;
	map_clear(&b->words);
	free(b->list);
	free(b->owners);
	free(b->always);
	arena_clear(&b->a);
	arena_clear(&b->scratch);
	free(b);
}

static void add_word(struct filter_builder *b, struct str text, uint32_t clause)
{
	struct word *w = map_get(&b->words, text);
	if (w == NULL) {
		w = arena_alloc(&b->a, sizeof(*w));
		w->text = (struct str){ arena_strdup(&b->a, text), text.n };
		(void)map_put(&b->words, w->text, w); /* it is new */
		VEC_ROOM(b->list, b->n_words, b->cap_words);
		b->list[b->n_words++] = w;
	}
	struct posting *p = arena_alloc(&b->a, sizeof(*p));
	*p = (struct posting){ clause, w->postings };
	w->postings = p;
	w->n++;
	b->postings++;
}

bool filter_builder_add(
    struct filter_builder *b, uint32_t pattern, const struct rx *shape)
{
	struct needs needs = { .n = 0 };
	arena_reset(&b->scratch);
	if (shape != NULL)
		literal_needs(&b->scratch, shape, &needs);
	if (needs.n == 0) {
		VEC_ROOM(b->always, b->n_always, b->cap_always);
		b->always[b->n_always++] = pattern;
		return false;
	}
	for (size_t i = 0; i < needs.n; i++) {
		uint32_t clause = (uint32_t)b->n_owners;
		VEC_ROOM(b->owners, b->n_owners, b->cap_owners);
		b->owners[b->n_owners++] =
		    (struct owner){ pattern, (uint32_t)needs.n };
		for (size_t j = 0; j < needs.clauses[i].n; j++)
			add_word(b, needs.clauses[i].v[j], clause);
	}
	return true;
}

/* The trie while it grows: words come sorted, so children are appended. */
struct trie {
	uint32_t *child, *sibling, *last, *word; /* by state, 0 none */
	uint8_t *key;
	size_t n, cap_child, cap_sibling, cap_last, cap_word, cap_key;
};

static uint32_t new_state(struct trie *t, uint8_t key)
{
	VEC_ROOM(t->child, t->n, t->cap_child);
	VEC_ROOM(t->sibling, t->n, t->cap_sibling);
	VEC_ROOM(t->last, t->n, t->cap_last);
	VEC_ROOM(t->word, t->n, t->cap_word);
	VEC_ROOM(t->key, t->n, t->cap_key);
	t->child[t->n] = t->sibling[t->n] = t->last[t->n] = t->word[t->n] = 0;
	t->key[t->n] = key;
	return (uint32_t)t->n++;
}

static void trie_add(struct trie *t, struct str text, uint32_t word)
{
	uint32_t s = 0;
	for (size_t i = 0; i < text.n; i++) {
		uint8_t c = (uint8_t)text.p[i];
		if (t->last[s] != 0 && t->key[t->last[s]] == c) {
			s = t->last[s];
			continue;
		}
		uint32_t next = new_state(t, c);
		if (t->last[s] == 0)
			t->child[s] = next;
		else
			t->sibling[t->last[s]] = next;
		t->last[s] = next;
		s = next;
	}
	t->word[s] = word;
}

static void trie_free(struct trie *t)
{
	free(t->child);
	free(t->sibling);
	free(t->last);
	free(t->word);
	free(t->key);
}

static int by_text(const void *a, const void *b)
{
	const struct word *x = *(const struct word *const *)a;
	const struct word *y = *(const struct word *const *)b;
	size_t n = x->text.n < y->text.n ? x->text.n : y->text.n;
	int order = memcmp(x->text.p, y->text.p, n);
	return order != 0 ? order
			  : (x->text.n > y->text.n) - (x->text.n < y->text.n);
}

/* The state that byte c leads to from s, or 0. */
static uint32_t edge(const struct filter *f, uint32_t s, uint8_t c)
{
	if (s == 0)
		return f->root[c];
	for (uint32_t i = f->first_edge[s]; i < f->first_edge[s + 1]; i++)
		if (f->keys[i] == c)
			return f->to[i];
	return 0;
}

static uint32_t step(const struct filter *f, uint32_t s, uint8_t c)
{
	for (;;) {
		uint32_t next = edge(f, s, c);
		if (next != 0 || s == 0)
			return next;
		s = f->fail[s];
	}
}

static void copy_edges(struct filter *f, struct arena *a, const struct trie *t)
{
	f->first_edge = arena_alloc(a, (t->n + 1) * sizeof(uint32_t));
	f->keys = arena_alloc(a, t->n);
	f->to = arena_alloc(a, t->n * sizeof(uint32_t));
	f->word = arena_alloc(a, t->n * sizeof(uint32_t));
	uint32_t e = 0;
	for (uint32_t s = 0; s < t->n; s++) {
		f->first_edge[s] = e;
		f->word[s] = t->word[s];
		for (uint32_t k = t->child[s]; k != 0; k = t->sibling[k]) {
			if (s == 0)
				f->root[t->key[k]] = k;
			f->keys[e] = t->key[k];
			f->to[e++] = k;
		}
	}
	f->first_edge[t->n] = e;
}

/* Failure links, nearest states first. */
static void link_states(struct filter *f, struct arena *a, size_t n)
{
	f->fail = arena_alloc(a, n * sizeof(uint32_t));
	f->other = arena_alloc(a, n * sizeof(uint32_t));
	uint32_t *queue = xcalloc(n, sizeof(*queue));
	size_t head = 0, tail = 1; /* the root is first */
	while (head < tail) {
		uint32_t s = queue[head++];
		for (uint32_t i = f->first_edge[s]; i < f->first_edge[s + 1];
		     i++) {
			uint32_t k = f->to[i];
			uint32_t back =
			    s == 0 ? 0 : step(f, f->fail[s], f->keys[i]);
			f->fail[k] = back;
			f->other[k] =
			    f->word[back] != 0 ? back : f->other[back];
			queue[tail++] = k;
		}
	}
	free(queue);
}

static void copy_postings(
    struct filter *f, struct arena *a, const struct filter_builder *b)
{
	f->first_clause = arena_alloc(a, (b->n_words + 2) * sizeof(uint32_t));
	f->clauses = arena_alloc(a, b->postings * sizeof(uint32_t));
	uint32_t n = 0;
	for (size_t i = 0; i < b->n_words; i++) {
		f->first_clause[i + 1] = n;
		for (const struct posting *p = b->list[i]->postings; p != NULL;
		     p = p->next)
			f->clauses[n++] = p->clause;
	}
	f->first_clause[b->n_words + 1] = n;
}

struct filter *filter_build(
    struct filter_builder *b, struct arena *a, uint32_t *n_clauses)
{
	struct filter *f = arena_alloc(a, sizeof(*f));
	struct trie t = { 0 };
	(void)new_state(&t, 0); /* the root, state 0 */
	if (b->n_words > 1)
		qsort(b->list, b->n_words, sizeof(struct word *), by_text);
	for (size_t i = 0; i < b->n_words; i++)
		trie_add(&t, b->list[i]->text, (uint32_t)i + 1);
	copy_edges(f, a, &t);
	link_states(f, a, t.n);
	copy_postings(f, a, b);
	trie_free(&t);
	f->owners = arena_alloc(a, b->n_owners * sizeof(*f->owners));
	if (b->n_owners != 0)
		memcpy(f->owners, b->owners, b->n_owners * sizeof(*f->owners));
	f->always = arena_alloc(a, b->n_always * sizeof(*f->always));
	if (b->n_always != 0)
		memcpy(f->always, b->always, b->n_always * sizeof(*f->always));
	f->n_always = (uint32_t)b->n_always;
	f->base = *n_clauses;
	*n_clauses += (uint32_t)b->n_owners;
	return f;
}

void filter_run_ready(
    struct filter_run *r, uint32_t n_patterns, uint32_t n_clauses)
{
	filter_run_clear(r);
	r->clause_seen = xcalloc(n_clauses, sizeof(*r->clause_seen));
	r->alive = xcalloc(n_patterns, sizeof(*r->alive));
	r->tally = xcalloc(n_patterns, sizeof(*r->tally));
	r->through = xcalloc(n_patterns, sizeof(*r->through));
	r->n_patterns = n_patterns;
	r->n_clauses = n_clauses;
	r->epoch = 1; /* nothing is alive in the first */
}

/* The next epoch; once in four thousand million all marks are wiped. */
static void begin_epoch(struct filter_run *r)
{
	r->n = 0;
	if (++r->epoch != 0)
		return;
	memset(r->clause_seen, 0, r->n_clauses * sizeof(*r->clause_seen));
	memset(r->alive, 0, r->n_patterns * sizeof(*r->alive));
	memset(r->tally, 0, r->n_patterns * sizeof(*r->tally));
	r->epoch = 1;
}

void filter_run_clear(struct filter_run *r)
{
	free(r->clause_seen);
	free(r->alive);
	free(r->tally);
	free(r->through);
	*r = (struct filter_run){ 0 };
}

static void let_through(struct filter_run *r, uint32_t pattern)
{
	r->alive[pattern] = r->epoch;
	r->through[r->n++] = pattern;
}

/* A word has ended: its clauses are fulfilled. */
static void fulfil(const struct filter *f, struct filter_run *r, uint32_t word)
{
	for (uint32_t i = f->first_clause[word]; i < f->first_clause[word + 1];
	     i++) {
		uint32_t c = f->clauses[i];
		uint32_t *seen = &r->clause_seen[f->base + c];
		if (*seen == r->epoch)
			continue;
		*seen = r->epoch;
		const struct owner *o = &f->owners[c];
		struct tally *t = &r->tally[o->pattern];
		if (t->epoch != r->epoch)
			*t = (struct tally){ r->epoch, 0 };
		if (++t->n == o->clauses)
			let_through(r, o->pattern);
	}
}

void filter_text(const struct filter *f, struct filter_run *r, struct str text)
{
	begin_epoch(r);
	for (uint32_t i = 0; i < f->n_always; i++)
		let_through(r, f->always[i]);
	uint32_t s = 0;
	for (size_t i = 0; i < text.n; i++) {
		s = step(f, s, (uint8_t)text.p[i]);
		if (f->word[s] != 0)
			fulfil(f, r, f->word[s]);
		for (uint32_t o = f->other[s]; o != 0; o = f->other[o])
			fulfil(f, r, f->word[o]);
	}
}
