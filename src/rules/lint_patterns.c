/* Patterns that compile but cannot match, or match too slowly. */
#include "base/buf.h"
#include "base/map.h"
#include "rules/attack.h"
#include "rules/lint_parts.h"
#include "rules/words.h"

/* Every pattern of the pack that looks at the normal form. */
typedef void (*pattern_fn)(struct linting *l, const struct pattern *p);

static void each_of(
    struct linting *l, const struct pattern *p, size_t n, pattern_fn fn)
{
	for (size_t i = 0; i < n; i++)
		fn(l, &p[i]);
}

static void each_pattern(struct linting *l, pattern_fn fn)
{
	const struct pack *k = l->pack;
	for (size_t i = 0; i < k->n_intents; i++) {
		each_of(
		    l, k->intents[i].patterns, k->intents[i].n_patterns, fn);
		each_of(l, k->intents[i].unless, k->intents[i].n_unless, fn);
	}
	for (int m = 0; m < MOOD_COUNT; m++)
		each_of(l, k->moods[m].patterns, k->moods[m].n, fn);
	for (size_t i = 0; i < k->n_slots; i++)
		each_of(l, k->slots[i].patterns, k->slots[i].n_patterns, fn);
	for (size_t i = 0; i < k->n_slots; i++) {
		const struct slot *slot = &k->slots[i];
		each_of(l, slot->bare.patterns, slot->bare.n, fn);
		each_of(l, slot->unless.patterns, slot->unless.n, fn);
	}
	for (int i = 0; i < SIGNAL_COUNT; i++)
		each_of(l, k->signals[i].patterns, k->signals[i].n, fn);
	each_of(l, k->negators.patterns, k->negators.n, fn);
	each_of(l, k->refusals.patterns, k->refusals.n, fn);
	each_of(l, k->joins.patterns, k->joins.n, fn);
	each_of(l, k->harmless.patterns, k->harmless.n, fn);
}

/* A literal character of x that fn picks, or NULL. */
static const char *find_char(const struct rx *x, bool (*fn)(char c))
{
	const char *found = NULL;
	if (x->kind == RX_LITERAL)
		for (size_t i = 0; i < x->text.n && found == NULL; i++)
			if (fn(x->text.p[i]))
				found = x->text.p + i;
	for (size_t i = 0; i < x->n && found == NULL; i++)
		found = find_char(x->kids[i], fn);
	return found;
}

static const struct rx *shape_of(struct linting *l, const struct pattern *p)
{
	arena_reset(&l->arena);
	return rx_parse(&l->arena, str_of(p->spelt));
}

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static void one_upper(struct linting *l, const struct pattern *p)
{
	if (p->exact_case)
		return;
	const char *c = find_char(shape_of(l, p), is_upper);
	if (c != NULL)
		lint_warn(l, &p->place,
		    "pattern \"%.80s\" has a capital \"%c\" and cannot match: "
		    "the normal form is in lower case; write it small, or say "
		    "\"case\": true",
		    p->source, *c);
}

void lint_upper_case(struct linting *l)
{
	each_pattern(l, one_upper);
}

static bool is_missing_sign(char c)
{
	return c != '\0' && strchr("!?\"();[]{}<>=", c) != NULL;
}

static void one_sign(struct linting *l, const struct pattern *p)
{
	if (p->exact_case)
		return;
	const char *c = find_char(shape_of(l, p), is_missing_sign);
	if (c != NULL)
		lint_warn(l, &p->place,
		    "pattern \"%.80s\" asks for \"%c\", which the normal form "
		    "never has; take it out",
		    p->source, *c);
}

void lint_signs(struct linting *l)
{
	each_pattern(l, one_sign);
}

struct slang_search {
	const struct lexicon *lex;
	struct map seen; /* words told already */
	struct arena *a;
	struct buf words; /* "ga" (tidak), "gk" (tidak) */
};

static void note_slang(void *arg, struct str word)
{
	struct slang_search *s = arg;
	const struct str *full = lexicon_full(s->lex, word);
	/* a full form may hold the word itself: "mana" -> "di mana" */
	if (full == NULL || map_get(&s->seen, word) != NULL)
		return;
	struct str rest = *full, part;
	while (str_next(&rest, ' ', &part))
		if (str_eq(part, word))
			return;
	struct str own = { arena_strdup(s->a, word), word.n };
	(void)map_put(&s->seen, own, s); /* it is new */
	buf_addf(&s->words, "%s\"%.*s\" (write \"%.*s\")",
	    s->words.n > 0 ? ", " : "", STR_ARG(word), STR_ARG(*full));
}

static void one_slang(struct linting *l, const struct pattern *p)
{
	if (p->exact_case)
		return;
	const struct rx *shape = shape_of(l, p);
	struct slang_search s = { .lex = &l->pack->lexicon, .a = &l->arena };
	rx_words(shape, p->edges, note_slang, &s);
	if (s.words.n > 0)
		lint_warn(l, &p->place,
		    "pattern \"%.80s\": the lexicon rewrites these words, so "
		    "they are never seen: %s",
		    p->source, s.words.p);
	map_clear(&s.seen);
	buf_clear(&s.words);
}

void lint_slang(struct linting *l)
{
	each_pattern(l, one_slang);
}

static void one_literal(struct linting *l, const struct pattern *p)
{
	if (!p->filtered && !p->exact_case && !p->captures)
		lint_warn(l, &p->place,
		    "pattern \"%.80s\" has no word that every match must hold, "
		    "so it is tried on each message; add one of two letters "
		    "or more",
		    p->source);
}

void lint_no_literal(struct linting *l)
{
	each_pattern(l, one_literal);
}

struct attack {
	struct linting *l;
	const struct pattern *p;
};

static bool try_attack(void *arg, struct str text)
{
	enum { SHOWN = 60 };
	struct attack *a = arg;
	struct linting *l = a->l;
	struct span span;
	l->now_ms += 2 * PATTERN_WINDOW_MS; /* no pattern is set aside */
	match_scratch_begin(l->scratch, l->rs, l->now_ms);
	if (pattern_find(l->scratch, a->p, text, 0, &span) >= 0)
		return true;
	struct str head = str_cut(text, SHOWN);
	lint_warn(l, &a->p->place,
	    "pattern \"%.80s\" gives up after %d steps on a message of %zu "
	    "bytes: \"%.*s...\"; make what repeats more exact",
	    a->p->source, PATTERN_MATCH_LIMIT, text.n, STR_ARG(head));
	return false;
}

static void one_slow(struct linting *l, const struct pattern *p)
{
	struct attack a = { l, p };
	arena_reset(&l->arena);
	attack_each(rx_parse(&l->arena, str_of(p->regex)), try_attack, &a);
}

void lint_slow(struct linting *l)
{
	match_scratch_brute(l->scratch, true);
	each_pattern(l, one_slow);
	match_scratch_brute(l->scratch, false);
}

void lint_pattern_twice(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *in = &l->pack->intents[k];
		for (size_t i = 0; i < in->n_patterns; i++)
			for (size_t j = 0; j < i; j++) {
				if (strcmp(in->patterns[i].source,
					in->patterns[j].source) != 0)
					continue;
				lint_warn(l, &in->patterns[i].place,
				    "intent \"%s\": pattern \"%.60s\" is there "
				    "twice, first at line %d; take one out",
				    in->name, in->patterns[i].source,
				    in->patterns[j].place.pos.line);
				break;
			}
	}
}

static const char *intent_at(const void *pack, size_t i)
{
	return ((const struct pack *)pack)->intents[i].name;
}

void lint_after_unknown(struct linting *l)
{
	for (size_t k = 0; k < l->pack->n_intents; k++) {
		const struct intent *in = &l->pack->intents[k];
		for (size_t i = 0; i < in->n_patterns; i++) {
			const struct pattern *p = &in->patterns[i];
			for (size_t a = 0; a < p->n_after; a++) {
				if (pack_intent(l->pack, p->after[a]) != NULL)
					continue;
				const char *near = nearest_name(p->after[a],
				    intent_at, l->pack, l->pack->n_intents);
				lint_warn(l, &p->place,
				    "pattern \"%.60s\" counts only after "
				    "\"%s\", an intent that is not there; "
				    "%s%s%s",
				    p->source, p->after[a],
				    near != NULL ? "did you mean \""
						 : "name one of the pack",
				    near != NULL ? near : "",
				    near != NULL ? "\"?" : "");
			}
		}
	}
}
