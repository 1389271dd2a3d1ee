#ifndef HG_TESTS_RULES_FIXTURE_H
#define HG_TESTS_RULES_FIXTURE_H

/* A small ruleset to match messages with. */
#include "rules/match.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

/* The small pack all tests build on, for a language. */
static const char *base_text(const char *lang)
{
	static char text[16 * 1024];
	char path[512];
	const char *top = getenv("top_srcdir");
	(void)snprintf(path, sizeof(path), "%s/tests/cases/base/pack.json",
	    top != NULL ? top : ".");
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = '\0';
	fclose(f);
	char *at = strstr(text, "\"language\": \"id\"");
	assert_non_null(at);
	memcpy(at + 13, lang, 2);
	return text;
}

struct fixture {
	struct ruleset *rs;
	struct match_scratch *scratch;
	struct arena a;
	struct candidate c[MATCH_CANDIDATES];
	struct norm norm;
	size_t n;
};

/* base < first < second, each a directory of its own; second may be NULL. */
static void load(
    struct fixture *f, const char *lang, const char *first, const char *second)
{
	struct text_file files[] = {
		{ .path = "0/base.json", .text = str_of(base_text(lang)) },
		{ .path = "1/first.json", .text = str_of(first), .dir = 1 },
		{ .path = "2/second.json", .text = str_of(second), .dir = 2 },
	};
	struct diags d = { 0 };
	*f = (struct fixture){ .rs = ruleset_compile(files,
				   second != NULL ? 3 : 2, RULESET_RUN, &d),
		.scratch = match_scratch_new() };
	if (f->rs == NULL)
		fail_msg("%s:%d %s", d.v[0].path, d.v[0].pos.line, d.v[0].text);
	diags_clear(&d);
}

static void unload(struct fixture *f)
{
	match_scratch_free(f->scratch);
	arena_clear(&f->a);
	ruleset_unref(&f->rs);
}

static const char *best(struct fixture *f, const char *text,
    const struct recent_intent *recent, size_t n_recent)
{
	struct match_ask ask = { .pack = &f->rs->packs[0],
		.norm = &f->norm,
		.recent = recent,
		.n_recent = n_recent };
	match_scratch_begin(f->scratch, f->rs, 0);
	norm_make(&f->norm, &f->a, str_of(text), &ask.pack->lexicon);
	match_text(f->scratch, ask.pack, &f->norm);
	f->n = match_intents(f->scratch, &ask, f->c);
	return f->n > 0 ? f->c[0].intent->name : "none";
}

#endif
