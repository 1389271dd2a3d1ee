#ifndef HG_MODEL_MOOD_H
#define HG_MODEL_MOOD_H

/* How a person feels, with a strength 0..1 beside it where it matters. */
enum mood {
	MOOD_NEUTRAL,
	MOOD_ANGRY,
	MOOD_SAD,
	MOOD_ANXIOUS,
	MOOD_CONFUSED,
	MOOD_LONELY,
	MOOD_HAPPY,
};
enum { MOOD_COUNT = MOOD_HAPPY + 1 };

const char *mood_name(enum mood m);
/* The mood of that name, or -1. */
int mood_from_name(const char *name);

struct mood_score {
	enum mood mood;
	double strength; /* 0..1 */
};

#endif
