/* text: the normal form and its way back to the original. */
#include "base/attr.h"
#include "model/limits.h"
#include "text/lang.h"
#include "text/norm.h"
#include "unit/unit.h"

static struct arena memory;
static struct lexicon lex;

static int setup(void **state)
{
	(void)state;
	static const char *const slang[][2] = { { "gmn", "bagaimana" },
		{ "blm", "belum" }, { "makasih", "terima kasih" },
		{ "di kirim", "dikirim" }, { "ga", "tidak" },
		{ "dateng", "datang" } };
	static const char *const known[] = { "lama", "good", "paket", "belum" };
	for (size_t i = 0; i < HG_COUNT(slang); i++)
		lexicon_add(
		    &lex, &memory, str_of(slang[i][0]), str_of(slang[i][1]));
	for (size_t i = 0; i < HG_COUNT(known); i++)
		lexicon_add_known(&lex, &memory, str_of(known[i]));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	lexicon_clear(&lex);
	arena_clear(&memory);
	return 0;
}

static const char *norm_of(const char *text)
{
	struct norm n;
	norm_make(&n, &memory, str_of(text), &lex);
	return n.text.p;
}

static void normal_form_table(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "Paket BLM sampai, gmn ya?",
		    "paket belum sampai bagaimana ya" },
		{ "lamaaaa bangeeet", "lama banget" },
		{ "goood!!!", "good" },
		{ "makasih", "terima kasih" },
		{ "kapan di kirim", "kapan dikirim" },
		{ "wkwkwkwkwk", "wkwk" },
		{ "dateng2", "datang" },
		{ "\xef\xbc\xb0\xef\xbc\xa1\xef\xbc\xab\xef\xbc\xa5\xef\xbc"
		  "\xb4",
		    "paket" },
		{ "a\xe2\x80\x8b"
		  "b",
		    "ab" },
		{ "Rp12.500,00 / 3 hari", "rp12.500,00 3 hari" },
		{ "JP-123 don\xe2\x80\x99t", "jp-123 don't" },
		{ "mail: a.b@c.co.id.", "mail a b@c.co.id" },
		{ "sedih\xf0\x9f\x98\xad\xf0\x9f\x98\xad",
		    "sedih \xf0\x9f\x98\xad \xf0\x9f\x98\xad" },
		{ "x\xff"
		  "y",
		    "x y" },
		{ "...?!", "" },
		{ "diskon 50%", "diskon 50%" },
		{ "1000 www", "1000 w" },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		assert_string_equal(norm_of(rows[i][0]), rows[i][1]);
}

static void words_point_to_the_original(void **state)
{
	(void)state;
	struct norm n;
	const char *text = "Kak, \xc3\x89l\xc3\xa9gant MAKASIH!!";
	norm_make(&n, &memory, str_of(text), &lex);
	assert_string_equal(n.text.p, "kak \xc3\xa9l\xc3\xa9gant terima kasih");
	assert_int_equal(n.n_words, 4);
	assert_int_equal(n.words[1].from, 5);
	assert_int_equal(n.words[1].to, 14);
	assert_int_equal(n.words[2].from, 15);
	assert_int_equal(n.words[3].to, 22);
	assert_true(n.words[1].flags & NORM_BREAK);
	assert_true(n.words[2].flags & NORM_REWRITTEN);
	assert_true(n.words[2].flags & NORM_CAPS);
	assert_int_equal(n.exclaims, 2);
}

static void long_text_is_cut_and_said_so(void **state)
{
	(void)state;
	static char text[5000];
	memset(text, 'a', sizeof(text) - 1);
	for (size_t i = 7; i < sizeof(text) - 1; i += 8)
		text[i] = ' ';
	struct norm n;
	norm_make(&n, &memory, str_of(text), &lex);
	assert_true(n.cut);
	assert_in_range(n.text.n, 1, LIMIT_MATCH_BYTES);
}

static void language_counts_known_words(void **state)
{
	(void)state;
	unsigned words;
	assert_int_equal(
	    lang_count(STR("paket Belum xyz gmn"), &lex, &words), 3);
	assert_int_equal(words, 4);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(normal_form_table),
	cmocka_unit_test(words_point_to_the_original),
	cmocka_unit_test(long_text_is_cut_and_said_so),
	cmocka_unit_test(language_counts_known_words),
};

int main(void)
{
	return cmocka_run_group_tests(tests, setup, teardown);
}
