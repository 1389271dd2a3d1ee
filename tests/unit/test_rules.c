/* rules: the pattern language, matching, limits, and that the schema for
 * editors and the loader's tables say the same. */
#include "base/err.h"
#include "rules/affix.h"
#include "rules/expand.h"
#include "rules/match.h"
#include "rules/schema.h"
#include "unit/unit.h"
#include "json/check.h"

#include <stdio.h>
#include <stdlib.h>

static char *read_all(const char *name)
{
	char path[512];
	const char *top = getenv("top_srcdir");
	(void)snprintf(
	    path, sizeof(path), "%s/%s", top != NULL ? top : ".", name);
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	static char text[256 * 1024];
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	return text;
}

static struct pattern *one_pattern(const char *source)
{
	static struct pattern p;
	struct err e = ERR_NONE;
	struct buf regex = { 0 };
	struct map none = { 0 };
	assert_int_equal(
	    expand_pattern(source, &none, EXPAND_MATCH, true, &regex, &e), 0);
	p = (struct pattern){ .source = source,
		.code = pattern_compile(buf_str(&regex), &e) };
	assert_string_equal(e.text, "");
	buf_clear(&regex);
	return &p;
}

static int find(const char *source, const char *text)
{
	struct pattern *p = one_pattern(source);
	const struct pattern *list[1] = { p };
	struct ruleset rs = { .n_patterns = 1, .patterns = list, .hash = 1 };
	struct match_scratch *s = match_scratch_new();
	struct span span;
	match_scratch_begin(s, &rs, 0);
	match_scratch_brute(s, true);
	int found = pattern_find(s, p, str_of(text), 0, &span);
	match_scratch_free(s);
	pattern_code_unref(p->code);
	return found;
}

/* What a concept says is written out once, and reads the same wherever it is
 * named; how deep it goes is not forgotten. */
static void concepts_are_written_out_once(void **state)
{
	(void)state;
	enum { CHAIN = EXPAND_DEPTH + 1 };
	struct arena a = { 0 };
	struct concept chain[CHAIN];
	const char *entries[CHAIN][2];
	char names[CHAIN][8], next[CHAIN][8];
	struct map concepts = { 0 };
	for (int i = 0; i < CHAIN; i++) {
		snprintf(names[i], sizeof(names[i]), "c%d", i);
		snprintf(next[i], sizeof(next[i]), "@c%d", i + 1);
		entries[i][0] = i + 1 < CHAIN ? next[i] : "kirim";
		entries[i][1] = "~sampai";
		chain[i] = (struct concept){
			.name = names[i], .entries = entries[i], .n = 2, .a = &a
		};
		(void)map_put(&concepts, str_of(names[i]), &chain[i]);
	}
	struct buf first = { 0 }, again = { 0 };
	struct err e = ERR_NONE;
	assert_int_equal(expand_pattern("x @c9 y", &concepts, EXPAND_MATCH,
			     false, &first, &e),
	    0);
	assert_non_null(chain[9].written[EXPAND_MATCH].text.p);
	assert_null(chain[9].written[EXPAND_SPELL].text.p);
	assert_int_equal(chain[9].written[EXPAND_MATCH].depth, CHAIN - 9);
	assert_int_equal(expand_pattern("x @c9 y", &concepts, EXPAND_MATCH,
			     false, &again, &e),
	    0);
	assert_string_equal(first.p, again.p);
	buf_reset(&again);
	assert_int_equal(
	    expand_pattern("@c1", &concepts, EXPAND_MATCH, false, &again, &e),
	    0); /* all levels there are */
	assert_int_equal(
	    expand_pattern("@c0", &concepts, EXPAND_MATCH, false, &again, &e),
	    -1);
	assert_non_null(strstr(e.text, "deeper than 12"));
	buf_clear(&first);
	buf_clear(&again);
	map_clear(&concepts);
	arena_clear(&a);
}

static void roots_find_their_affixed_forms(void **state)
{
	(void)state;
	static const char *const forms[][8] = {
		{ "~kirim", "dikirim", "pengiriman", "mengirim", "terkirim",
		    "ngirim", "kirimin", "dikirimin" },
		{ "~bayar", "pembayaran", "membayar", "dibayarkan", "bayarnya",
		    "terbayar", "bayarin", "mbayar" },
		{ "~kembali", "pengembalian", "dikembalikan", "kembaliin",
		    "mengembalikan", "kembali", "kembalikan", "kembalinya" },
		{ "~tukar", "penukaran", "menukar", "ditukar", "nukar",
		    "tukarkan", "tukarin", "tukar" },
		{ "~batal", "pembatalan", "membatalkan", "dibatalin", "batalin",
		    "ngebatalin", "batal", "dibatalkan" },
		{ "~tipu", "ditipu", "penipuan", "menipu", "ketipu", "tertipu",
		    "nipu", "tipu" },
		{ "~sampai", "nyampai", "sampainya", "sampai", "sampaikan",
		    "menyampaikan", "disampaikan", "tersampaikan" },
	};
	for (size_t i = 0; i < HG_COUNT(forms); i++)
		for (size_t j = 1; j < 8; j++)
			if (find(forms[i][0], forms[i][j]) != 1)
				fail_msg(
				    "%s misses %s", forms[i][0], forms[i][j]);
	static const char *const wrong[][2] = { { "~bayar", "bayangan" },
		{ "~batal", "bantal" }, { "~rusak", "rusa" },
		{ "~beli", "belia" }, { "~tipu", "tipis" },
		{ "~sampai", "sampah" }, { "~meja", "kemejanya x" } };
	for (size_t i = 0; i + 1 < HG_COUNT(wrong); i++)
		assert_int_equal(find(wrong[i][0], wrong[i][1]), 0);
}

static void patterns_keep_to_word_edges(void **state)
{
	(void)state;
	assert_int_equal(find("resi", "cek resi dong"), 1);
	assert_int_equal(find("resi", "ekspresi"), 0);
	assert_int_equal(find("resi", "resiko"), 0);
	assert_int_equal(
	    find("paket ... sampai", "paket saya belum sampai"), 1);
	assert_int_equal(
	    find("paket ... sampai", "paket a b c d e f sampai"), 0);
	assert_int_equal(find("a\\@b", "a@b"), 1);
}

static void limits_are_neither_match_nor_miss(void **state)
{
	(void)state;
	char text[LIMIT_MATCH_BYTES];
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(find("(a+)+[bc]", text), -1);
}

static struct ruleset *compile(const char *name, struct diags *d)
{
	struct text_file f = { .path = name, .text = str_of(read_all(name)) };
	return ruleset_compile(&f, 1, RULESET_LINT, d);
}

static void read_text(struct match_scratch *s, struct arena *a,
    const struct match_ask *ask, struct norm *n, const char *text)
{
	norm_make(n, a, str_of(text), &ask->pack->lexicon);
	match_text(s, ask->pack, n);
}

static void ranking_veto_and_mood(void **state)
{
	(void)state;
	struct diags d = { 0 };
	struct ruleset *rs = compile("tests/cases/unit/match.json", &d);
	if (rs == NULL)
		fail_msg("%s:%d %s", d.v[0].path, d.v[0].pos.line, d.v[0].text);
	const struct pack *pack = &rs->packs[0];
	struct match_scratch *s = match_scratch_new();
	struct arena a = { 0 };
	struct norm n;
	struct candidate c[MATCH_CANDIDATES];
	struct match_ask ask = { .pack = pack, .norm = &n };
	match_scratch_begin(s, rs, 0);
	read_text(s, &a, &ask, &n, "resi paket saya mana");
	assert_int_equal(match_intents(s, &ask, c), 2);
	assert_string_equal(c[0].intent->name, "lacak");
	assert_true(c[0].score > c[1].score);
	assert_int_equal(c[0].n_evidence, 2);
	/* noisy or of .8 and .5 is .9; 3 of 4 words are explained */
	assert_true(c[0].score > 0.9 * 0.94 && c[0].score < 0.9 * 0.96);
	read_text(s, &a, &ask, &n, "resi palsu");
	assert_int_equal(match_intents(s, &ask, c), 1);
	ask.keep_vetoed = true;
	assert_int_equal(match_intents(s, &ask, c), 2);
	assert_non_null(c[1].veto);
	read_text(s, &a, &ask, &n, "aku kesal");
	assert_int_equal(match_mood(s, pack, &n).mood, MOOD_ANGRY);
	read_text(s, &a, &ask, &n, "aku tidak kesal");
	assert_int_equal(match_mood(s, pack, &n).mood, MOOD_NEUTRAL);
	read_text(s, &a, &ask, &n, "tidak, aku kesal");
	assert_int_equal(match_mood(s, pack, &n).mood, MOOD_ANGRY);
	struct match_value value;
	struct slot_ask number = { .slot = &pack->slots[0] };
	read_text(s, &a, &ask, &n, "nomor HG-00123 ya");
	assert_true(match_slot(s, &number, &n, &value));
	assert_true(str_is(value.original, "HG-00123"));
	assert_true(str_is(value.normal, "hg-00123"));
	read_text(s, &a, &ask, &n, "bukan nomor HG-00123 ya");
	assert_false(match_slot(s, &number, &n, &value));
	arena_clear(&a);
	match_scratch_free(s);
	ruleset_unref(&rs);
	diags_clear(&d);
}

static bool has_key(const struct schema_table *t, const char *key)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->fields[i].key, key) == 0)
			return true;
	return false;
}

static void same_keys(const json_t *object, const struct schema_table *t)
{
	json_t *props = json_object_get(object, "properties");
	const char *key;
	json_t *v;
	assert_non_null(props);
	json_object_foreach (props, key, v)
		if (!has_key(t, key))
			fail_msg("the schema's %s \"%s\" is unknown to the "
				 "loader",
			    t->name, key);
	for (size_t i = 0; i < t->n; i++)
		if (json_object_get(props, t->fields[i].key) == NULL)
			fail_msg("the schema lacks %s \"%s\"", t->name,
			    t->fields[i].key);
}

/* The part of the schema that a table of the loader stands for. */
static const json_t *schema_object(const json_t *schema, const char *name)
{
	const json_t *props = json_object_get(schema, "properties");
	if (strcmp(name, "file") == 0)
		return schema;
	if (strcmp(name, "persona") == 0 || strcmp(name, "calibration") == 0 ||
	    strcmp(name, "classifier") == 0 || strcmp(name, "detector") == 0 ||
	    strcmp(name, "business") == 0)
		return json_object_get(props, name);
	const json_t *definitions = json_object_get(schema, "definitions");
	if (strcmp(name, "wording") == 0) {
		const json_t *list = json_object_get(definitions, "wordings");
		const json_t *item = json_object_get(list, "items");
		return json_array_get(json_object_get(item, "anyOf"), 1);
	}
	if (strcmp(name, "threshold") == 0)
		return json_object_get(props, "thresholds");
	const json_t *object =
	    json_object_get(json_object_get(schema, "definitions"), name);
	if (strcmp(name, "pattern") == 0)
		return json_array_get(json_object_get(object, "anyOf"), 1);
	return object;
}

static void schema_file_and_loader_agree(void **state)
{
	(void)state;
	struct err e = ERR_NONE;
	struct json_pos at;
	json_t *schema = json_parse(
	    str_of(read_all("rules/rules.schema.json")), 16, &at, &e);
	assert_non_null(schema);
	json_t *props = json_object_get(schema, "properties");
	for (size_t i = 0; i < n_schema_tables; i++)
		same_keys(schema_object(schema, schema_tables[i].name),
		    &schema_tables[i]);
	for (size_t i = 0; i < n_schema_intent_tables; i++)
		same_keys(schema_object(schema, schema_intent_tables[i].name),
		    &schema_intent_tables[i]);
	for (size_t i = 0; i < n_schema_slot_tables; i++)
		same_keys(schema_object(schema, schema_slot_tables[i].name),
		    &schema_slot_tables[i]);
	json_t *phrases =
	    json_object_get(json_object_get(props, "phrases"), "properties");
	assert_int_equal(json_object_size(phrases), n_phrase_kinds);
	for (size_t i = 0; i < n_phrase_kinds; i++)
		assert_non_null(json_object_get(phrases, phrase_kinds[i].key));
	json_decref(schema);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(concepts_are_written_out_once),
	cmocka_unit_test(roots_find_their_affixed_forms),
	cmocka_unit_test(patterns_keep_to_word_edges),
	cmocka_unit_test(limits_are_neither_match_nor_miss),
	cmocka_unit_test(ranking_veto_and_mood),
	cmocka_unit_test(schema_file_and_loader_agree),
};
RUN(tests)
