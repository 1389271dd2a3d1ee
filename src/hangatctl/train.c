/* `train`: teach a pack from labelled messages and store what was learnt in
 * the pack. */
#include "base/mem.h"
#include "hangatctl/labelled.h"
#include "hangatctl/taughtfile.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

enum {
	MOST_FILES = 64,
	LEAST_LESSONS = 50,
	LEAST_DANGER = 300,
	MOST_CLASSES_A_ROW = 4,
};

struct training {
	const struct pack *pack;
	const struct ctl_dirs *dirs;
	struct teaching t;         /* for the classifier */
	struct teaching of_danger; /* for the detector: one class, danger */
	const struct intent *danger;
	size_t n_danger; /* messages of danger */
	size_t only;     /* rows that teach the detector and nothing else */
	const char *files[MOST_FILES];
	size_t n_files;
	const char *lang;
	double cost;
	bool dry_run;
	size_t strangers; /* rows whose label is no intent of the pack */
	struct arena scratch;
};

static bool is_known(const struct training *r, const char *label)
{
	return strcmp(label, CLASSIFIER_NONE) == 0 ||
	       pack_intent(r->pack, label) != NULL;
}

/* A message of n classes; of 0 it is no lesson for the classifier. */
static void learn_text(struct training *r, const char *text,
    const unsigned *classes, size_t n, bool danger)
{
	static const unsigned IT = 0; /* the only class of the detector */
	struct norm norm;
	norm_make(&norm, &r->scratch, str_of(text), &r->pack->lexicon);
	unsigned fold = labelled_fold(text);
	if (n > 0)
		teaching_add(&r->t, &norm, classes, n, fold);
	teaching_add(&r->of_danger, &norm, &IT, danger, fold);
	r->n_danger += danger;
	arena_reset(&r->scratch);
}

/* The classes of a row, the label first; returns how many. */
static size_t find_classes(
    struct training *r, const json_t *row, unsigned out[MOST_CLASSES_A_ROW])
{
	const char *label = labelled_label(row);
	const json_t *also = json_object_get(row, "also");
	size_t n = 0;
	out[n++] = teaching_class(&r->t, label);
	for (size_t i = 0; i < r->pack->n_intents; i++) {
		const char *name = r->pack->intents[i].name;
		if (n < MOST_CLASSES_A_ROW && strcmp(name, label) != 0 &&
		    labelled_names(also, name))
			out[n++] = teaching_class(&r->t, name);
	}
	return n;
}

static bool is_danger(const struct training *r, const json_t *row)
{
	return strcmp(labelled_label(row), r->danger->name) == 0 ||
	       labelled_names(json_object_get(row, "also"), r->danger->name);
}

static int learn_row(void *arg, const json_t *row, struct err *e)
{
	struct training *r = arg;
	const json_t *only = json_object_get(row, "only");
	unsigned classes[MOST_CLASSES_A_ROW];
	if (only != NULL && !labelled_names(only, r->danger->name))
		return err_set(e,
		    "\"only\" names what has no detector; "
		    "name the pack's intent of danger, or leave it out");
	if (only == NULL && !is_known(r, labelled_label(row))) {
		r->strangers++;
		return 0;
	}
	r->only += only != NULL;
	learn_text(r, json_string_value(json_object_get(row, "text")), classes,
	    only != NULL ? 0 : find_classes(r, row, classes),
	    is_danger(r, row));
	return 0;
}

/* What authors wrote beside their patterns teaches too. */
static void learn_examples(struct training *r)
{
	for (size_t i = 0; i < r->pack->n_intents; i++) {
		const struct intent *intent = &r->pack->intents[i];
		unsigned class_no = teaching_class(&r->t, intent->name);
		for (size_t k = 0; k < intent->n_examples; k++)
			learn_text(r, intent->examples[k], &class_no, 1,
			    intent == r->danger);
	}
}

static void show_part(int fold)
{
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "part %d of %d, left out\r", fold + 1,
		    LABELLED_FOLDS);
}

/* How many lessons left out of the teaching are right, by two groups. */
struct tally {
	size_t right[2], all[2];
};
/* Is the lesson right?  *group is 0 at first. */
typedef bool (*judge_fn)(const struct teaching *t, const struct taught *k,
    const struct lesson *l, size_t *group);

static struct tally cross_validate(const struct training *r,
    const struct teaching *t, enum measure measure, judge_fn judge)
{
	const struct teach_how how = { measure, r->cost, NULL };
	struct tally n = { { 0 }, { 0 } };
	for (int fold = 0; fold < LABELLED_FOLDS; fold++) {
		struct taught k;
		show_part(fold);
		teach(t, fold, &how, &k);
		for (size_t i = 0; i < t->n_lessons; i++) {
			const struct lesson *l = &t->lessons[i];
			size_t group = 0;
			if ((int)l->fold != fold)
				continue;
			bool right = judge(t, &k, l, &group);
			n.right[group] += right;
			n.all[group]++;
		}
		taught_clear(&k);
	}
	return n;
}

static double percent(size_t part, size_t all)
{
	return 100.0 * (double)part / (double)(all + !all);
}

/* Is the best class right?  Group 1 is out of scope. */
static bool best_is_right(const struct teaching *t, const struct taught *k,
    const struct lesson *l, size_t *group)
{
	unsigned best = taught_best(t, k, l);
	*group = strcmp(t->classes[l->classes[0]], CLASSIFIER_NONE) == 0;
	for (size_t c = 0; c < l->n_classes; c++)
		if (l->classes[c] == best)
			return true;
	return false;
}

static void print_classes(const struct training *r)
{
	struct tally n = cross_validate(r, &r->t, BY_LENGTH, best_is_right);
	printf("  on messages left out (%d parts): right intent %.1f%% of %zu, "
	       "out of scope told %.1f%% of %zu\n",
	    LABELLED_FOLDS, percent(n.right[0], n.all[0]), n.all[0],
	    percent(n.right[1], n.all[1]), n.all[1]);
}

/* Is danger more likely than not?  Group 1 is danger. */
static bool is_detected(const struct teaching *t, const struct taught *k,
    const struct lesson *l, size_t *group)
{
	*group = l->n_classes;
	return taught_odds(t, k, l, 0) > 0;
}

static void print_danger(const struct training *r)
{
	struct tally n =
	    cross_validate(r, &r->of_danger, BY_COUNT, is_detected);
	printf("  %s: more likely than not in %.1f%% of %zu left out, and in "
	       "%.1f%% of %zu others\n",
	    r->danger->name, percent(n.right[1], n.all[1]), n.all[1],
	    percent(n.right[0], n.all[0]), n.all[0]);
}

static void show_progress(size_t done, size_t all)
{
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "intent %zu of %zu    \r", done + 1, all);
}

static int write_taught(const struct training *r, const struct teaching *t,
    enum measure measure, int (*write)(const struct taught_file *f))
{
	struct taught k;
	const struct teach_how how = { measure, r->cost, show_progress };
	teach(t, -1, &how, &k);
	int code = write(&(struct taught_file){ .t = t,
	    .k = &k,
	    .pack = r->pack,
	    .dirs = r->dirs,
	    .files = r->files,
	    .n_files = r->n_files });
	taught_clear(&k);
	return code;
}

/* Rows for the detector alone are what makes one worth having: without them
 * the one of an earlier directory stays. */
static int make_detector(const struct training *r)
{
	if (r->only == 0)
		return CTL_OK;
	print_danger(r);
	return r->dry_run ? CTL_OK
			  : write_taught(r, &r->of_danger, BY_COUNT,
				taught_write_detector);
}

static int run(struct training *r)
{
	int code = CTL_OK;
	(void)teaching_class(&r->t, CLASSIFIER_NONE); /* is always there */
	r->danger = pack_role(r->pack, ROLE_CRISIS);
	r->of_danger.together = true;
	(void)teaching_class(&r->of_danger, r->danger->name); /* 0 */
	for (size_t i = 0; i < r->n_files && code == CTL_OK; i++)
		code = labelled_each(r->files[i], learn_row, r);
	if (code != CTL_OK)
		return code;
	learn_examples(r);
	if (r->t.n_classes > CLASSIFIER_CLASSES)
		return ctl_fail("%s: %zu intents, more than %d", r->pack->lang,
		    r->t.n_classes - 1, CLASSIFIER_CLASSES - 1);
	if (r->t.n_lessons < LEAST_LESSONS)
		return ctl_fail("%s: %zu messages, too few to learn from; at "
				"least %d",
		    r->pack->lang, r->t.n_lessons, LEAST_LESSONS);
	if (r->only > 0 && r->n_danger < LEAST_DANGER)
		return ctl_fail("%s: no detector: %zu messages of %s, at least "
				"%d are needed; give the shipped messages too",
		    r->pack->lang, r->n_danger, r->danger->name, LEAST_DANGER);
	printf("%s: %zu messages, %zu classes", r->pack->lang, r->t.n_lessons,
	    r->t.n_classes);
	if (r->only > 0)
		printf(", %zu messages for %s only", r->only, r->danger->name);
	if (r->strangers > 0)
		printf(", %zu messages left out: their label is no intent",
		    r->strangers);
	putchar('\n');
	print_classes(r);
	code = r->dry_run
		   ? CTL_OK
		   : write_taught(r, &r->t, BY_LENGTH, taught_write_classifier);
	return code != CTL_OK ? code : make_detector(r);
}

static const struct pack *find_pack(const struct ruleset *rs, const char *lang)
{
	const struct pack *pack = ruleset_pack(rs, lang);
	if (strcmp(pack->lang, lang) == 0)
		return pack;
	(void)ctl_fail("--lang %s: the rules have no such language; use one "
		       "of theirs",
	    lang);
	return NULL;
}

static bool read_cost(const char *text, double *out)
{
	char *end;
	*out = strtod(text, &end);
	if (end != text && *end == '\0' && *out > 0 && *out <= 1000)
		return true;
	(void)ctl_fail(
	    "\"%s\" is no cost; write a number over 0, at most 1000", text);
	return false;
}

int cmd_train(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "lang", required_argument, NULL, 'l' },
		{ "cost", required_argument, NULL, 'c' },
		{ "dry-run", no_argument, NULL, 'n' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	struct training r = { .cost = 40 };
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'l')
			r.lang = optarg;
		else if (c == 'n')
			r.dry_run = true;
		else if (c != 'c' || !read_cost(optarg, &r.cost))
			return ctl_usage("train", false);
	}
	while (optind < argc && r.n_files < MOST_FILES)
		r.files[r.n_files++] = argv[optind++];
	if (r.n_files == 0 || optind < argc || r.lang == NULL)
		return ctl_usage("train", false);
	struct ruleset *rs = ctl_rules_run(&dirs, &code);
	if (rs == NULL)
		return code;
	r.dirs = &dirs;
	r.pack = find_pack(rs, r.lang);
	code = r.pack != NULL ? run(&r) : CTL_USAGE;
	teaching_clear(&r.t);
	teaching_clear(&r.of_danger);
	arena_clear(&r.scratch);
	ruleset_unref(&rs);
	return code;
}
