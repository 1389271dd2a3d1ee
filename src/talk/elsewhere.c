/* A stretch of a message in another language than the rest: who says there what
 * goes before everything else is answered in that language. */
#include "base/mem.h"
#include "talk/inner.h"

bool look_elsewhere(const struct stepping *s, struct stepping *there)
{
	if (s->r.elsewhere == NULL)
		return false;
	*there = *s;
	reading_take(&there->r, s->r.elsewhere);
	there->r.mood = s->r.mood;
	there->r.by_patterns = s->r.by_patterns;
	return true;
}

void go_elsewhere(struct stepping *s, const struct stepping *there)
{
	reading_take(&s->r, &there->r);
	s->say.pack = s->r.pack;
	FIELD_SET(s->c->lang, s->r.pack->lang, strlen(s->r.pack->lang));
}
