/* Any bytes as a rule file over a small good pack: errors with a place, or a
 * ruleset that can be linted and matched. */
#include "fuzz/fuzz.h"
#include "rules/lint.h"

static void use(const struct ruleset *rs, struct diags *d)
{
	/* without the attacks, which are slow and have a target of their own */
	struct lint_skip skip = { { "slow-pattern" }, 1 };
	ruleset_lint(rs, &skip, d);
	struct match_scratch *s = match_scratch_new();
	struct arena a = { 0 };
	for (size_t i = 0; i < rs->n_packs; i++) {
		struct candidate c[MATCH_CANDIDATES];
		struct norm norm;
		struct match_ask ask = { .pack = &rs->packs[i], .norm = &norm };
		norm_make(&norm, &a, STR("halo paketku belum sampai 12"),
		    &ask.pack->lexicon);
		match_scratch_begin(s, rs, 0);
		match_text(s, ask.pack, &norm);
		size_t n = match_intents(s, &ask, c);
		for (size_t k = 0; k < n; k++)
			MUST(c[k].score >= 0 && c[k].score <= 1);
		(void)match_mood(s, ask.pack, &norm); /* must only not crash */
	}
	arena_clear(&a);
	match_scratch_free(s);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char *base;
	static size_t n;
	if (base == NULL)
		base = fuzz_read("tests/cases/base/pack.json", &n);
	/* a first byte 't' makes the rest a table beside it */
	bool table = size > 0 && data[0] == 't';
	static const char decl[] =
	    "{ \"language\": \"any\", \"tables\": { \"t\": { \"key\": \"id\", "
	    "\"required\": [ \"a\" ] } } }";
	struct text_file files[] = {
		{ .path = "base.json", .text = { base, n } },
		{ .path = "tables.json", .text = str_of(decl), .dir = 1 },
		{ .path = table ? "tables/t.csv" : "fuzz.json",
		    .text = { (const char *)data + (table ? 1 : 0),
			size - (table ? 1 : 0) },
		    .dir = 1,
		    .table = table ? "t" : NULL },
	};
	struct diags d = { 0 };
	struct ruleset *rs = ruleset_compile(files, 3, RULESET_LINT, &d);
	MUST((rs == NULL) == (d.errors > 0));
	for (size_t i = 0; i < d.n; i++)
		MUST(d.v[i].pos.line >= 1 && d.v[i].pos.col >= 1);
	if (rs != NULL)
		use(rs, &d);
	ruleset_unref(&rs);
	diags_clear(&d);
	return 0;
}
