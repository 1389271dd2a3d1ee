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

/* Pieces with their letters, joined to lines of about that length. */
enum { LINE_BYTES = 2000 };

static void end_line(json_t *lines, struct buf *line)
{
	if (line->n > 0)
		(void)json_array_append_new(
		    lines, json_stringn(line->p, line->n)); /* or memory ends */
	buf_reset(line);
}

static void add_piece(
    json_t *lines, struct buf *line, struct str piece, const char *letters)
{
	if (memchr(piece.p, PIECES_SEPARATOR, piece.n) != NULL)
		return; /* no word has it */
	if (line->n > 0)
		buf_addc(line, PIECES_SEPARATOR);
	buf_adds(line, piece);
	buf_addc(line, ' ');
	buf_addz(line, letters);
	if (line->n >= LINE_BYTES)
		end_line(lines, line);
}

static int by_text(const void *a, const void *b, void *arg)
{
	const struct taught_file *f = arg;
	const unsigned *x = a, *y = b;
	return strcmp(f->t->pieces[*x]->text.p, f->t->pieces[*y]->text.p);
}

/* The pieces kept in the order of their text, so that the same messages make
 * the same file, each with the letters that write says; those for which it says
 * false are left out. */
static json_t *pieces_json(const struct taught_file *f, double step,
    bool (*write)(
	const struct taught_file *f, size_t piece, double step, char *letters))
{
	json_t *lines = json_array();
	struct buf line = { 0 };
	char *letters = xcalloc(f->t->n_classes + 2, 1);
	unsigned *order = xcalloc(f->t->n_pieces + 1, sizeof(*order));
	size_t n = 0;
	for (size_t i = 0; i < f->t->n_pieces; i++)
		if (f->k->rank[i] != 0)
			order[n++] = (unsigned)i;
	qsort_r(order, n, sizeof(*order), by_text, (void *)(uintptr_t)f);
	for (size_t i = 0; i < n; i++)
		if (write(f, order[i], step, letters))
			add_piece(lines, &line, f->t->pieces[order[i]]->text,
			    letters);
	end_line(lines, &line);
	buf_clear(&line);
	free(order);
	free(letters);
	return lines;
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
	    "bias", bias, "pieces", pieces_json(f, step, write_letters));
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
static bool write_weight(
    const struct taught_file *f, size_t piece, double step, char *letters)
{
	enum { LEAST_STEPS = 3 };
	int n = steps_of(worth_of(f, piece), step);
	letters[0] = classifier_letter(n);
	return abs(n) >= LEAST_STEPS;
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
		f->k->bias[0], "pieces", pieces_json(f, step, write_weight)),
	    &f->pack->detector_place, "detector.json");
}
