/* `calibrate`: fit each pack's confidence to labelled messages and store the
 * map in the pack. */
#include "base/mem.h"
#include "hangatctl/labelled.h"
#include "hangatctl/packfile.h"

#include <getopt.h>
#include <stdlib.h>

enum { LEAST_ROWS = 50, MOST_FILES = CALIBRATION_SOURCES };

struct fitting {
	struct ctl_talk t;
	struct labelled_set set;
	const struct ctl_dirs *dirs;
	const char *files[MOST_FILES];
	size_t n_files;
	double oos_share, accepted; /* accepted < 0: what the pack says */
	bool dry_run;
};

/* The rows that one pack read; without those of a fold, or only those. */
static size_t rows_of(const struct fitting *f, const char *lang, int fold,
    bool only, struct calibration_row *out)
{
	size_t n = 0;
	for (size_t i = 0; i < f->set.n; i++) {
		const struct labelled_row *r = &f->set.v[i];
		if (strcmp(r->lang, lang) != 0 ||
		    (fold >= 0 && ((int)r->fold == fold) != only))
			continue;
		out[n++] = (struct calibration_row){ .score = r->score,
			.next_score = r->next_score,
			.right = r->lenient && !r->oos,
			.next_right = r->next_right,
			.oos = r->oos,
			.source = r->source };
	}
	return n;
}

/* What the thresholds do to the messages of one file that they were not derived
 * from. */
struct outcome {
	unsigned in, answered, wrong;
};

/* Fit on all parts but one and judge that one, for each part in turn: what is
 * said of each row by a fit that has not seen it.  Returns the calibration
 * error of that. */
static double cross_validate(const struct fitting *f, const char *lang,
    double accepted, struct outcome *o)
{
	struct calibration_row *rows = xcalloc(f->set.n + 1, sizeof(*rows));
	struct calibration_row *all = xcalloc(f->set.n + 1, sizeof(*all));
	double *share = xcalloc(f->set.n + 1, sizeof(*share));
	size_t n = 0;
	for (int fold = 0; fold < LABELLED_FOLDS; fold++) {
		struct calibration c = { .rules = 0 };
		size_t m = rows_of(f, lang, fold, false, rows);
		calibration_fit(&c, rows, m, f->oos_share, accepted);
		m = rows_of(f, lang, fold, true, all + n);
		for (size_t i = n; i < n + m; i++) {
			struct outcome *x = &o[all[i].source];
			share[i] = calibration_share(&c.top, all[i].score);
			bool answered =
			    all[i].score > 0 && share[i] >= c.answer;
			x->in++;
			x->answered += answered;
			x->wrong += answered && !all[i].right;
		}
		n += m;
	}
	double error = calibration_error(share, all, n, f->oos_share);
	free(rows);
	free(all);
	free(share);
	return error;
}

static void print_outcomes(const struct fitting *f, const struct outcome *o)
{
	for (size_t i = 0; i < f->n_files; i++)
		if (o[i].in > 0)
			printf("    %-28s %5u messages, answered %5.1f%%, "
			       "wrong among answered %.1f%%\n",
			    base_name(f->files[i]), o[i].in,
			    100.0 * o[i].answered / o[i].in,
			    o[i].answered > 0
				? 100.0 * o[i].wrong / o[i].answered
				: 0.0);
}

static json_t *points_json(const struct calibration_map *m)
{
	json_t *list = json_array();
	for (size_t i = 0; i < m->n; i++) {
		json_t *pair = json_array();
		(void)json_array_append_new(
		    pair, json_real(m->points[i].score)); /* or memory ends */
		(void)json_array_append_new(
		    pair, json_real(m->points[i].share)); /* or memory ends */
		(void)json_array_append_new(list, pair);  /* or memory ends */
	}
	return list;
}

static json_t *calibration_json(const struct fitting *f,
    const struct pack *pack, const struct calibration *c, size_t rows,
    double accepted)
{
	char hash[32];
	(void)snprintf(hash, sizeof(hash), "%016llx",
	    (unsigned long long)pack->match_hash); /* fits */
	json_t *files = base_names_json(f->files, f->n_files);
	return json_pack("{s:s, s:s, s:s, s:{s:s, s:o, s:I, s:f, s:f, s:f, "
			 "s:f, s:o, s:o}}",
	    "$schema", "../rules.schema.json", "language", pack->lang, "note",
	    "Written by hangatctl calibrate; fit anew after changing patterns.",
	    "calibration", "rules", hash, "fitted_on", files, "rows",
	    (json_int_t)rows, "oos_share", f->oos_share, "accepted_error",
	    accepted, "answer", c->answer, "clarify", c->clarify, "top",
	    points_json(&c->top), "next", points_json(&c->next));
}

static int fit_pack(struct fitting *f, const struct pack *pack)
{
	struct calibration_row *rows = xcalloc(f->set.n + 1, sizeof(*rows));
	size_t n = rows_of(f, pack->lang, -1, false, rows);
	double accepted = f->accepted >= 0 ? f->accepted : pack->accepted_error;
	if (n < LEAST_ROWS) {
		free(rows);
		printf("%s: %zu messages, too few to fit; at least %d\n",
		    pack->lang, n, LEAST_ROWS);
		return CTL_OK;
	}
	struct calibration c = { .rules = pack->match_hash };
	calibration_fit(&c, rows, n, f->oos_share, accepted);
	struct outcome o[MOST_FILES] = { { 0, 0, 0 } };
	double error = cross_validate(f, pack->lang, accepted, o);
	printf("%s: %zu messages, out of scope counted as %.0f%%, accepted "
	       "error %.1f%%\n"
	       "  answer from %.3f, clarify from %.3f\n"
	       "  on messages left out of the fit (%d parts): calibration "
	       "error %.3f\n",
	    pack->lang, n, 100 * f->oos_share, 100 * accepted, c.answer,
	    c.clarify, LABELLED_FOLDS, error);
	print_outcomes(f, o);
	int code = CTL_OK;
	char *path = pack_file_path(
	    pack, &pack->calibration_place, "calibration.json", f->dirs);
	json_t *json = calibration_json(f, pack, &c, n, accepted);
	if (!f->dry_run && json != NULL)
		code = pack_file_write(
		    path, json, JSON_INDENT(2) | JSON_REAL_PRECISION(6));
	if (!f->dry_run && code == CTL_OK)
		printf("  written to %s\n", path);
	json_decref(json);
	free(path);
	free(rows);
	return code;
}

static int calibrate(struct fitting *f, struct ruleset *rs)
{
	int code = CTL_OK;
	ctl_talk_init(&f->t, rs);
	for (size_t i = 0; i < f->n_files && code == CTL_OK; i++)
		code = labelled_read(&f->t, f->files[i], false, &f->set);
	for (size_t i = 0; i < rs->n_packs && code == CTL_OK; i++)
		code = fit_pack(f, &rs->packs[i]);
	labelled_clear(&f->set);
	ctl_talk_clear(&f->t);
	return code;
}

int cmd_calibrate(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "oos-share", required_argument, NULL, 'o' },
		{ "accept", required_argument, NULL, 'a' },
		{ "dry-run", no_argument, NULL, 'n' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	struct fitting f = { .oos_share = 0.3, .accepted = -1 };
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		bool good = c == 'r' || c == 'n';
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'n')
			f.dry_run = true;
		else if (c == 'o')
			good = ctl_share(optarg, &f.oos_share);
		else if (c == 'a')
			good = ctl_share(optarg, &f.accepted);
		if (good)
			continue;
		return ctl_usage("calibrate", false);
	}
	while (optind < argc && f.n_files < MOST_FILES)
		f.files[f.n_files++] = argv[optind++];
	if (f.n_files == 0 || optind < argc)
		return ctl_usage("calibrate", false);
	struct ruleset *rs = ctl_rules_run(&dirs, &code);
	if (rs == NULL)
		return code;
	f.dirs = &dirs;
	code = calibrate(&f, rs);
	ruleset_unref(&rs);
	return code;
}
