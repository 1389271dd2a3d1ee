/* rules: what patterns require, words they spell, the prefilter, attack texts.
 */
#include "base/buf.h"
#include "model/limits.h"
#include "rules/attack.h"
#include "rules/filter.h"
#include "rules/literal.h"
#include "rules/words.h"
#include "unit/unit.h"

/* Clauses as text: words with |, clauses with &. */
static const char *needs_of(struct arena *a, const char *regex)
{
	static struct buf out;
	struct needs n;
	buf_reset(&out);
	buf_addz(&out, "");
	literal_needs(a, rx_parse(a, str_of(regex)), &n);
	for (size_t i = 0; i < n.n; i++) {
		if (i > 0)
			buf_addz(&out, " & ");
		for (size_t j = 0; j < n.clauses[i].n; j++) {
			if (j > 0)
				buf_addc(&out, '|');
			buf_adds(&out, n.clauses[i].v[j]);
		}
	}
	return buf_str(&out).p;
}

static void required_words(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "resi", "resi" },
		{ "(?<!\\w)(?:resi)(?!\\w)", "resi" },
		{ "paket|barang", "paket|barang" },
		{ "paket(ku)? .* sampai", " sampai & paket" },
		{ "(mau|minta) refund", "mau refund|minta refund" },
		{ "a", "" },
		{ "\\d+ hari", " hari" },
		{ "x?y?paket", "paket" },
		{ "(paket|\\d+)", "" },
		{ "(?i)paket", "" },
		{ "(pa)+ket", "ket & pa" },
		{ "[ab]c", "ac|bc" },
		{ "[^a]bc", "bc" },
		{ "a{2}bc", "bc" },
		{ "(?:kirim|dikirim)", "kirim" },
		{ "paket\\.", "paket." },
		{ "paket(?=x)", "paket" },
		{ "paket(?*x)", "paket" },
		{ "(?<*x)paket", "paket" },
		{ "kakry(?<*)b|", "" },
		{ "paket(?# no)", "paket" },
		{ "[\xf0\x9f\x98\xa0\xf0\x9f\x98\xa1]",
		    "\xf0\x9f\x98\xa0|\xf0\x9f\x98\xa1" },
		{ "(?<value>hg-\\d+)", "hg-" },
		{ "a{x}", "a{x}" },
		{ "[[:digit:]]ab", "ab" },
		{ "[[:x.]ab", "[ab|:ab|xab|.ab" }, /* no name of a class */
		/* a class goes on behind "\c]" and "\Q]" */
		{ "[\\c]d;(e]ab", "" },
		{ "[\\Q]\\E]ab", "" },
		/* ranges with an escape at an end */
		{ "[\\+-z]ab", "ab" },
		{ "[+-\\]]ab", "ab" },
		{ "\\N{U+41}ab", "" },
	};
	struct arena a = { 0 };
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		if (strcmp(needs_of(&a, rows[i][0]), rows[i][1]) != 0)
			fail_msg("%s: want \"%s\", got \"%s\"", rows[i][0],
			    rows[i][1], needs_of(&a, rows[i][0]));
	arena_clear(&a);
}

static void note(void *arg, struct str word)
{
	struct buf *b = arg;
	buf_adds(b, word);
	buf_addc(b, ' ');
}

static void spelt_words(void **state)
{
	(void)state;
	static const char *const rows[][2] = {
		{ "mau refund", "mau refund " },
		{ "barang(ku|nya)?", "barangku barangnya barang " },
		{ "a \\w+ b", "a b " },
		{ "pre\\w* lain", "pre lain " },
		{ "pre\\w+ lain", "lain " },
		{ "peluk ?saya", "peluk saya " },
		{ "(kak )?tolong", "kak tolong tolong " },
	};
	struct arena a = { 0 };
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		struct buf b = { 0 };
		rx_words(rx_parse(&a, str_of(rows[i][0])), true, note, &b);
		assert_string_equal(buf_str(&b).p, rows[i][1]);
		buf_clear(&b);
	}
	struct buf b = { 0 };
	rx_words(rx_parse(&a, STR("aku mau kamu")), false, note, &b);
	assert_string_equal(b.p, "mau ");
	buf_clear(&b);
	arena_clear(&a);
}

static void the_filter_lets_through_what_has_all_clauses(void **state)
{
	(void)state;
	static const char *const patterns[] = { "paket .* sampai", "refund",
		"\\w+", "(mau|minta) batal", "sampai", "aket" };
	static const struct {
		const char *text, *through;
	} rows[] = {
		{ "paket saya belum sampai", "0 2 4 5" },
		{ "belum sampai paket ya",
		    "0 2 4 5" }, /* order is not checked */
		{ "sampai paket", "2 4 5" },
		{ "sampai", "2 4" },
		{ "minta batal refund", "1 2 3" },
		{ "mau minta batal", "2 3" },
		{ "", "2" },
	};
	struct filter_builder *b = filter_builder_new();
	struct arena a = { 0 };
	uint32_t clauses = 0;
	for (uint32_t i = 0; i < HG_COUNT(patterns); i++) {
		const struct rx *shape = rx_parse(&a, str_of(patterns[i]));
		assert_int_equal(filter_builder_add(b, i, shape), i != 2);
	}
	struct filter *f = filter_build(b, &a, &clauses);
	filter_builder_free(b);
	struct filter_run r = { 0 };
	filter_run_ready(&r, HG_COUNT(patterns), clauses);
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		struct buf got = { 0 };
		filter_text(f, &r, str_of(rows[i].text));
		for (uint32_t p = 0; p < HG_COUNT(patterns); p++)
			if (filter_lets(&r, p))
				buf_addf(&got, "%s%u", got.n > 0 ? " " : "", p);
		assert_string_equal(buf_str(&got).p, rows[i].through);
		buf_clear(&got);
	}
	filter_run_clear(&r);
	arena_clear(&a);
}

struct longest {
	size_t n, texts;
};

static bool measure(void *arg, struct str text)
{
	struct longest *l = arg;
	l->n = text.n > l->n ? text.n : l->n;
	l->texts++;
	return true;
}

static void attacks_are_long_and_few(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct longest l = { 0, 0 };
	attack_each(
	    rx_parse(&a, STR("(a|b+)* c( d| e){0,4} f|(x y )+z")), measure, &l);
	assert_in_range(l.texts, 4, ATTACK_TEXTS);
	assert_in_range(l.n, LIMIT_MATCH_BYTES - 20, LIMIT_MATCH_BYTES);
	arena_clear(&a);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(required_words),
	cmocka_unit_test(spelt_words),
	cmocka_unit_test(the_filter_lets_through_what_has_all_clauses),
	cmocka_unit_test(attacks_are_long_and_few),
};
RUN(tests)
