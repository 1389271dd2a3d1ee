/* Any message against the shipped rules: the same with and without the
 * prefilter, and no limit is hit. */
#include "fuzz/fuzz.h"
#include "rules/match.h"

#include <dirent.h>

static struct ruleset *rs;
static struct match_scratch *fast, *brute;

static void add_dir(struct text_file *files, size_t *n, const char *dir)
{
	char path[512];
	const char *top = getenv("top_srcdir");
	(void)snprintf(path, sizeof(path), "%s/%s", top != NULL ? top : ".",
	    dir); /* a path that is cut does not open */
	DIR *d = opendir(path);
	MUST(d != NULL);
	for (struct dirent *e; (e = readdir(d)) != NULL;) {
		size_t len = strlen(e->d_name);
		if (len < 5 || strcmp(e->d_name + len - 5, ".json") != 0 ||
		    strstr(e->d_name, "schema") != NULL)
			continue;
		char name[512];
		(void)snprintf(name, sizeof(name), "%s/%s", dir,
		    e->d_name); /* a path that is cut does not open */
		struct text_file *f = &files[(*n)++];
		*f = (struct text_file){ .path = "shipped.json" };
		f->text.p = fuzz_read(name, &f->text.n);
	}
	(void)closedir(d); /* read only */
}

static void load(void)
{
	static struct text_file files[128];
	size_t n = 0;
	add_dir(files, &n, "rules");
	add_dir(files, &n, "rules/common");
	add_dir(files, &n, "rules/id");
	add_dir(files, &n, "rules/en");
	struct diags d = { 0 };
	rs = ruleset_compile(files, n, RULESET_RUN, &d);
	MUST(rs != NULL);
	diags_clear(&d);
	fast = match_scratch_new();
	brute = match_scratch_new();
	match_scratch_brute(brute, true);
}

static size_t rank(struct match_scratch *s, const struct pack *pack,
    const struct norm *norm, struct candidate *c)
{
	struct match_ask ask = {
		.pack = pack, .norm = norm, .keep_vetoed = true
	};
	match_scratch_begin(s, rs, 0);
	match_text(s, pack, norm);
	size_t n = match_intents(s, &ask, c);
	for (size_t i = 0; i < pack->n_slots; i++) {
		const struct slot *slot = &pack->slots[i];
		struct slot_ask one = { .slot = slot, .asked = true };
		struct match_value v;
		char value[LIMIT_SLOT_BYTES];
		if (!match_slot(s, &one, norm, &v))
			continue;
		MUST(v.original.p >= norm->original.p &&
		     v.original.p + v.original.n <=
			 norm->original.p + norm->original.n);
		if (value_write(slot->form, &slot->words, v.original, v.normal,
			20000, value, sizeof(value)))
			MUST(value[0] != '\0');
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (rs == NULL)
		load();
	struct arena a = { 0 };
	struct str text = { (const char *)data, size };
	for (size_t p = 0; p < rs->n_packs; p++) {
		const struct pack *pack = &rs->packs[p];
		struct candidate x[MATCH_CANDIDATES], y[MATCH_CANDIDATES];
		struct norm norm;
		norm_make(&norm, &a, text, &pack->lexicon);
		size_t n = rank(fast, pack, &norm, x);
		struct mood_score mood = match_mood(fast, pack, &norm);
		size_t m = rank(brute, pack, &norm, y);
		struct mood_score same = match_mood(brute, pack, &norm);
		MUST(match_scratch_limit_hits(fast) == 0);
		MUST(n == m && mood.mood == same.mood &&
		     mood.strength == same.strength);
		for (size_t i = 0; i < n; i++)
			MUST(x[i].intent == y[i].intent &&
			     x[i].score == y[i].score &&
			     x[i].veto == y[i].veto && x[i].score >= 0 &&
			     x[i].score <= 1 && x[i].confidence >= 0 &&
			     x[i].confidence <= 1);
	}
	arena_clear(&a);
	return 0;
}
