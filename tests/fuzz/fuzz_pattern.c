/* A pattern, a line end, a text: what compiles is matched within its limits,
 * and the prefilter never holds back a pattern that matches. */
#include "base/buf.h"
#include "fuzz/fuzz.h"
#include "rules/attack.h"
#include "rules/expand.h"
#include "rules/filter.h"
#include "rules/pattern.h"
#include "rules/words.h"

static bool pass(void *arg, struct str text)
{
	MUST(text.n <= LIMIT_MATCH_BYTES + 512u);
	++*(int *)arg;
	return true;
}

static void look(void *arg, struct str word)
{
	MUST(word.n > 0);
	++*(int *)arg;
}

static void try_pattern(struct str regex, struct str text)
{
	struct err e = ERR_NONE;
	struct pattern_code *code = pattern_compile(regex, &e);
	if (code == NULL) {
		MUST(e.text[0] != '\0');
		return;
	}
	struct arena a = { 0 };
	struct filter_builder *b = filter_builder_new();
	uint32_t clauses = 0;
	/* either answer is fine */
	(void)filter_builder_add(b, 0, rx_parse(&a, regex));
	struct filter *f = filter_build(b, &a, &clauses);
	filter_builder_free(b);
	struct filter_run run = { 0 };
	filter_run_ready(&run, 1, clauses);
	filter_text(f, &run, text);
	struct pattern p = { .code = code };
	const struct pattern *list[1] = { &p };
	struct ruleset rs = { .n_patterns = 1,
		.n_clauses = clauses,
		.patterns = list,
		.hash = 1 };
	struct match_scratch *s = match_scratch_new();
	struct span span = { 0, 0 };
	match_scratch_begin(s, &rs, 0);
	match_scratch_brute(s, true);
	int found = pattern_find(s, &p, text, 0, &span);
	if (found == 1) {
		MUST(span.from <= span.to && span.to <= text.n);
		MUST(filter_lets(&run, 0));
	}
	int n = 0;
	attack_each(rx_parse(&a, regex), pass, &n);
	MUST(n <= ATTACK_TEXTS);
	rx_words(rx_parse(&a, regex), true, look, &n);
	match_scratch_free(s);
	filter_run_clear(&run);
	pattern_code_unref(code);
	arena_clear(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct map concepts;
	static const char *entries[] = { "paket", "~kirim", "(a|b)c?", "@y" };
	static const char *more[] = { "x", "barang(ku)?" };
	static struct arena written; /* concepts, once */
	static struct concept x = {
		.name = "x", .entries = entries, .n = 4, .a = &written
	};
	static struct concept y = {
		.name = "y", .entries = more, .n = 2, .a = &written
	};
	if (concepts.n == 0) {
		(void)map_put(&concepts, STR("x"), &x); /* it is new */
		(void)map_put(&concepts, STR("y"), &y); /* it is new */
	}
	const uint8_t *cut = memchr(data, '\n', size);
	size_t n = cut != NULL ? (size_t)(cut - data) : size;
	if (memchr(data, '\0', n) != NULL)
		return 0; /* JSON texts hold no NUL */
	char *source = malloc(n + 1);
	MUST(source != NULL);
	if (n > 0)
		memcpy(source, data, n);
	source[n] = '\0';
	struct str text = { cut != NULL ? (const char *)cut + 1 : "",
		cut != NULL ? size - n - 1 : 0 };
	text = str_cut(text, LIMIT_MATCH_BYTES);
	struct buf regex = { 0 };
	struct err e = ERR_NONE;
	if (expand_pattern(source, &concepts, EXPAND_MATCH, true, &regex, &e) ==
	    0)
		try_pattern(buf_str(&regex), text);
	else
		MUST(e.text[0] != '\0');
	buf_clear(&regex);
	free(source);
	return 0;
}
