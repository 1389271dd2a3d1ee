/* `test`: the examples in the rules, .talk files, and labelled messages. */
#include "base/map.h"
#include "base/mem.h"
#include "hangatctl/ctl.h"
#include "sys/files.h"

#include <getopt.h>
#include <stdlib.h>

struct verdict {
	char intent[INTENT_NAME_BYTES];
	enum decision decision;
	enum mood mood;
};

static struct verdict classify(
    struct ctl_talk *t, const char *text, const char *lang)
{
	struct talk_event ev = { TALK_MESSAGE, str_of(text), NULL };
	struct step step = { 0 };
	ctl_talk_restart(t);
	FIELD_SET(t->c.lang, lang, strlen(lang));
	ctl_talk_step(t, &ev, &step);
	struct verdict v = { "", step.reply.decision, step.reply.mood.mood };
	FIELD_SET(v.intent, step.reply.intent, strlen(step.reply.intent));
	step_clear(&step);
	return v;
}

/* An example must be answered with its intent, or be offered it. */
static unsigned test_examples(struct ctl_talk *t, unsigned *count)
{
	unsigned bad = 0;
	for (size_t p = 0; p < t->rs->n_packs; p++) {
		const struct pack *pack = &t->rs->packs[p];
		for (size_t k = 0; k < pack->n_intents; k++) {
			const struct intent *i = &pack->intents[k];
			for (size_t e = 0; e < i->n_examples; e++) {
				struct verdict v =
				    classify(t, i->examples[e], pack->lang);
				bool good = strcmp(v.intent, i->name) == 0 &&
					    v.decision == DECISION_ANSWER;
				++*count;
				bad += !good;
				if (good)
					continue;
				const struct place *at = &i->example_places[e];
				printf("%s:%d:%d: example \"%s\" of \"%s\": "
				       "got %s %s\n",
				    at->path, at->pos.line, at->pos.col,
				    i->examples[e], i->name,
				    decision_name(v.decision), v.intent);
			}
			for (size_t e = 0; e < i->n_not_examples; e++) {
				struct verdict v =
				    classify(t, i->not_examples[e], pack->lang);
				bool good = strcmp(v.intent, i->name) != 0 ||
					    v.decision != DECISION_ANSWER;
				++*count;
				bad += !good;
				if (good)
					continue;
				const struct place *at =
				    &i->not_example_places[e];
				printf("%s:%d:%d: not_example \"%s\" was "
				       "answered as \"%s\"\n",
				    at->path, at->pos.line, at->pos.col,
				    i->not_examples[e], i->name);
			}
		}
	}
	return bad;
}

struct score {
	unsigned rows, in_scope, strict, lenient, answered, wrong, resolved,
	    clarified, oos, oos_answered, mood_right;
};

static const char *label_of(const json_t *row)
{
	const char *z = json_string_value(json_object_get(row, "label"));
	return z != NULL ? z
			 : json_string_value(json_object_get(row, "intent"));
}

static bool is_alternative(const json_t *row, const char *intent)
{
	const json_t *alt = json_object_get(row, "alt");
	const char *z = json_string_value(alt);
	if (z != NULL)
		return strcmp(z, intent) == 0;
	for (size_t i = 0; i < json_array_size(alt); i++) {
		z = json_string_value(json_array_get(alt, i));
		if (z != NULL && strcmp(z, intent) == 0)
			return true;
	}
	return false;
}

static void score_row(struct score *s, const json_t *row, const char *label,
    const struct verdict *v)
{
	bool oos = strcmp(label, "out_of_scope") == 0;
	bool strict = strcmp(label, v->intent) == 0;
	bool lenient = strict || is_alternative(row, v->intent);
	bool answered = v->decision == DECISION_ANSWER;
	s->rows++;
	s->answered += answered;
	s->wrong += answered && (oos || !lenient);
	s->clarified += v->decision == DECISION_CLARIFY;
	if (oos) {
		s->oos++;
		s->oos_answered += answered;
		return;
	}
	s->in_scope++;
	s->strict += strict;
	s->lenient += lenient;
	s->resolved += answered && lenient;
}

static double percent(unsigned part, unsigned whole)
{
	return whole == 0 ? 0 : 100.0 * part / whole;
}

static void print_score(const char *name, const struct score *s)
{
	printf("  %-24s %5u rows  strict %5.1f%%  lenient %5.1f%%  answered "
	       "right %5.1f%%  clarified %5.1f%%  wrong among answered "
	       "%5.1f%%",
	    name, s->rows, percent(s->strict, s->in_scope),
	    percent(s->lenient, s->in_scope), percent(s->resolved, s->in_scope),
	    percent(s->clarified, s->rows), percent(s->wrong, s->answered));
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

static struct score *score_of(struct scores *s, const json_t *row)
{
	const char *origin = json_string_value(json_object_get(row, "origin"));
	if (origin == NULL)
		origin = "-";
	struct score *x = map_get(&s->by_origin, str_of(origin));
	if (x == NULL) {
		x = arena_alloc(&s->a, sizeof(*x));
		(void)map_put(&s->by_origin,
		    str_of(arena_strdup(&s->a, str_of(origin))), x); /* new */
	}
	return x;
}

static int test_row(struct ctl_talk *t, json_t *row, bool moods,
    struct scores *s, struct err *e)
{
	const char *text = json_string_value(json_object_get(row, "text"));
	const char *label = label_of(row);
	if (text == NULL || label == NULL)
		return err_set(e, "no \"text\" or \"label\"; write both");
	struct verdict v = classify(t, text, "");
	if (moods) {
		bool right = strcmp(mood_name(v.mood), label) == 0;
		struct score *o = score_of(s, row);
		o->rows++, s->all.rows++;
		o->mood_right += right, s->all.mood_right += right;
		return 0;
	}
	score_row(score_of(s, row), row, label, &v);
	score_row(&s->all, row, label, &v);
	return 0;
}

static void print_scores(const char *path, bool moods, const struct scores *s)
{
	struct map_entry *entry;
	printf("%s\n", path);
	for (size_t at = 0; (entry = map_next(&s->by_origin, &at)) != NULL;) {
		const struct score *o = entry->value;
		if (moods)
			printf("  %-24s %5u rows  right %5.1f%%\n",
			    entry->key.p, o->rows,
			    percent(o->mood_right, o->rows));
		else
			print_score(entry->key.p, o);
	}
	if (!moods)
		print_score("all", &s->all);
}

static int test_labelled(struct ctl_talk *t, const char *path, bool moods)
{
	enum { DEPTH = 8 };
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return ctl_fail("%s: cannot be opened", path);
	struct scores s = { .all = { 0 } };
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	int code = CTL_OK, number = 0;
	while (code == CTL_OK && (n = getline(&line, &cap, f)) > 0) {
		struct err e = ERR_NONE;
		struct json_pos at;
		number++;
		json_t *row = json_parse(
		    str_trim((struct str){ line, (size_t)n }), DEPTH, &at, &e);
		if (row == NULL || test_row(t, row, moods, &s, &e) != 0)
			code = ctl_fail("%s:%d: %s", path, number, e.text);
		json_decref(row);
	}
	if (code == CTL_OK)
		print_scores(path, moods, &s);
	map_clear(&s.by_origin);
	arena_clear(&s.a);
	free(line);
	(void)fclose(f); /* read only */
	return code;
}

struct test_files {
	const char *v[64];
	bool moods[64];
	size_t n;
};

static int run_tests(struct ctl_talk *t, const struct test_files *labelled,
    char **talks, int n_talks)
{
	if (labelled->n > 0) {
		for (size_t i = 0; i < labelled->n; i++)
			if (test_labelled(t, labelled->v[i],
				labelled->moods[i]) != CTL_OK)
				return CTL_FAILED;
		return CTL_OK;
	}
	unsigned examples = 0;
	unsigned bad = test_examples(t, &examples);
	struct talk_counts counts = { 0 };
	for (int i = 0; i < n_talks; i++)
		talk_file_run(t->rs, talks[i], &counts);
	printf("%u examples, %u failed; %u talks with %u checks, %u failed\n",
	    examples, bad, counts.talks, counts.checks, counts.failed_talks);
	return bad + counts.failed_talks == 0 ? CTL_OK : CTL_FAILED;
}

int cmd_test(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "labelled", required_argument, NULL, 'l' },
		{ "moods", required_argument, NULL, 'm' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	struct test_files labelled = { .n = 0 };
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r') {
			ctl_dirs_add(&dirs, optarg);
		} else if ((c == 'l' || c == 'm') &&
			   labelled.n < HG_COUNT(labelled.v)) {
			labelled.moods[labelled.n] = c == 'm';
			labelled.v[labelled.n++] = optarg;
		} else {
			return ctl_usage("test", false);
		}
	}
	struct diags diags = { 0 };
	struct ruleset *rs = ctl_rules(&dirs, &diags, true, &code);
	diags_clear(&diags);
	if (rs == NULL)
		return code;
	struct ctl_talk t;
	ctl_talk_init(&t, rs);
	code = run_tests(&t, &labelled, argv + optind, argc - optind);
	ctl_talk_clear(&t);
	ruleset_unref(&rs);
	return code;
}
