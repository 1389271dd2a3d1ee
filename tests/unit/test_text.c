/* text: the normal form and its way back to the original. */
#include "base/attr.h"
#include "base/mem.h"
#include "model/limits.h"
#include "text/lang.h"
#include "text/norm.h"
#include "text/slip.h"
#include "unit/unit.h"

static struct arena memory;
static struct lexicon lex;

static int setup(void **state)
{
	(void)state;
	static const char *const slang[][2] = { { "gmn", "bagaimana" },
		{ "blm", "belum" }, { "makasih", "terima kasih" },
		{ "di kirim", "dikirim" }, { "ga", "tidak" },
		{ "dateng", "datang" }, { "brg", "barang" },
		{ ":(", "\xf0\x9f\x98\xa2" } };
	static const char *const known[] = { "lama", "good", "paket", "belum",
		"murah", "barang", "hati-hati", "mana", "beli", "ubah" };
	static const char *const named[] = { "marah", "pesanan", "pesananku",
		"pengiriman", "batal", "paket", "refund", "kirim", "terima",
		"tiket", "bayar", "baju", "kabur", "kubur" };
	static const char *const clitics[] = { "nya", "ku", "mu" };
	for (size_t i = 0; i < HG_COUNT(clitics); i++)
		assert_true(
		    lexicon_add_clitic(&lex, &memory, str_of(clitics[i])));
	for (size_t i = 0; i < HG_COUNT(named); i++)
		vocabulary_add(&lex.vocabulary, &memory, str_of(named[i]));
	vocabulary_add(&lex.vocabulary, &memory, STR("kabur")); /* twice */
	vocabulary_seal(&lex.vocabulary);
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
		    "sedih \xf0\x9f\x98\xad" },
		{ "oke \xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd",
		    "oke \xf0\x9f\x91\x8d" },
		{ "sedih :( ya", "sedih \xf0\x9f\x98\xa2 ya" },
		{ "catatan:(besok)", "catatan besok" },
		{ "x\xff"
		  "y",
		    "x y" },
		{ "...?!", "" },
		{ "diskon 50%", "diskon 50%" },
		{ "1000 www", "1000 w" },
		{ "barang-barang", "barang" },
		{ "barang-barangnya", "barangnya" },
		{ "pesan2nya", "pesannya" },
		{ "hati2", "hati-hati" },
		{ "hati-hati", "hati-hati" },
		{ "barang-barangan", "barang-barangan" },
		{ "INV/2024/ABC-0099", "inv/2024/abc-0099" },
		{ "dan/atau", "dan atau" },
		{ "HG-1112223", "hg-1112223" },
		{ "aaa111", "aaa111" },
		{ "brgnya mana", "barangnya mana" },
		{ "brgku", "barangku" },
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

static void one_character_may_become_two_words(void **state)
{
	(void)state;
	struct norm n;
	norm_make(&n, &memory, STR("a \xc2\xbd b"), &lex);
	assert_string_equal(n.text.p, "a 1 2 b");
	for (size_t i = 1; i <= 2; i++) {
		assert_int_equal(n.words[i].from, 2);
		assert_int_equal(n.words[i].to, 4);
	}
}

/* A part reads like a message of its own, whose words still point to where they
 * were written. */
static void a_part_stands_by_itself(void **state)
{
	(void)state;
	struct norm whole, part;
	norm_make(
	    &whole, &memory, STR("Makasih kak? Brp harganya, BISA ga"), &lex);
	assert_string_equal(
	    whole.text.p, "terima kasih kak brp harganya bisa tidak");
	norm_part(&part, &memory, &whole, 3, 5);
	assert_int_equal(part.n_words, 2);
	assert_true(str_is(part.text, "brp harganya"));
	assert_true(str_is(part.original, "Brp harganya"));
	assert_int_equal(part.words[0].at, 0);
	assert_int_equal(part.words[0].from, 0);
	assert_int_equal(part.words[1].at, 4);
	assert_int_equal(part.words[1].from, 4);
	assert_int_equal(part.words[1].to, 12);
	norm_part(&part, &memory, &whole, 6, 7);
	assert_true(str_is(part.text, "tidak"));
	assert_true(str_is(part.original, "ga"));
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

static void typos_are_repaired_towards_the_rules(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "pesnan", "pesanan" },      /* a letter is missing */
		{ "pesananan", "pesananan" }, /* two too many */
		{ "ppesanann", "pesanan" },   /* two typed twice, a long word */
		{ "psenaan", "psenaan" },     /* two edits, a short word */
		{ "bayra", "bayar" },         /* two swapped */
		{ "apket", "paket" },         /* the first two swapped */
		{ "bayer", "bayar" },         /* a vowel for another */
		{ "bagar", "bayar" },         /* the key below */
		{ "bawar", "bawar" },         /* another word */
		{ "kayar", "kayar" },         /* not the first letter */
		{ "penigrman", "pengiriman" }, /* two edits, a long word */
		{ "pesnanku", "pesananku" },
		{ "refudnnya", "refundnya" }, /* the stem of a clitic */
		{ "murah", "murah" }, /* known, though marah is one edit away */
		{ "ubah", "ubah" },
		{ "baju2", "baju" },
		{ "kubu", "kubu" }, /* another word */
		{ "tikt", "tiket" },
		{ "tkt", "tkt" },       /* too short */
		{ "tiket1", "tiket1" }, /* no word of letters */
		{ "xyzzyq", "xyzzyq" },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		assert_string_equal(norm_of(rows[i][0]), rows[i][1]);
}

static void slips_are_told_from_other_words(void **state)
{
	(void)state;
	static const struct {
		const char *typed, *meant;
		unsigned cost; /* 0: none */
	} rows[] = {
		{ "knwo", "know", 2 },
		{ "hepl", "help", 2 },
		{ "ulpa", "lupa", 2 },
		{ "delivrey", "delivery", 2 },
		{ "cancl", "cancel", 2 },
		{ "refuund", "refund", 2 },
		{ "cofee", "coffee", 2 },
		{ "smal", "small", 2 }, /* one of a double */
		{ "plce", "place", 2 }, /* a vowel */
		{ "mend", "mends", 0 }, /* neither */
		{ "lates", "latest", 2 },
		{ "pregnent", "pregnant", 3 },
		{ "orser", "order", 3 },   /* keys side by side */
		{ "septik", "septic", 3 }, /* the same sound */
		{ "korban", "kotban", 3 },
		{ "drownd", "drown", 3 },
		{ "stopd", "stop", 0 }, /* too short for that */
		{ "coma", "come", 0 },  /* other words */
		{ "prisoner", "poisoned", 0 },
		{ "tumor", "tutor", 0 },
		{ "maut", "muat", 2 }, /* known words are never asked for */
		{ "wheezing", "weeping", 0 },
		{ "cancelign", "cancelling", 4 },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		unsigned none = SLIP_TWO + 1;
		unsigned cost = slip_cost(
		    str_of(rows[i].typed), str_of(rows[i].meant), SLIP_TWO);
		assert_int_equal(cost, rows[i].cost != 0 ? rows[i].cost : none);
	}
	assert_int_equal(slip_cost(STR("paket"), STR("paket"), SLIP_TWO), 0);
}

static void doubtful_repairs_are_marked(void **state)
{
	(void)state;
	struct norm n;
	norm_make(&n, &memory, STR("kbaur kobur pesann"), &lex);
	/* kabur by a swap; kabur and kubur as near, the more used wins; pesanan
	 * and its own stem are no contradiction */
	assert_string_equal(n.text.p, "kabur kabur pesanan");
	assert_true(n.words[0].flags & NORM_REPAIRED);
	assert_false(n.words[0].flags & NORM_AMBIGUOUS);
	assert_true(n.words[1].flags & NORM_AMBIGUOUS);
	assert_false(n.words[2].flags & NORM_AMBIGUOUS);
	norm_make(&n, &memory, STR("penigrman bayra"), &lex);
	assert_true(n.words[0].flags & NORM_AMBIGUOUS); /* two edits */
	assert_false(n.words[1].flags & NORM_AMBIGUOUS);
	norm_make(&n, &memory, STR("kbaur kobur"), &lex);
	assert_int_equal(n.words[1].from, 6);
	assert_int_equal(n.words[1].to, 11);
}

static void another_languages_words_are_no_mistakes(void **state)
{
	(void)state;
	static struct lexicon english;
	const struct lexicon *others[] = { &english };
	lexicon_add_known(&english, &memory, STR("bayard"));
	assert_string_equal(norm_of("bayard"), "bayar");
	lex.others = others;
	lex.n_others = 1;
	assert_string_equal(norm_of("bayard"), "bayard");
	lex.n_others = 0;
	lexicon_clear(&english);
}

static void strength_of_drawn_out_letters(void **state)
{
	(void)state;
	struct norm n;
	norm_make(&n, &memory, STR("lamaaaaa"), &lex);
	assert_int_equal(n.drawn, 4);
	norm_make(&n, &memory,
	    STR("\xf0\x9f\x98\xad\xf0\x9f\x98\xad\xf0\x9f\x98\xad"), &lex);
	assert_int_equal(n.drawn, 2);
	assert_int_equal(n.words[0].to, 12);
}

static void language_counts_known_words(void **state)
{
	(void)state;
	unsigned words;
	assert_int_equal(
	    lang_count(STR("paket Belum xyz gmn"), &lex, &words), 3);
	assert_int_equal(words, 4);
}

/* A sentence in another language inside a message, and by how many words. */
static void a_stretch_in_another_language(void **state)
{
	(void)state;
	static const char *const english[] = { "i", "want", "to", "die", "no",
		"good", "more" };
	static const struct {
		const char *text, *stretch;
		unsigned lead;
	} rows[] = {
		{ "paket belum lama? I want to die", "I want to die", 4 },
		{ "No more, I WANT. Paket mana, murah!", "No more, I WANT", 4 },
		/* what both or neither knows goes along, but not at the cost
		 * of words of the other side */
		{ "mana xyz want to xyz good die xyz",
		    "xyz want to xyz good die xyz", 3 },
		{ "want to paket want to die lama", "want to paket want to die",
		    4 },
		{ "want paket lama to die", "to die", 2 },
		{ "good paket mana", "", 0 },
		{ "", "", 0 },
		{ "?! ...", "", 0 },
	};
	struct lexicon other = { 0 };
	for (size_t i = 0; i < HG_COUNT(english); i++)
		lexicon_add_known(&other, &memory, str_of(english[i]));
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		unsigned lead;
		struct str got =
		    lang_stretch(str_of(rows[i].text), &lex, &other, &lead);
		char text[64];
		FIELD_SET(text, got.p, got.n);
		assert_string_equal(text, rows[i].stretch);
		assert_int_equal(lead, rows[i].lead);
	}
	lexicon_clear(&other);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(normal_form_table),
	cmocka_unit_test(words_point_to_the_original),
	cmocka_unit_test(one_character_may_become_two_words),
	cmocka_unit_test(a_part_stands_by_itself),
	cmocka_unit_test(long_text_is_cut_and_said_so),
	cmocka_unit_test(typos_are_repaired_towards_the_rules),
	cmocka_unit_test(slips_are_told_from_other_words),
	cmocka_unit_test(doubtful_repairs_are_marked),
	cmocka_unit_test(another_languages_words_are_no_mistakes),
	cmocka_unit_test(strength_of_drawn_out_letters),
	cmocka_unit_test(language_counts_known_words),
	cmocka_unit_test(a_stretch_in_another_language),
};

int main(void)
{
	return cmocka_run_group_tests(tests, setup, teardown);
}
