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
	unsigned char first = slang.n > 0 ? (unsigned char)slang.p[0] : 'a';
	if (first < 0x80 && !(first >= 'a' && first <= 'z') &&
	    !(first >= '0' && first <= '9'))
		l->signs = true;
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

static bool has_own(const struct lexicon *l, struct str word)
{
	return lexicon_knows(l, word) || lexicon_full(l, word) != NULL ||
	       vocabulary_has(&l->vocabulary, word);
}

bool lexicon_has(const struct lexicon *l, struct str word)
{
	if (has_own(l, word))
		return true;
	for (size_t i = 0; i < l->n_others; i++)
		if (has_own(l->others[i], word))
			return true;
	return false;
}

bool lexicon_add_clitic(struct lexicon *l, struct arena *a, struct str clitic)
{
	if (l->n_clitics == LEXICON_CLITICS)
		return false;
	l->clitics[l->n_clitics++] =
	    (struct str){ arena_strdup(a, clitic), clitic.n };
	return true;
}

size_t lexicon_clitic(const struct lexicon *l, struct str word, size_t least)
{
	size_t longest = 0;
	for (size_t i = 0; i < l->n_clitics; i++) {
		struct str c = l->clitics[i];
		if (c.n > longest && word.n >= c.n + least &&
		    memcmp(word.p + word.n - c.n, c.p, c.n) == 0)
			longest = c.n;
	}
	return longest;
}

void lexicon_clear(struct lexicon *l)
{
	vocabulary_clear(&l->vocabulary);
	map_clear(&l->full);
	map_clear(&l->known);
	l->longest = 0;
}
