/* `train`: teach a pack from labelled messages and store what was learnt in
 * the pack. */
#include "base/mem.h"
#include "hangatctl/labelled.h"
#include "hangatctl/packfile.h"
#include "hangatctl/teach.h"

#include <getopt.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

enum { MOST_FILES = 64, LEAST_LESSONS = 50, MOST_CLASSES_A_ROW = 4 };

struct training {
	const struct pack *pack;
	const struct ctl_dirs *dirs;
	struct teaching t;
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

static void learn_text(
    struct training *r, const char *text, const unsigned *classes, size_t n)
{
	struct norm norm;
	norm_make(&norm, &r->scratch, str_of(text), &r->pack->lexicon);
	teaching_add(&r->t, &norm, classes, n, labelled_fold(text));
	arena_reset(&r->scratch);
}

static int learn_row(void *arg, const json_t *row, struct err *e)
{
	struct training *r = arg;
	const char *label = labelled_label(row);
	const json_t *also = json_object_get(row, "also");
	unsigned classes[MOST_CLASSES_A_ROW];
	size_t n = 0;
	(void)e; /* every row will do */
	if (!is_known(r, label)) {
		r->strangers++;
		return 0;
	}
	classes[n++] = teaching_class(&r->t, label);
	for (size_t i = 0; i < r->pack->n_intents; i++) {
		const char *name = r->pack->intents[i].name;
		if (n < MOST_CLASSES_A_ROW && strcmp(name, label) != 0 &&
		    labelled_names(also, name))
			classes[n++] = teaching_class(&r->t, name);
	}
	learn_text(
	    r, json_string_value(json_object_get(row, "text")), classes, n);
	return 0;
}

/* What authors wrote beside their patterns teaches too. */
static void learn_examples(struct training *r)
{
	for (size_t i = 0; i < r->pack->n_intents; i++) {
		const struct intent *intent = &r->pack->intents[i];
		unsigned class_no = teaching_class(&r->t, intent->name);
		for (size_t k = 0; k < intent->n_examples; k++)
			learn_text(r, intent->examples[k], &class_no, 1);
	}
}

/* On messages left out of the teaching: how often is the best class right? */
static void cross_validate(const struct training *r)
{
	const struct teaching *t = &r->t;
	size_t right[2] = { 0 }, all[2] = { 0 };
	bool person = isatty(STDERR_FILENO) != 0;
	for (int fold = 0; fold < LABELLED_FOLDS; fold++) {
		struct taught k;
		if (person)
			fprintf(stderr, "part %d of %d, left out\r", fold + 1,
			    LABELLED_FOLDS);
		teach(t, fold, r->cost, NULL, &k);
		for (size_t i = 0; i < t->n_lessons; i++) {
			const struct lesson *l = &t->lessons[i];
			if ((int)l->fold != fold)
				continue;
			bool none = strcmp(t->classes[l->classes[0]],
					CLASSIFIER_NONE) == 0;
			unsigned best = taught_best(t, &k, l);
			all[none]++;
			for (size_t c = 0; c < l->n_classes; c++)
				right[none] += l->classes[c] == best;
		}
		taught_clear(&k);
	}
	printf("  on messages left out (%d parts): right intent %.1f%% of %zu, "
	       "out of scope told %.1f%% of %zu\n",
	    LABELLED_FOLDS,
	    100.0 * (double)right[0] / (double)(all[0] + !all[0]), all[0],
	    100.0 * (double)right[1] / (double)(all[1] + !all[1]), all[1]);
}

static int steps_of(double weight, double step)
{
	return (int)round(weight / step);
}

/* The letters of a piece; false when it weighs so little in every class that
 * nothing is lost without it (the file is a third smaller, and the figures on
 * messages left out are the same). */
static bool write_letters(const struct teaching *t, const struct taught *k,
    size_t piece, double step, char *letters)
{
	enum { LEAST_STEPS = 5 };
	int most = 0;
	letters[0] = classifier_letter(k->parts[piece]);
	for (size_t c = 0; c < t->n_classes; c++) {
		int n = steps_of(
		    k->weights[c * k->n_kept + k->rank[piece] - 1], step);
		most = abs(n) > most ? abs(n) : most;
		letters[c + 1] = classifier_letter(n);
	}
	return most >= LEAST_STEPS;
}

/* Each piece kept and its letters. */
static json_t *pieces_json(
    const struct teaching *t, const struct taught *k, double step)
{
	json_t *pieces = json_object();
	char *letters = xcalloc(t->n_classes + 2, 1);
	for (size_t i = 0; i < t->n_pieces; i++) {
		if (k->rank[i] == 0 || !write_letters(t, k, i, step, letters))
			continue;
		(void)json_object_set_new(pieces, t->pieces[i]->text.p,
		    json_string(letters)); /* or memory ends */
	}
	free(letters);
	return pieces;
}

static double largest_weight(const struct teaching *t, const struct taught *k)
{
	double most = 0;
	for (size_t i = 0; i < t->n_classes * k->n_kept; i++)
		most = fabs(k->weights[i]) > most ? fabs(k->weights[i]) : most;
	return most;
}

static json_t *classifier_json(const struct training *r, const struct taught *k)
{
	const struct teaching *t = &r->t;
	double step = largest_weight(t, k) / CLASSIFIER_LEVELS;
	json_t *classes = json_array(), *bias = json_array();
	for (size_t c = 0; c < t->n_classes; c++) {
		(void)json_array_append_new(
		    classes, json_string(t->classes[c])); /* or memory ends */
		(void)json_array_append_new(
		    bias, json_real(k->bias[c])); /* or memory ends */
	}
	return json_pack(
	    "{s:s, s:s, s:s, s:{s:o, s:I, s:f, s:f, s:o, s:o, s:o}}", "$schema",
	    "../rules.schema.json", "language", r->pack->lang, "note",
	    "Written by hangatctl train; see hangat-rules(5).", "classifier",
	    "trained_on", base_names_json(r->files, r->n_files), "rows",
	    (json_int_t)t->n_lessons, "step", step, "unheard",
	    (double)k->unheard / CLASSIFIER_PARTS, "classes", classes, "bias",
	    bias, "pieces", pieces_json(t, k, step));
}

static void show_progress(size_t done, size_t all)
{
	if (isatty(STDERR_FILENO) != 0)
		fprintf(stderr, "intent %zu of %zu    \r", done + 1, all);
}

static int write_classifier(const struct training *r)
{
	struct taught k;
	teach(&r->t, -1, r->cost, show_progress, &k);
	if (largest_weight(&r->t, &k) <= 0) {
		taught_clear(&k);
		return ctl_fail("%s: the messages have nothing in common to "
				"learn from; give more of each intent",
		    r->pack->lang);
	}
	json_t *json = classifier_json(r, &k);
	taught_clear(&k);
	char *path = pack_file_path(
	    r->pack, &r->pack->classifier_place, "classifier.json", r->dirs);
	int code = pack_file_write(path, json,
	    JSON_INDENT(1) | JSON_SORT_KEYS | JSON_REAL_PRECISION(6));
	if (code == CTL_OK)
		printf("  written to %s; run hangatctl calibrate next\n", path);
	free(path);
	json_decref(json);
	return code;
}

static int run(struct training *r)
{
	int code = CTL_OK;
	(void)teaching_class(&r->t, CLASSIFIER_NONE); /* is always there */
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
	printf("%s: %zu messages, %zu classes", r->pack->lang, r->t.n_lessons,
	    r->t.n_classes);
	if (r->strangers > 0)
		printf(", %zu messages left out: their label is no intent",
		    r->strangers);
	putchar('\n');
	cross_validate(r);
	return r->dry_run ? CTL_OK : write_classifier(r);
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
	arena_clear(&r.scratch);
	ruleset_unref(&rs);
	return code;
}
