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
	bool together; /* each two words are pieces too, wherever they stand */
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
/* Add a message of n classes, which may be none; classes are copied. */
void teaching_add(struct teaching *t, const struct norm *norm,
    const unsigned *classes, size_t n, unsigned fold);
void teaching_clear(struct teaching *t);

/* What a piece that occurs is worth: its rarity over
 *   BY_LENGTH  the length of all rarities of its kind in the message, for a
 *              classifier;
 *   BY_COUNT   the usual rarity of its kind, and the root of how many pieces
 *              of it the message has, for a detector. */
enum measure { BY_LENGTH, BY_COUNT };

/* Weights of each class for each piece kept, and its bias. */
struct taught {
	unsigned *rank;  /* of a piece among those kept, from 1; 0 left out */
	double *weights; /* [class * n_kept + rank - 1] */
	double *bias;    /* of each class */
	signed char *parts;  /* rarity of each piece, in quarters */
	signed char unheard; /* of one that was left out or is new */
	size_t n_kept;
	enum measure measure;
	double usual[NGRAM_KINDS]; /* root of the mean square rarity */
};
struct teach_how {
	enum measure measure;
	double
	    cost; /* of an error against small weights (liblinear's C), > 0 */
	void (*progress)(size_t done, size_t all); /* before each class; NULL */
};
/* Learn from all lessons but those of a fold (-1: from all).  Pieces of less
 * than three messages are left out. */
void teach(const struct teaching *t, int fold, const struct teach_how *how,
    struct taught *out);
/* The class that fits a lesson best. */
unsigned taught_best(const struct teaching *t, const struct taught *k,
    const struct lesson *lesson);
/* How surely it is of a class: the logarithm of the odds. */
double taught_odds(const struct teaching *t, const struct taught *k,
    const struct lesson *lesson, unsigned class_no);
void taught_clear(struct taught *k);

#endif
