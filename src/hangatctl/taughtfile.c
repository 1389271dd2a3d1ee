/* What was taught, as files of the pack. */
#include "hangatctl/taughtfile.h"
#include "base/mem.h"

#include <math.h>
#include <stdlib.h>

static int steps_of(double weight, double step)
{
	return (int)round(weight / step);
}

/* The weight of a piece that is kept. */
static double weight_of(
    const struct taught_file *f, size_t class_no, size_t piece)
{
	const struct taught *k = f->k;
	return k->weights[class_no * k->n_kept + k->rank[piece] - 1];
}

/* The letters of a piece; false when it weighs so little in every class that
 * nothing is lost without it (the file is a third smaller, and the figures on
 * messages left out are the same). */
static bool write_letters(
    const struct taught_file *f, size_t piece, double step, char *letters)
{
	enum { LEAST_STEPS = 5 };
	int most = 0;
	letters[0] = classifier_letter(f->k->parts[piece]);
	for (size_t c = 0; c < f->t->n_classes; c++) {
		int n = steps_of(weight_of(f, c, piece), step);
		most = abs(n) > most ? abs(n) : most;
		letters[c + 1] = classifier_letter(n);
	}
	return most >= LEAST_STEPS;
}

/* Each piece kept and its letters. */
static json_t *pieces_json(const struct taught_file *f, double step)
{
	json_t *pieces = json_object();
	char *letters = xcalloc(f->t->n_classes + 2, 1);
	for (size_t i = 0; i < f->t->n_pieces; i++) {
		if (f->k->rank[i] == 0 || !write_letters(f, i, step, letters))
			continue;
		(void)json_object_set_new(pieces, f->t->pieces[i]->text.p,
		    json_string(letters)); /* or memory ends */
	}
	free(letters);
	return pieces;
}

static double largest_weight(const struct taught *k, size_t n_classes)
{
	double most = 0;
	for (size_t i = 0; i < n_classes * k->n_kept; i++)
		most = fabs(k->weights[i]) > most ? fabs(k->weights[i]) : most;
	return most;
}

static json_t *classifier_json(const struct taught_file *f, double step)
{
	json_t *classes = json_array(), *bias = json_array();
	for (size_t c = 0; c < f->t->n_classes; c++) {
		(void)json_array_append_new(classes,
		    json_string(f->t->classes[c])); /* or memory ends */
		(void)json_array_append_new(
		    bias, json_real(f->k->bias[c])); /* or memory ends */
	}
	return json_pack("{s:o, s:I, s:f, s:f, s:o, s:o, s:o}", "trained_on",
	    base_names_json(f->files, f->n_files), "rows",
	    (json_int_t)f->t->n_lessons, "step", step, "unheard",
	    (double)f->k->unheard / CLASSIFIER_PARTS, "classes", classes,
	    "bias", bias, "pieces", pieces_json(f, step));
}

static int write_file(const struct taught_file *f, const char *key,
    json_t *value, const struct place *old, const char *name)
{
	json_t *json = json_pack("{s:s, s:s, s:s, s:o}", "$schema",
	    "../rules.schema.json", "language", f->pack->lang, "note",
	    "Written by hangatctl train; see hangat-rules(5).", key, value);
	char *path = pack_file_path(f->pack, old, name, f->dirs);
	int code = pack_file_write(path, json,
	    JSON_INDENT(1) | JSON_SORT_KEYS | JSON_REAL_PRECISION(6));
	if (code == CTL_OK)
		printf("  written to %s; run hangatctl calibrate next\n", path);
	free(path);
	json_decref(json);
	return code;
}

int taught_write_classifier(const struct taught_file *f)
{
	double most = largest_weight(f->k, f->t->n_classes);
	if (most <= 0)
		return ctl_fail("%s: the messages have nothing in common to "
				"learn from; give more of each intent",
		    f->pack->lang);
	return write_file(f, "classifier",
	    classifier_json(f, most / CLASSIFIER_LEVELS),
	    &f->pack->classifier_place, "classifier.json");
}

/* What a piece adds, its rarity included. */
static double worth_of(const struct taught_file *f, size_t piece)
{
	return weight_of(f, 0, piece) * f->k->parts[piece] /
	       f->k->usual[f->t->pieces[piece]->kind];
}

/* Pieces of less than three steps are left out: half the file, and the figures
 * on messages left out are the same. */
static json_t *weights_json(const struct taught_file *f, double step)
{
	enum { LEAST_STEPS = 3 };
	json_t *pieces = json_object();
	for (size_t i = 0; i < f->t->n_pieces; i++) {
		int n = f->k->rank[i] > 0 ? steps_of(worth_of(f, i), step) : 0;
		if (abs(n) < LEAST_STEPS)
			continue;
		(void)json_object_set_new(pieces, f->t->pieces[i]->text.p,
		    json_pack("s#", (char[]){ classifier_letter(n) },
			1)); /* or memory ends */
	}
	return pieces;
}

int taught_write_detector(const struct taught_file *f)
{
	double most = 0;
	for (size_t i = 0; i < f->t->n_pieces; i++)
		if (f->k->rank[i] > 0 && fabs(worth_of(f, i)) > most)
			most = fabs(worth_of(f, i));
	if (most <= 0)
		return ctl_fail("%s: the messages of danger have nothing in "
				"common to learn from; give more of them",
		    f->pack->lang);
	double step = most / CLASSIFIER_LEVELS;
	return write_file(f, "detector",
	    json_pack("{s:s, s:o, s:I, s:f, s:f, s:o}", "intent",
		f->t->classes[0], "trained_on",
		base_names_json(f->files, f->n_files), "rows",
		(json_int_t)f->t->n_lessons, "step", step, "bias",
		f->k->bias[0], "pieces", weights_json(f, step)),
	    &f->pack->detector_place, "detector.json");
}
