/* One regular expression: compiled once, shared and never changed.  JIT code
 * is made per scratch from a copy of the code, when a pattern first comes
 * through the prefilter.  Limits: see hangat-rules(5). */
#include "rules/pattern.h"
#include "base/mem.h"
#include "rules/filter.h"

#include <stdatomic.h>
#include <stdlib.h>

#include <pcre2.h>

struct pattern_code {
	pcre2_code *re;
	int value_group; /* number of the group "value", 0 none */
	uint64_t key[2]; /* of its regular expression */
	atomic_int refs;
};

enum {
	MAX_PATTERN = 64 * 1024,
	MAX_NEST = 64,
	BUDGET_EVERY = 16, /* reading a clock costs as much as a pattern */
};

static const char *mend_for(int code)
{
	switch (code) {
	case 114: /* missing closing parenthesis */
		return "close the group, or write \\\\( for a plain bracket";
	case 122: /* unmatched closing parenthesis */
		return "open the group, or write \\\\) for a plain bracket";
	case 109: /* quantifier does not follow a repeatable item */
		return "put something before * + ? or write \\\\ before it";
	case 106: /* missing terminating ] */
		return "close the class with ], or write \\\\[";
	case 125: /* lookbehind assertion is not fixed length */
		return "give the lookbehind one length";
	default:
		return "see pcre2pattern(3)";
	}
}

static void make_key(uint64_t key[2], struct str regex)
{
	key[0] = hash_bytes(regex.n, regex.p, regex.n);
	key[1] = hash_bytes(~key[0], regex.p, regex.n);
}

static struct str key_text(const uint64_t key[2])
{
	return (struct str){ (const char *)key, 2 * sizeof(*key) };
}

void pattern_code_note(struct map *compiled, struct pattern_code *code)
{
	(void)map_put(compiled, key_text(code->key), code); /* the same */
}

struct pattern_code *pattern_code_find(
    const struct map *compiled, struct str regex)
{
	uint64_t key[2];
	make_key(key, regex);
	return map_get(compiled, key_text(key));
}

struct pattern_code *pattern_compile(struct str regex, struct err *e)
{
	pcre2_compile_context *cc = pcre2_compile_context_create(NULL);
	if (cc == NULL) {
		err_set(e, "out of memory");
		return NULL;
	}
	(void)pcre2_set_max_pattern_length(cc, MAX_PATTERN); /* cannot fail */
	(void)pcre2_set_parens_nest_limit(cc, MAX_NEST);     /* cannot fail */
	int code = 0;
	PCRE2_SIZE at = 0;
	pcre2_code *re = pcre2_compile((PCRE2_SPTR)regex.p, regex.n,
	    PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
		PCRE2_NEVER_BACKSLASH_C,
	    &code, &at, cc);
	pcre2_compile_context_free(cc);
	if (re == NULL) {
		PCRE2_UCHAR text[160];
		(void)pcre2_get_error_message(code, text, sizeof(text));
		size_t from = at > 20 ? at - 20 : 0;
		struct str near = { regex.p + from, at - from };
		err_set(e, "does not compile: %s after \"%.*s\"; %s",
		    (const char *)text, STR_ARG(near), mend_for(code));
		return NULL;
	}
	struct pattern_code *p = xcalloc(1, sizeof(*p));
	p->re = re;
	make_key(p->key, regex);
	atomic_init(&p->refs, 1);
	int group = pcre2_substring_number_from_name(re, (PCRE2_SPTR) "value");
	p->value_group = group > 0 ? group : 0;
	return p;
}

struct pattern_code *pattern_code_ref(struct pattern_code *code)
{
	atomic_fetch_add(&code->refs, 1);
	return code;
}

void pattern_code_unref(struct pattern_code *code)
{
	if (code == NULL || atomic_fetch_sub(&code->refs, 1) != 1)
		return;
	pcre2_code_free(code->re);
	free(code);
}

bool pattern_jit_works(void)
{
	uint32_t has = 0;
	if (pcre2_config(PCRE2_CONFIG_JIT, &has) != 0 || has == 0)
		return false;
	/* memory that may not be both written and run shows only here */
	int code;
	PCRE2_SIZE at;
	pcre2_code *re =
	    pcre2_compile((PCRE2_SPTR) "a", 1, 0, &code, &at, NULL);
	bool works =
	    re != NULL && pcre2_jit_compile(re, PCRE2_JIT_COMPLETE) == 0;
	pcre2_code_free(re);
	return works;
}

struct match_scratch {
	uint64_t hash;            /* of the ruleset it is ready for */
	const struct ruleset *rs; /* of this message */
	struct filter_run filter;
	uint64_t *intent_seen; /* walk in which an intent was called */
	uint64_t walks;
	bool brute;
	uint32_t n_patterns;
	pcre2_code **jitted; /* own copies with JIT code, by index */
	uint8_t *tried;      /* to JIT, by index */
	uint8_t *strikes;    /* limit hits, up to PATTERN_STRIKES */
	/* what a pattern found in the text being matched, by index: intents
	 * share vetoes */
	struct found {
		uint64_t text; /* number of that text */
		int n;
		struct span span;
	} * found;
	struct str text; /* the one that the filter has seen */
	uint64_t texts;
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
	bool jit;
	int limit_hits;
	struct match_budget budget;
	int64_t window_ms; /* when the strikes were last forgotten */
	bool late;         /* the budget of this message is used up */
	unsigned asked;    /* the budget is asked every BUDGET_EVERY patterns */
};

struct match_scratch *match_scratch_new(void)
{
	struct match_scratch *s = xcalloc(1, sizeof(*s));
	s->jit = pattern_jit_works();
	s->data = pcre2_match_data_create(16, NULL);
	s->context = pcre2_match_context_create(NULL);
	s->stack =
	    s->jit ? pcre2_jit_stack_create(32 * 1024, PATTERN_JIT_STACK, NULL)
		   : NULL;
	if (s->data == NULL || s->context == NULL ||
	    (s->jit && s->stack == NULL))
		abort(); /* out of memory */
	if (s->jit)
		pcre2_jit_stack_assign(s->context, NULL, s->stack);
	(void)pcre2_set_match_limit(s->context,
	    s->jit ? PATTERN_MATCH_LIMIT : PATTERN_MATCH_LIMIT_SLOW);
	return s;
}

static void drop_ruleset(struct match_scratch *s)
{
	for (uint32_t i = 0; i < s->n_patterns; i++)
		pcre2_code_free(s->jitted[i]);
	free(s->jitted);
	free(s->tried);
	free(s->found);
	free(s->strikes);
	free(s->intent_seen);
	filter_run_clear(&s->filter);
	s->intent_seen = NULL;
	s->jitted = NULL;
	s->found = NULL;
	s->tried = s->strikes = NULL;
	s->n_patterns = 0;
}

void match_scratch_free(struct match_scratch *s)
{
	if (s == NULL)
		return;
	drop_ruleset(s);
	pcre2_match_data_free(s->data);
	pcre2_match_context_free(s->context);
	pcre2_jit_stack_free(s->stack);
	free(s);
}

void match_scratch_budget(struct match_scratch *s, struct match_budget budget)
{
	s->budget = budget;
}

void match_scratch_pause(struct match_scratch *s, bool on)
{
	if (s->budget.pause != NULL)
		s->budget.pause(s->budget.arg, on);
}

void match_scratch_begin(
    struct match_scratch *s, const struct ruleset *rs, int64_t now_ms)
{
	if (s->hash != rs->hash || s->n_patterns != rs->n_patterns) {
		drop_ruleset(s);
		s->hash = rs->hash;
		s->n_patterns = rs->n_patterns;
		s->jitted = xcalloc(rs->n_patterns, sizeof(*s->jitted));
		s->tried = xcalloc(rs->n_patterns, 1);
		s->found = xcalloc(rs->n_patterns, sizeof(*s->found));
		s->strikes = xcalloc(rs->n_patterns, 1);
		/* an intent has a pattern, so there are no more of them */
		s->intent_seen =
		    xcalloc(rs->n_patterns, sizeof(*s->intent_seen));
		filter_run_ready(&s->filter, rs->n_patterns, rs->n_clauses);
	}
	s->rs = rs;
	if (now_ms < s->window_ms ||
	    now_ms - s->window_ms > PATTERN_WINDOW_MS) {
		memset(s->strikes, 0, s->n_patterns);
		s->window_ms = now_ms;
	}
	s->limit_hits = 0;
	s->late = false;
}

/* This scratch's own copy of the code with JIT code; NULL when there is none.
 */
static const pcre2_code *jit_code(
    struct match_scratch *s, const struct pattern *p)
{
	uint32_t i = p->index;
	if (!s->jit || s->tried[i])
		return s->jitted[i];
	s->tried[i] = 1;
	match_scratch_pause(s, true);
	pcre2_code *copy = pcre2_code_copy(p->code->re);
	if (copy != NULL && pcre2_jit_compile(copy, PCRE2_JIT_COMPLETE) != 0) {
		pcre2_code_free(copy);
		copy = NULL;
	}
	s->jitted[i] = copy;
	match_scratch_pause(s, false);
	return copy;
}

void match_scratch_brute(struct match_scratch *s, bool brute)
{
	s->brute = brute;
}

void match_scratch_filter(
    struct match_scratch *s, const struct pack *pack, struct str text)
{
	s->text = text;
	s->texts++;
	if (!s->brute)
		filter_text(pack->filter, &s->filter, text);
}

void match_scratch_each(struct match_scratch *s, const struct pack *pack,
    void (*fn)(void *arg, const struct intent *intent), void *arg)
{
	if (s->brute) {
		for (size_t i = 0; i < pack->n_intents; i++)
			fn(arg, &pack->intents[i]);
		return;
	}
	s->walks++;
	for (uint32_t i = 0; i < s->filter.n; i++) {
		uint32_t owner = s->rs->patterns[s->filter.through[i]]->owner;
		if (owner == NO_INTENT || s->intent_seen[owner] == s->walks)
			continue;
		s->intent_seen[owner] = s->walks;
		fn(arg, &pack->intents[owner]);
	}
}

int match_scratch_limit_hits(const struct match_scratch *s)
{
	return s->limit_hits;
}

unsigned match_scratch_quarantined(const struct match_scratch *s)
{
	unsigned n = 0;
	for (uint32_t i = 0; i < s->n_patterns; i++)
		n += s->strikes[i] >= PATTERN_STRIKES;
	return n;
}

static bool is_set_aside(struct match_scratch *s, const struct pattern *p)
{
	if (!s->late && s->budget.ask != NULL &&
	    s->asked++ % BUDGET_EVERY == 0 && s->budget.ask(s->budget.arg))
		s->late = true;
	return s->late || s->strikes[p->index] >= PATTERN_STRIKES;
}

/* Where the answer is kept for who asks the same: the whole text that was
 * filtered, and no group's value is wanted after it.  NULL: nowhere. */
static struct found *kept(struct match_scratch *s, const struct pattern *p,
    struct str text, size_t at)
{
	bool same = at == 0 && text.p == s->text.p && text.n == s->text.n;
	return same && !s->brute && p->code->value_group == 0
		   ? &s->found[p->index]
		   : NULL;
}

static int find_now(struct match_scratch *s, const struct pattern *p,
    struct str text, size_t at, struct span *out)
{
	if (is_set_aside(s, p)) {
		s->limit_hits++;
		return -1;
	}
	const pcre2_code *jit = jit_code(s, p);
	PCRE2_SPTR subject = (PCRE2_SPTR)text.p;
	/* straight into the JIT code: pcre2_match would check the text again
	 * for each pattern, which costs more than the match */
	int n = jit != NULL ? pcre2_jit_match(jit, subject, text.n, at, 0,
				  s->data, s->context)
			    : pcre2_match(p->code->re, subject, text.n, at, 0,
				  s->data, s->context);
	if (n == PCRE2_ERROR_NOMATCH)
		return 0;
	if (n < 0) { /* a limit: neither match nor no match */
		s->strikes[p->index]++;
		s->limit_hits++;
		return -1;
	}
	const PCRE2_SIZE *ov = pcre2_get_ovector_pointer(s->data);
	*out = (struct span){ (uint32_t)ov[0], (uint32_t)ov[1] };
	return 1;
}

int pattern_find(struct match_scratch *s, const struct pattern *p,
    struct str text, size_t at, struct span *out)
{
	if (!s->brute && !filter_lets(&s->filter, p->index))
		return 0;
	struct found *f = kept(s, p, text, at);
	if (f == NULL)
		return find_now(s, p, text, at, out);
	if (f->text != s->texts) {
		f->n = find_now(s, p, text, at, &f->span);
		f->text = s->texts;
	}
	if (f->n == 1)
		*out = f->span;
	return f->n;
}

bool pattern_value(
    const struct match_scratch *s, const struct pattern *p, struct span *out)
{
	uint32_t g = (uint32_t)p->code->value_group;
	if (g == 0 || g >= pcre2_get_ovector_count(s->data))
		return false;
	const PCRE2_SIZE *ov = pcre2_get_ovector_pointer(s->data);
	if (ov[2 * g] == PCRE2_UNSET)
		return false;
	*out = (struct span){ (uint32_t)ov[2 * g], (uint32_t)ov[2 * g + 1] };
	return true;
}

void pattern_version(char *out, size_t size)
{
	char text[64] = "";
	(void)pcre2_config(PCRE2_CONFIG_VERSION, text); /* 24 bytes or so */
	field_set(out, size, text, strlen(text));
}
