/* The words of a language pack. */
#include "text/lexicon.h"

void lexicon_add(
    struct lexicon *l, struct arena *a, struct str slang, struct str full)
{
	struct str *value = arena_alloc(a, sizeof(*value));
	*value = (struct str){ arena_strdup(a, full), full.n };
	struct str key = { arena_strdup(a, slang), slang.n };
	unsigned words = 1;
	for (size_t i = 0; i < slang.n; i++)
		words += slang.p[i] == ' ';
	if (words > l->longest)
		l->longest = words;
	(void)map_put(&l->full, key, value); /* a later file overrides */
}

void lexicon_add_known(struct lexicon *l, struct arena *a, struct str word)
{
	if (lexicon_knows(l, word))
		return;
	char *key = arena_strdup(a, word);
	(void)map_put(&l->known, (struct str){ key, word.n }, key); /* new */
}

const struct str *lexicon_full(const struct lexicon *l, struct str slang)
{
	return map_get(&l->full, slang);
}

bool lexicon_knows(const struct lexicon *l, struct str word)
{
	return map_get(&l->known, word) != NULL;
}

void lexicon_clear(struct lexicon *l)
{
	map_clear(&l->full);
	map_clear(&l->known);
	l->longest = 0;
}
