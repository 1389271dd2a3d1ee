/* Which language a message is in: the pack that knows more of its words. */
#include "text/lang.h"
#include "model/limits.h"

static bool word_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '\'' ||
	       (unsigned char)c >= 0x80;
}

unsigned lang_count(struct str text, const struct lexicon *lex, unsigned *words)
{
	enum { LONGEST_WORD = 40 };
	unsigned known = 0;
	*words = 0;
	text = str_cut(text, LIMIT_MATCH_BYTES);
	for (size_t i = 0; i < text.n;) {
		char low[LONGEST_WORD];
		size_t n = 0;
		for (; i < text.n && word_byte(text.p[i]); i++) {
			char c = text.p[i];
			if (n < sizeof(low))
				low[n++] =
				    c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
		}
		if (n == 0) {
			i++;
			continue;
		}
		++*words;
		struct str w = { low, n };
		known += lexicon_knows(lex, w) || lexicon_full(lex, w) != NULL;
	}
	return known;
}
