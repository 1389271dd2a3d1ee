/* Patterns as rule files have them, compiled: the regular expression goes to
 * PCRE2, what it requires to the pack's prefilter. */
#include "base/mem.h"
#include "rules/build.h"
#include "rules/pattern.h"
#include "rules/words.h"

/* The weight of a pattern that does not say: one match is enough to answer,
 * two that agree are better. */
static const double DEFAULT_WEIGHT = 0.8;

enum { MAX_PATTERNS = 200000, DEFAULT_WITHIN = 3 };

/* What is around the pattern that is built. */
struct making {
	struct building *b;
	const struct source *src;
	const struct map *concepts;
	const char *what;
	size_t number; /* in its list, from 1 */
};

static bool option(const json_t *v, const char *key, bool otherwise)
{
	const json_t *x = json_object_get(v, key);
	return x == NULL ? otherwise : json_is_true(x);
}

/* The veto that is already there with this regular expression, or NULL. */
static const struct pattern *same_veto(
    const struct building *b, json_t *v, const struct buf *regex)
{
	return b->in_vetoes && !option(v, "case", false)
		   ? map_get(&b->vetoes, buf_str(regex))
		   : NULL;
}

static struct pattern_code *make_code(
    const struct building *b, struct str regex, struct err *e)
{
	struct pattern_code *ready = pattern_code_find(&b->ready, regex);
	return ready != NULL ? pattern_code_ref(ready)
			     : pattern_compile(regex, e);
}

/* Compile one; NULL when that was reported.  regex is filled. */
static struct pattern_code *compile_one(
    const struct making *m, json_t *v, const char *source, struct buf *regex)
{
	struct err e = ERR_NONE;
	struct pattern_code *code = NULL;
	int bad = expand_pattern(source, m->concepts, EXPAND_MATCH,
	    option(v, "edges", true), regex, &e);
	const struct pattern *same =
	    bad == 0 ? same_veto(m->b, v, regex) : NULL;
	if (same != NULL)
		return same->code;
	if (bad == 0)
		code = make_code(m->b, buf_str(regex), &e);
	if (bad == EXPAND_UNKNOWN && m->b->partial)
		return NULL;
	if (code == NULL) {
		decl_error(m->b->diags, m->src, v, "%s %zu \"%.60s\": %s",
		    m->what, m->number, source, e.text);
		return NULL;
	}
	VEC_ROOM(m->b->codes, m->b->n_codes, m->b->cap_codes);
	m->b->codes[m->b->n_codes++] = code;
	return code;
}

static void note_word(void *arg, struct str word)
{
	struct building *b = arg;
	vocabulary_add(b->vocabulary, b->a, word);
}

/* Words that the pattern spells out are what typos are repaired to.  shape is
 * that of inner, what is matched between the edges. */
static void note_words(const struct making *m, struct pattern *p,
    struct str inner, const struct rx *shape)
{
	struct building *b = m->b;
	struct buf regex = { 0 };
	struct err e = ERR_NONE;
	if (expand_pattern(
		p->source, m->concepts, EXPAND_SPELL, false, &regex, &e) == 0)
		rx_words(str_eq(buf_str(&regex), inner)
			     ? shape
			     : rx_parse(&b->scratch, buf_str(&regex)),
		    p->edges, note_word, b);
	buf_reset(&regex);
	if (b->keep_regex && expand_pattern(p->source, m->concepts, EXPAND_OWN,
				 false, &regex, &e) == 0)
		p->spelt = arena_strdup(b->a, buf_str(&regex));
	buf_clear(&regex);
}

/* "after" and "within": when a follow-up counts. */
static void set_context(struct building *b, struct pattern *p, const json_t *v)
{
	json_t *after = json_object_get(v, "after"), *name;
	json_t *within = json_object_get(v, "within");
	p->within =
	    within != NULL ? (int)json_integer_value(within) : DEFAULT_WITHIN;
	p->after =
	    arena_alloc(b->a, json_array_size(after) * sizeof(*p->after));
	size_t i;
	json_array_foreach (after, i, name)
		p->after[p->n_after++] =
		    arena_strdup(b->a, str_of(json_string_value(name)));
}

/* False when it was reported and left out. */
static bool build_pattern(const struct making *m, json_t *v, struct pattern *p)
{
	struct building *b = m->b;
	bool object = json_is_object(v);
	const char *source =
	    json_string_value(object ? json_object_get(v, "match") : v);
	if (b->patterns.n == MAX_PATTERNS) {
		decl_error(b->diags, m->src, v,
		    "more than %d patterns in all; take some out",
		    MAX_PATTERNS);
		return false;
	}
	struct buf regex = { 0 };
	*p = (struct pattern){ .owner = NO_INTENT };
	p->code = compile_one(m, v, source, &regex);
	if (p->code == NULL) {
		buf_clear(&regex);
		return false;
	}
	const json_t *weight = json_object_get(v, "weight");
	p->source = arena_strdup(b->a, str_of(source));
	p->weight = weight != NULL ? json_number_value(weight) : DEFAULT_WEIGHT;
	p->exact_case = option(v, "case", false);
	p->edges = option(v, "edges", true);
	p->index = (uint32_t)b->patterns.n;
	p->place = (struct place){ m->src->path, decl_pos(m->src, v) };
	set_context(b, p, v);
	struct str text = buf_str(&regex);
	b->match_hash = hash_bytes(b->match_hash, text.p, text.n);
	b->match_hash =
	    hash_bytes(b->match_hash, &p->weight, sizeof(p->weight));
	const struct pattern *same = same_veto(b, v, &regex);
	if (same != NULL) {
		p->index = same->index;
		p->filtered = same->filtered;
		p->regex = same->regex;
		p->spelt = same->spelt;
		buf_clear(&regex);
		return true;
	}
	struct str inner = expand_inner(text, p->edges);
	arena_reset(&b->scratch);
	const struct rx *shape =
	    p->exact_case ? NULL : rx_parse(&b->scratch, inner);
	p->filtered = filter_builder_add(b->filter, p->index, shape);
	if (b->keep_regex)
		p->regex = arena_strdup(b->a, text);
	if (b->in_vetoes && !p->exact_case)
		(void)map_put(&b->vetoes,
		    (struct str){ arena_strdup(b->a, text), text.n },
		    p); /* it is new */
	if (shape != NULL)
		note_words(m, p, inner, shape);
	buf_clear(&regex);
	VEC_ROOM(b->patterns.v, b->patterns.n, b->patterns.cap);
	b->patterns.v[b->patterns.n++] = p;
	return true;
}

struct pattern *build_patterns(struct building *b, const struct decl *list,
    const struct map *concepts, const char *what, size_t *n)
{
	struct making m = { b, list->src, concepts, what, 0 };
	size_t i;
	json_t *v;
	*n = 0;
	struct pattern *out =
	    arena_alloc(b->a, json_array_size(list->value) * sizeof(*out));
	json_array_foreach (list->value, i, v) {
		m.number = i + 1;
		*n += build_pattern(&m, v, &out[*n]);
	}
	return out;
}

struct pattern *build_lists(struct building *b, const struct decl_list *lists,
    const struct map *concepts, const char *what, size_t *n)
{
	struct pattern *all = NULL;
	*n = 0;
	for (size_t i = 0; i < lists->n; i++) {
		size_t more;
		struct pattern *p =
		    build_patterns(b, &lists->v[i], concepts, what, &more);
		struct pattern *both =
		    arena_alloc(b->a, (*n + more) * sizeof(*both));
		if (*n != 0)
			memcpy(both, all, *n * sizeof(*both));
		if (more != 0)
			memcpy(both + *n, p, more * sizeof(*both));
		for (size_t j = 0; j < *n + more; j++)
			b->patterns.v[both[j].index] = &both[j];
		all = both;
		*n += more;
	}
	return all;
}
