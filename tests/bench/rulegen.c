/* Rules and messages out of a random number generator: words of syllables,
 * patterns as authors write them. */
#include "bench/rulegen.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>

enum { WORDS_EACH = 4, CONCEPTS = 40, FILE_INTENTS = 2000 };

/* As many words as so many intents need to be told apart. */
static uint32_t words_in(const struct rulegen *g)
{
	return (uint32_t)g->intents * WORDS_EACH;
}

/* Word number i: two to four syllables. */
static void add_word(struct buf *out, uint32_t i)
{
	static const char *const syllables[] = { "ba", "ki", "rim", "su", "tan",
		"lo", "me", "pa", "ket", "ja", "dur", "ni", "go", "sel", "wa",
		"tu", "ro", "des", "yi", "ku" };
	unsigned n = 3 + i % 3;
	struct rng r = { i * 2654435761u + 17 };
	for (unsigned k = 0; k < n; k++)
		buf_addz(out, syllables[rng_below(&r, HG_COUNT(syllables))]);
	if (i % 5 == 0)
		buf_addc(out, (char)('a' + i % 26));
}

static void any_word(struct rulegen *g, struct buf *out)
{
	add_word(out, rng_below(&g->rng, words_in(g)));
}

/* A pattern that asks for words a and b. */
static void add_pattern(
    struct rulegen *g, struct buf *out, uint32_t a, uint32_t b)
{
	if (rng_below(&g->rng, 1000) < g->literal_less) {
		buf_addz(out, rng_below(&g->rng, 2) != 0
				  ? "\\\\d{6,9} [a-f]{9}"
				  : "[xz]\\\\w{11} \\\\d+");
		return;
	}
	struct buf x = { 0 }, y = { 0 }, z = { 0 };
	add_word(&x, a);
	add_word(&y, b);
	any_word(g, &z);
	switch (rng_below(&g->rng, 8)) {
	case 0:
		buf_addf(out, "%s ... %s", x.p, y.p);
		break;
	case 1:
		buf_addf(out, "(%s|%s) %s", x.p, z.p, y.p);
		break;
	case 2:
		buf_addf(out, "~%s ... %s", x.p, y.p);
		break;
	case 3:
		buf_addf(out, "@c%u ... %s", a % CONCEPTS, y.p);
		break;
	case 4:
		buf_addf(out, "%s( %s)? %s(nya|ku)?", x.p, z.p, y.p);
		break;
	case 5:
		buf_addf(out, "%s (?!%s)\\\\w+|%s %s", x.p, z.p, x.p, y.p);
		break;
	case 6:
		buf_addf(out, "^(%s )?%s ... [%c%c]%s", z.p, x.p, y.p[0],
		    z.p[0], y.p + 1);
		break;
	default:
		buf_addf(out, "%s %s", x.p, y.p);
	}
	buf_clear(&x);
	buf_clear(&y);
	buf_clear(&z);
}

/* The two words that intent i is about. */
static void words_of(
    const struct rulegen *g, size_t i, uint32_t *a, uint32_t *b)
{
	struct rng r = { i * 7919 + 3 };
	*a = rng_below(&r, words_in(g));
	*b = rng_below(&r, words_in(g));
}

static void add_intent(struct rulegen *g, struct buf *out, size_t i)
{
	uint32_t a, b;
	words_of(g, i, &a, &b);
	buf_addf(
	    out, "\"i%zu\": { \"title\": \"t%zu\", \"patterns\": [ ", i, i);
	unsigned n = 1 + rng_below(&g->rng, 3);
	for (unsigned k = 0; k < n; k++) {
		buf_addf(out, "%s{ \"weight\": 0.%u, \"match\": \"",
		    k > 0 ? ", " : "", 3 + rng_below(&g->rng, 7));
		add_pattern(g, out, a, k == 1 ? a : b);
		buf_addz(out, "\" }");
	}
	buf_addz(out, " ], \"unless\": [ \"");
	any_word(g, out);
	buf_addz(out, "\" ], \"replies\": { \"default\": [ \"ok\" ] } }");
}

static void add_file(struct rulegen *g, struct buf *out, size_t from, size_t to)
{
	buf_addz(out, "{ \"language\": \"id\", ");
	if (from == 0) {
		buf_addz(out, "\"concepts\": { ");
		for (unsigned c = 0; c < CONCEPTS; c++) {
			buf_addf(out, "%s\"c%u\": [ \"", c > 0 ? ", " : "", c);
			any_word(g, out);
			buf_addz(out, "\", \"~");
			any_word(g, out);
			buf_addz(out, "\", \"(x|");
			any_word(g, out);
			buf_addz(out, ")\" ]");
		}
		buf_addz(out, " }, ");
	}
	buf_addz(out, "\"intents\": { ");
	for (size_t i = from; i < to; i++) {
		if (i > from)
			buf_addz(out, ",\n");
		add_intent(g, out, i);
	}
	buf_addz(out, " } }");
}

static void read_base(struct buf *out)
{
	struct buf path = { 0 };
	const char *top = getenv("top_srcdir");
	buf_addf(
	    &path, "%s/tests/cases/base/pack.json", top != NULL ? top : ".");
	FILE *f = fopen(path.p, "re");
	char chunk[4096];
	size_t n;
	if (f == NULL) {
		fprintf(stderr, "%s: cannot be opened\n", path.p);
		exit(1);
	}
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0)
		buf_add(out, chunk, n);
	(void)fclose(f); /* read only */
	buf_clear(&path);
}

struct ruleset *rulegen_compile(struct rulegen *g)
{
	size_t n = 1 + (g->intents + FILE_INTENTS - 1) / FILE_INTENTS;
	struct buf *texts = xcalloc(n, sizeof(*texts));
	struct text_file *files = xcalloc(n, sizeof(*files));
	read_base(&texts[0]);
	for (size_t i = 1; i < n; i++) {
		size_t to = i * FILE_INTENTS;
		add_file(g, &texts[i], (i - 1) * FILE_INTENTS,
		    to < g->intents ? to : g->intents);
	}
	for (size_t i = 0; i < n; i++)
		files[i] = (struct text_file){ .path = "generated.json",
			.text = buf_str(&texts[i]) };
	struct diags d = { 0 };
	struct ruleset *rs = ruleset_compile(files, n, RULESET_RUN, &d);
	if (rs == NULL) {
		fprintf(stderr, "generated rules: %d:%d %s\n", d.v[0].pos.line,
		    d.v[0].pos.col, d.v[0].text);
		exit(1);
	}
	diags_clear(&d);
	for (size_t i = 0; i < n; i++)
		buf_clear(&texts[i]);
	free(texts);
	free(files);
	return rs;
}

void rulegen_message(struct rulegen *g, struct buf *out)
{
	unsigned n = 3 + rng_below(&g->rng, 9), at = rng_below(&g->rng, n);
	bool hit = rng_below(&g->rng, 4) != 0;
	uint32_t a, b;
	words_of(g, rng_below(&g->rng, (uint32_t)g->intents), &a, &b);
	for (unsigned k = 0; k < n; k++) {
		if (k > 0)
			buf_addc(out, ' ');
		if (hit && k == at) {
			add_word(out, a);
			buf_addc(out, ' ');
			if (rng_below(&g->rng, 3) == 0) {
				any_word(g, out);
				buf_addc(out, ' ');
			}
			add_word(out, b);
		} else {
			any_word(g, out);
		}
	}
}
