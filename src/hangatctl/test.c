/* `test`: the examples in the rules, .talk files, and labelled messages. */
#include "hangatctl/labelled.h"

#include <getopt.h>

/* An example must be answered with its intent, or be offered it. */
static unsigned test_examples(struct ctl_talk *t, unsigned *count)
{
	unsigned bad = 0;
	for (size_t p = 0; p < t->rs->n_packs; p++) {
		const struct pack *pack = &t->rs->packs[p];
		for (size_t k = 0; k < pack->n_intents; k++) {
			const struct intent *i = &pack->intents[k];
			for (size_t e = 0; e < i->n_examples; e++) {
				struct verdict v = classify_text(
				    t, i->examples[e], pack->lang);
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
				struct verdict v = classify_text(
				    t, i->not_examples[e], pack->lang);
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

struct test_files {
	const char *v[64];
	bool moods[64];
	size_t n;
};

/* Each file by itself, then, when there are several with intents, all. */
static int run_labelled(
    struct ctl_talk *t, const struct test_files *files, double oos_share)
{
	struct labelled_set set = { .n = 0 }, moods = { .n = 0 };
	size_t intents = 0;
	int code = CTL_OK;
	for (size_t i = 0; i < files->n && code == CTL_OK; i++) {
		struct labelled_set *s = files->moods[i] ? &moods : &set;
		size_t from = s->n;
		code = labelled_read(t, files->v[i], files->moods[i], s);
		if (code != CTL_OK)
			break;
		if (files->moods[i])
			labelled_report_moods(files->v[i], s, from, s->n);
		else
			labelled_report(files->v[i], s, from, s->n, oos_share);
		intents += !files->moods[i];
	}
	if (code == CTL_OK && intents > 1) {
		char name[96];
		(void)snprintf(name, sizeof(name),
		    "all %zu files, out of scope counted as %.0f%%", intents,
		    100 * oos_share); /* fits */
		labelled_report(name, &set, 0, set.n, oos_share);
	}
	labelled_clear(&set);
	labelled_clear(&moods);
	return code;
}

static int run_tests(struct ctl_talk *t, char **talks, int n_talks)
{
	unsigned examples = 0;
	unsigned bad = test_examples(t, &examples);
	struct talk_counts counts = { 0 };
	for (int i = 0; i < n_talks; i++)
		talk_file_run(t, talks[i], &counts);
	printf("%u examples, %u failed; %u talks with %u checks, %u failed\n",
	    examples, bad, counts.talks, counts.checks, counts.failed_talks);
	return bad + counts.failed_talks == 0 ? CTL_OK : CTL_FAILED;
}

/* Note a stage of the pipeline that is left out; false when there is none of
 * that name. */
static bool skip_stage(unsigned *skip, const char *name)
{
	const char *stage;
	for (size_t i = 0; (stage = talk_stage_name(i)) != NULL; i++)
		if (strcmp(stage, name) == 0) {
			*skip |= 1u << i;
			return true;
		}
	(void)ctl_fail(
	    "--without %s: there is no such stage; the stages are:", name);
	for (size_t i = 0; (stage = talk_stage_name(i)) != NULL; i++)
		fprintf(stderr, "  %s\n", stage);
	return false;
}

int cmd_test(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "labelled", required_argument, NULL, 'l' },
		{ "moods", required_argument, NULL, 'm' },
		{ "oos-share", required_argument, NULL, 'o' },
		{ "without", required_argument, NULL, 'w' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	struct test_files labelled = { .n = 0 };
	double oos_share = 0.3;
	unsigned skip = 0;
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r') {
			ctl_dirs_add(&dirs, optarg);
		} else if (c == 'o' && ctl_share(optarg, &oos_share)) {
			continue;
		} else if (c == 'w' && skip_stage(&skip, optarg)) {
			continue;
		} else if ((c == 'l' || c == 'm') &&
			   labelled.n < HG_COUNT(labelled.v)) {
			labelled.moods[labelled.n] = c == 'm';
			labelled.v[labelled.n++] = optarg;
		} else {
			return ctl_usage("test", false);
		}
	}
	struct ruleset *rs = ctl_rules_run(&dirs, &code);
	if (rs == NULL)
		return code;
	struct ctl_talk t;
	ctl_talk_init(&t, rs);
	t.skip_stages = skip;
	code = labelled.n > 0 ? run_labelled(&t, &labelled, oos_share)
			      : run_tests(&t, argv + optind, argc - optind);
	ctl_talk_clear(&t);
	ruleset_unref(&rs);
	return code;
}
