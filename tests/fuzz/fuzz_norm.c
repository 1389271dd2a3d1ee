/* Any bytes become a normal form that is valid, bounded and points into the
 * original. */
#include "base/attr.h"
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "model/limits.h"
#include "text/lang.h"
#include "text/norm.h"

static struct lexicon lex;

static void make_lexicon(void)
{
	static struct arena a;
	static const char *const slang[][2] = { { "gmn", "bagaimana" },
		{ "ga", "tidak" }, { "makasih", "terima kasih" },
		{ "di kirim", "dikirim" }, { ":(", "\xf0\x9f\x98\xa2" },
		{ "x", "satu dua tiga empat lima enam tujuh delapan" } };
	static const char *const known[] = { "lama", "good", "murah" };
	static const char *const named[] = { "pesanan", "pengiriman", "marah",
		"refund" };
	for (size_t i = 0; i < HG_COUNT(slang); i++)
		lexicon_add(&lex, &a, str_of(slang[i][0]), str_of(slang[i][1]));
	for (size_t i = 0; i < HG_COUNT(known); i++)
		lexicon_add_known(&lex, &a, str_of(known[i]));
	for (size_t i = 0; i < HG_COUNT(named); i++)
		vocabulary_add(&lex.vocabulary, &a, str_of(named[i]));
	vocabulary_seal(&lex.vocabulary);
	MUST(lexicon_add_clitic(&lex, &a, STR("nya")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (lex.vocabulary.n == 0)
		make_lexicon();
	struct arena a = { 0 };
	struct norm n;
	struct str text = { (const char *)data, size };
	norm_make(&n, &a, text, &lex);
	MUST(n.text.n <= LIMIT_MATCH_BYTES);
	MUST(utf8_check(n.text) == n.text.n);
	size_t end = 0;
	for (size_t i = 0; i < n.n_words; i++) {
		const struct norm_word *w = &n.words[i];
		MUST(w->at == (i == 0 ? 0 : end + 1) && w->n > 0);
		MUST(w->from < w->to && w->to <= n.original.n);
		end = w->at + w->n;
	}
	MUST(end == n.text.n);
	unsigned words;
	MUST(lang_count(text, &lex, &words) <= words);
	static const struct lexicon none;
	unsigned lead;
	struct str part = lang_stretch(text, &none, &lex, &lead);
	MUST(lead <= words && (lead > 0) == (part.n > 0));
	MUST(part.n == 0 ||
	     (part.p >= text.p && part.p + part.n <= text.p + text.n));
	arena_clear(&a);
	return 0;
}
