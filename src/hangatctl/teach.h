#ifndef HG_HANGATCTL_TEACH_H
#define HG_HANGATCTL_TEACH_H

#include "base/arena.h"
#include "base/map.h"
#include "rules/classifier.h"

/* Labelled messages as numbers, and the logistic regressions fitted to them
 * with liblinear (Fan et al. 2008). */

/* Pieces are numbered as they come; everything lives in the arena. */
struct teaching {
	struct arena a;
	const char **classes; /* names */
	size_t n_classes, cap_classes;
	struct lesson {
		unsigned *pieces; /* numbers, each once, rising */
		size_t n_pieces;
		unsigned *classes; /* that are right, the label first */
		size_t n_classes;
		unsigned fold;
	} * lessons;
	size_t n_lessons, cap_lessons;
	struct map numbers; /* piece -> struct teaching_piece */
	struct teaching_piece {
		struct str text;
		unsigned number; /* from 0 */
		enum ngram_kind kind;
		unsigned lessons; /* that have it */
	} * *pieces;
	size_t n_pieces, cap_pieces;
	unsigned *row; /* pieces of the message being added */
	size_t n_row, cap_row;
};

/* The number of a class; a new one when the name is new. */
unsigned teaching_class(struct teaching *t, const char *name);
/* Add a message; classes are copied. */
void teaching_add(struct teaching *t, const struct norm *norm,
    const unsigned *classes, size_t n, unsigned fold);
void teaching_clear(struct teaching *t);

/* Weights of each class for each piece kept, and its bias. */
struct taught {
	unsigned *rank;  /* of a piece among those kept, from 1; 0 left out */
	double *weights; /* [class * n_kept + rank - 1] */
	double *bias;    /* of each class */
	signed char *parts;  /* rarity of each piece, in quarters */
	signed char unheard; /* of one that was left out or is new */
	size_t n_kept;
};
/* Learn from all lessons but those of a fold (-1: from all).  Pieces of less
 * than three messages are left out.  cost: what an error weighs against small
 * weights (liblinear's C), over 0.  progress is called before each class and
 * may be NULL. */
void teach(const struct teaching *t, int fold, double cost,
    void (*progress)(size_t done, size_t all), struct taught *out);
/* The class that fits a lesson best. */
unsigned taught_best(const struct teaching *t, const struct taught *k,
    const struct lesson *lesson);
void taught_clear(struct taught *k);

#endif
