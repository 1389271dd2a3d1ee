/* Names of moods. */
#include "model/mood.h"

#include <string.h>

static const char *const names[MOOD_COUNT] = {
	[MOOD_NEUTRAL] = "neutral",
	[MOOD_ANGRY] = "angry",
	[MOOD_SAD] = "sad",
	[MOOD_ANXIOUS] = "anxious",
	[MOOD_CONFUSED] = "confused",
	[MOOD_LONELY] = "lonely",
	[MOOD_HAPPY] = "happy",
};

const char *mood_name(enum mood m)
{
	return names[m];
}

int mood_from_name(const char *name)
{
	for (int i = 0; i < MOOD_COUNT; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}
