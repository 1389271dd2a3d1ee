/* What was learnt from labelled messages, from the pack's file to memory. */
#include "rules/build.h"

/* How many pieces are in all lines? */
static size_t count_pieces(const json_t *lines)
{
	size_t i, n = 0;
	json_t *line;
	json_array_foreach (lines, i, line) {
		n++;
		for (const char *z = json_string_value(line); *z != '\0'; z++)
			n += *z == PIECES_SEPARATOR;
	}
	return n;
}

/* The hash of all lines. */
static void hash_lines(struct building *b, const json_t *lines)
{
	size_t i;
	json_t *line;
	json_array_foreach (lines, i, line)
		b->match_hash = hash_bytes(b->match_hash,
		    json_string_value(line), json_string_length(line));
}

/* The schema has seen that all letters are good. */
static void read_row(struct building *b, struct classifier *k,
    const struct classifier_letters *known, struct classifier_row *row,
    struct str piece, struct str letters)
{
	signed char *weights = arena_alloc(b->a, k->n_classes);
	row->piece = (struct str){ arena_strdup(b->a, piece), piece.n };
	row->kind = piece.p[0] == '*' ? NGRAM_LETTERS : NGRAM_WORDS;
	row->rarity =
	    (float)known->steps[(unsigned char)letters.p[0]] / CLASSIFIER_PARTS;
	for (size_t i = 0; i < k->n_classes; i++)
		weights[i] = known->steps[(unsigned char)letters.p[i + 1]];
	row->weights = weights;
	(void)map_put(&k->pieces, row->piece, row); /* the last one counts */
}

static void read_rows(
    struct building *b, struct classifier *k, const json_t *lines)
{
	struct classifier_row *rows =
	    arena_alloc(b->a, count_pieces(lines) * sizeof(*rows));
	struct classifier_letters known;
	size_t i;
	json_t *line;
	classifier_letters(&known);
	json_array_foreach (lines, i, line) {
		struct str rest = str_of(json_string_value(line));
		struct str piece, letters;
		while (classifier_next(&rest, &piece, &letters))
			read_row(b, k, &known, rows++, piece, letters);
	}
	hash_lines(b, lines);
}

static struct classifier *read_classifier(struct building *b, const json_t *v)
{
	struct classifier *k = arena_alloc(b->a, sizeof(*k));
	const json_t *classes = json_object_get(v, "classes");
	const json_t *bias = json_object_get(v, "bias");
	json_t *name;
	size_t i, n = json_array_size(classes);
	k->classes = arena_alloc(b->a, n * sizeof(*k->classes));
	k->bias = arena_alloc(b->a, n * sizeof(*k->bias));
	k->step = json_number_value(json_object_get(v, "step"));
	k->n_classes = n;
	k->unheard = json_number_value(json_object_get(v, "unheard"));
	json_array_foreach (classes, i, name) {
		k->classes[i] =
		    arena_strdup(b->a, str_of(json_string_value(name)));
		k->bias[i] = json_number_value(json_array_get(bias, i));
		b->match_hash = hash_bytes(
		    b->match_hash, k->classes[i], strlen(k->classes[i]));
		b->match_hash =
		    hash_bytes(b->match_hash, &k->bias[i], sizeof(k->bias[i]));
	}
	b->match_hash = hash_bytes(b->match_hash, &k->step, sizeof(k->step));
	b->match_hash =
	    hash_bytes(b->match_hash, &k->unheard, sizeof(k->unheard));
	read_rows(b, k, json_object_get(v, "pieces"));
	return k;
}

/* Pieces and their weights. */
static void read_weights(
    struct building *b, struct detector *out, const json_t *lines)
{
	struct detector_row *row =
	    arena_alloc(b->a, count_pieces(lines) * sizeof(*row));
	struct classifier_letters known;
	size_t i;
	json_t *line;
	classifier_letters(&known);
	json_array_foreach (lines, i, line) {
		struct str rest = str_of(json_string_value(line));
		struct str piece, letters;
		for (; classifier_next(&rest, &piece, &letters); row++) {
			row->piece =
			    (struct str){ arena_strdup(b->a, piece), piece.n };
			row->steps = known.steps[(unsigned char)letters.p[0]];
			/* the last one counts */
			(void)map_put(&out->pieces, row->piece, row);
		}
	}
	hash_lines(b, lines);
}

void build_detector(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	const struct decl *d = &decl->detector;
	if (d->value == NULL)
		return;
	const json_t *name = json_object_get(d->value, "intent");
	const char *intent = json_string_value(name);
	struct detector *k = arena_alloc(b->a, sizeof(*k));
	k->bias = json_number_value(json_object_get(d->value, "bias"));
	k->step = json_number_value(json_object_get(d->value, "step"));
	b->match_hash = hash_bytes(b->match_hash, &k->bias, sizeof(k->bias));
	b->match_hash = hash_bytes(b->match_hash, &k->step, sizeof(k->step));
	read_weights(b, k, json_object_get(d->value, "pieces"));
	out->detector = k;
	out->detected = pack_intent(out, intent);
	out->detector_place =
	    (struct place){ d->src->path, decl_pos(d->src, d->value) };
	if (pack_role(out, ROLE_CRISIS) == NULL)
		return; /* switched off, which is told for itself */
	if (out->detected == NULL || out->detected->role != ROLE_CRISIS)
		decl_error(b->diags, d->src, name,
		    "detector: \"%s\" is not the pack's intent of danger; "
		    "delete the file, then let hangatctl train write it",
		    intent);
	else if (out->detected->class_no < 0)
		decl_error(b->diags, d->src, name,
		    "detector: the pack has no classifier that knows \"%s\"; "
		    "let hangatctl train write both",
		    intent);
}

void build_classifier(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	const struct decl *d = &decl->classifier;
	if (d->value != NULL) {
		out->classifier = read_classifier(b, d->value);
		out->classifier_place =
		    (struct place){ d->src->path, decl_pos(d->src, d->value) };
		int none = classifier_class(out->classifier, CLASSIFIER_NONE);
		if (none < 0)
			decl_error(b->diags, d->src, d->value,
			    "classifier: no class is \"%s\"; delete the file, "
			    "then let hangatctl train write it",
			    CLASSIFIER_NONE);
		out->classifier->none = none < 0 ? 0 : (size_t)none;
	}
	struct classifier *k = out->classifier;
	for (size_t i = 0; i < out->n_intents; i++)
		out->intents[i].class_no =
		    k == NULL ? -1 : classifier_class(k, out->intents[i].name);
	if (k == NULL)
		return;
	k->absent = arena_alloc(b->a, k->n_classes * sizeof(*k->absent));
	for (size_t c = 0; c < k->n_classes; c++)
		k->absent[c] =
		    c != k->none && pack_intent(out, k->classes[c]) == NULL;
}
