/* The fitted map of a pack, and the thresholds: what the pack says itself, else
 * what the fit derived, else a first guess. */
#include "rules/build.h"

/* First guesses for a pack that was never fitted; `hangatctl calibrate` puts
 * measured ones in their place. */
static const double GUESS_ANSWER = 0.55, GUESS_CLARIFY = 0.3;
/* Two candidates whose scores are nearer than this are too close to tell. */
static const double GUESS_MARGIN = 0.04;
/* Wrong among answered that a pack accepts when it does not say. */
static const double ACCEPTED_ERROR = 0.05;

static double number_or(const struct decl *d, double otherwise)
{
	return d->value == NULL ? otherwise : json_number_value(d->value);
}

static void read_points(const json_t *list, struct calibration_map *m)
{
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v)
		m->points[m->n++] = (struct calibration_point){
			json_number_value(json_array_get(v, 0)),
			json_number_value(json_array_get(v, 1))
		};
}

/* 16 hexadecimal digits, as calibrate writes them. */
static uint64_t read_hash(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	uint64_t hash = 0;
	for (; *text != '\0'; text++) {
		const char *digit = strchr(digits, *text);
		if (digit == NULL)
			return 0; /* fits no rules */
		hash = hash << 4 | (uint64_t)(digit - digits);
	}
	return hash;
}

static struct calibration *read_calibration(struct building *b, const json_t *v)
{
	struct calibration *c = arena_alloc(b->a, sizeof(*c));
	read_points(json_object_get(v, "top"), &c->top);
	read_points(json_object_get(v, "next"), &c->next);
	c->answer = json_number_value(json_object_get(v, "answer"));
	c->clarify = json_number_value(json_object_get(v, "clarify"));
	c->rules = read_hash(json_string_value(json_object_get(v, "rules")));
	return c;
}

void build_calibration(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	double answer = GUESS_ANSWER, clarify = GUESS_CLARIFY;
	if (decl->calibration.value != NULL) {
		out->calibration = read_calibration(b, decl->calibration.value);
		out->calibration_place = (struct place){
			decl->calibration.src->path,
			decl_pos(decl->calibration.src, decl->calibration.value)
		};
		answer = out->calibration->answer;
		clarify = out->calibration->clarify;
	}
	out->answer_at = number_or(&decl->answer, answer);
	out->clarify_at = number_or(&decl->clarify, clarify);
	out->margin = number_or(&decl->margin, GUESS_MARGIN);
	out->accepted_error = number_or(&decl->accepted_error, ACCEPTED_ERROR);
	out->match_hash = b->match_hash;
}
