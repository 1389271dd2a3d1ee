/* `why`: how a message is read, which intents fit and what was decided, in
 * words for a rule author. */
#include "base/utf8.h"
#include "hangatctl/ctl.h"
#include "rules/blend.h"

#include <getopt.h>

static const char *text_of(const json_t *json, const char *key)
{
	const char *z = json_string_value(json_object_get(json, key));
	return z != NULL ? z : "";
}

static double number_of(const json_t *json, const char *key)
{
	return json_number_value(json_object_get(json, key));
}

static void print_pattern(const char *label, const json_t *p)
{
	printf("    %s \"%s\" (%s:%lld, weight %.2f)", label,
	    text_of(p, "pattern"), text_of(p, "file"),
	    (long long)json_integer_value(json_object_get(p, "line")),
	    number_of(p, "weight"));
	if (json_object_get(p, "matched") != NULL)
		printf(" matched \"%s\" at %lld-%lld", text_of(p, "matched"),
		    (long long)json_integer_value(json_object_get(p, "from")),
		    (long long)json_integer_value(json_object_get(p, "to")));
	putchar('\n');
}

/* What patterns and words each say, in a pack with a classifier. */
static void print_words(const json_t *c)
{
	size_t i;
	json_t *word;
	if (json_object_get(c, "share") == NULL)
		return;
	printf("    patterns say %.3f; words say %.3f; by itself %.3f",
	    number_of(c, "matched"), number_of(c, "share"),
	    number_of(c, "alone"));
	if (json_object_get(c, "part") != NULL)
		printf(", a part %.3f", number_of(c, "part"));
	json_array_foreach (json_object_get(c, "words"), i, word)
		printf("%s\"%s\"", i == 0 ? ", most for: " : ", ",
		    json_string_value(word));
	putchar('\n');
}

static void print_candidate(const json_t *c)
{
	size_t i;
	json_t *p;
	printf("  %-24s confidence %.3f, score %.3f (%.0f%% of the words "
	       "explained)\n",
	    text_of(c, "intent"), number_of(c, "confidence"),
	    number_of(c, "score"), 100 * number_of(c, "explained"));
	print_words(c);
	json_array_foreach (json_object_get(c, "evidence"), i, p)
		print_pattern("pattern", p);
	if (json_object_get(c, "overruled") != NULL)
		print_pattern(
		    "words overrule", json_object_get(c, "overruled"));
}

static void print_candidates(const json_t *why)
{
	size_t i;
	json_t *v;
	printf("candidates:%s\n",
	    json_array_size(json_object_get(why, "candidates")) == 0 ? " none"
								     : "");
	json_array_foreach (json_object_get(why, "candidates"), i, v)
		print_candidate(v);
	json_array_foreach (json_object_get(why, "vetoed"), i, v) {
		printf("  %-24s vetoed\n", text_of(v, "intent"));
		print_pattern("by", json_object_get(v, "by"));
	}
	json_array_foreach (json_object_get(why, "also"), i, v)
		printf("also asked: %s\n", json_string_value(v));
}

static void print_why(const json_t *why)
{
	size_t i;
	json_t *v;
	printf("normal form: %s%s\n", text_of(why, "normal"),
	    json_is_true(json_object_get(why, "cut"))
		? " (the rest is not read)"
		: "");
	json_array_foreach (json_object_get(why, "rewritten"), i, v)
		printf("  \"%s\" read as \"%s\" (%s)\n", text_of(v, "from"),
		    text_of(v, "to"), text_of(v, "by"));
	printf("language: %s (pack %s)\n", text_of(why, "lang"),
	    text_of(why, "pack"));
	printf("mood: %s %.2f\n", text_of(why, "mood"),
	    number_of(why, "mood_strength"));
	print_candidates(why);
	const json_t *t = json_object_get(why, "thresholds");
	printf("thresholds: answer from %.2f, clarify from %.2f, margin "
	       "%.2f%s\n",
	    number_of(t, "answer"), number_of(t, "clarify"),
	    number_of(t, "margin"),
	    json_is_true(json_object_get(t, "calibrated"))
		? ""
		: " (never calibrated: confidence is the score)");
	printf("decided by: %s\n", text_of(why, "stage"));
}

static void print_own_pattern(const char *label, const struct pattern *p)
{
	printf("  %s \"%s\" (%s:%d, weight %.2f)\n", label, p->source,
	    p->place.path, p->place.pos.line, p->weight);
}

/* Find one intent, by its patterns alone, in the ranking that keeps vetoed
 * ones.
 */
static bool find_ranked(struct ctl_talk *t, const struct pack *pack,
    const struct norm *norm, const struct intent *intent, struct candidate *out)
{
	struct candidate all[MATCH_CANDIDATES];
	struct pack only = *pack; /* ranked alone, so that it is never cut */
	struct match_ask ask = {
		.pack = &only, .norm = norm, .keep_vetoed = true
	};
	struct intent one = *intent;
	only.intents = &one;
	only.n_intents = 1;
	only.classifier = NULL;
	match_scratch_brute(t->scratch, true);
	size_t n = match_intents(t->scratch, &ask, all);
	match_scratch_brute(t->scratch, false);
	if (n == 0)
		return false;
	*out = all[0];
	return true;
}

static void print_not_found(
    struct ctl_talk *t, const struct intent *intent, const struct norm *norm)
{
	struct span span;
	size_t follow_ups = 0;
	match_scratch_brute(t->scratch, true);
	for (size_t i = 0; i < intent->n_patterns; i++) {
		const struct pattern *p = &intent->patterns[i];
		if (pattern_find(t->scratch, p,
			p->exact_case ? norm->original : norm->text, 0,
			&span) != 1)
			continue;
		follow_ups++;
		print_own_pattern("only after another intent:", p);
	}
	match_scratch_brute(t->scratch, false);
	if (follow_ups == 0)
		printf("  none of its %zu patterns matches the normal form\n",
		    intent->n_patterns);
}

/* What words say of it and of the best. */
static void print_shares(const struct pack *pack, const struct intent *intent,
    const struct norm *norm)
{
	const struct classifier *k = pack->classifier;
	struct words_say said;
	size_t best = 0;
	if (k == NULL)
		return;
	words_read(pack, norm, &said);
	for (size_t i = 1; i < k->n_classes; i++)
		best = said.share[i] > said.share[best] ? i : best;
	if (intent->class_no < 0)
		printf("  the classifier was not taught it\n");
	else
		printf("  words say %.3f of it, most of %s: %.3f\n",
		    words_share(pack, intent, &said), k->classes[best],
		    said.share[best]);
}

/* Did words overrule the veto of that intent, as the account says? */
static bool is_overruled(const json_t *why, const char *name)
{
	size_t i;
	json_t *v;
	json_array_foreach (json_object_get(why, "candidates"), i, v)
		if (strcmp(text_of(v, "intent"), name) == 0)
			return json_object_get(v, "overruled") != NULL;
	return false;
}

/* Why an intent did not win: its patterns that matched, what vetoed it, or what
 * it lacked against the winner. */
static int print_why_not(struct ctl_talk *t, const char *name, const char *text,
    const char *won, const json_t *why)
{
	const struct pack *pack = ruleset_pack(t->rs, t->c.lang);
	const struct intent *intent = pack_intent(pack, name);
	if (intent == NULL)
		return ctl_fail("--not %s: language \"%s\" has no such intent",
		    name, pack->lang);
	struct arena a = { 0 };
	struct norm norm;
	struct candidate c;
	printf("why not %s:\n", name);
	match_scratch_begin(t->scratch, t->rs, 0);
	norm_make(&norm, &a, str_of(text), &pack->lexicon);
	if (!find_ranked(t, pack, &norm, intent, &c)) {
		print_not_found(t, intent, &norm);
	} else {
		for (size_t i = 0; i < c.n_evidence; i++)
			print_own_pattern("matched", c.evidence[i].pattern);
		if (c.veto != NULL)
			print_own_pattern(is_overruled(why, name)
					      ? "words overrule"
					      : "vetoed by",
			    c.veto);
		if (strcmp(won, name) == 0)
			printf("  it did win\n");
		else if (c.veto == NULL || is_overruled(why, name))
			printf("  its patterns score %.3f; the decision was "
			       "%s\n",
			    c.unvetoed, won);
	}
	print_shares(pack, intent, &norm);
	arena_clear(&a);
	return CTL_OK;
}

static int explain(struct ctl_talk *t, const char *text, const char * not )
{
	struct buf clean = { 0 };
	utf8_add_clean(&clean, str_of(text));
	struct talk_event ev = { TALK_MESSAGE, buf_str(&clean), NULL };
	struct step step = { 0 };
	int code = CTL_OK;
	ctl_talk_step(t, &ev, &step);
	struct json_pos at;
	struct err e = ERR_NONE;
	enum { DEPTH = 8 };
	json_t *why = json_parse(buf_str(&step.reply.why), DEPTH, &at, &e);
	if (why != NULL) {
		print_why(why);
		printf("decision: %s %s, confidence %.3f%s%s\n",
		    decision_name(step.reply.decision), step.reply.intent,
		    step.reply.confidence,
		    step.opens_ticket ? ", opens a ticket: " : "",
		    step.opens_ticket ? reason_name(step.reason) : "");
		printf("reply: %s\n", step.reply.text.p);
	} else {
		code = ctl_fail("%s", e.text);
	}
	if (code == CTL_OK && not != NULL)
		code = print_why_not(t, not, clean.p, step.reply.intent, why);
	json_decref(why);
	step_clear(&step);
	buf_clear(&clean);
	return code;
}

int cmd_why(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "not", required_argument, NULL, 'n' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	const char *not = NULL;
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'n')
			not = optarg;
		else
			return ctl_usage("why", false);
	}
	if (optind + 1 != argc)
		return ctl_usage("why", false);
	struct ruleset *rs = ctl_rules_run(&dirs, &code);
	if (rs == NULL)
		return code;
	struct ctl_talk t;
	ctl_talk_init(&t, rs);
	code = explain(&t, argv[optind], not );
	ctl_talk_clear(&t);
	ruleset_unref(&rs);
	return code;
}
