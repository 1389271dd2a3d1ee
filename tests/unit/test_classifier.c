/* rules: the pieces of a message, what a classifier makes of them, and how that
 * goes together with patterns. */
#include "rules/blend.h"
#include "unit/rules_fixture.h"

#include <math.h>

/* Two intents that no pattern of these tests speaks for, one that a pattern
 * does, one that the classifier was not taught.  Rarity 1; a weight of 20 steps
 * of 0.5 is as good as certain. */
#define R "\"replies\": { \"default\": [ \"ok\" ] }"
#define CLASSIFIER                                                             \
	"\"classifier\": { \"trained_on\": [ \"x\" ], \"rows\": 9, \"step\": " \
	"0.5, \"unheard\": 1, \"classes\": [ \"out_of_scope\", \"refund\", "   \
	"\"hours\" ], "                                                        \
	"\"bias\": [ 1, -4, -4 ], \"pieces\": [ \"uang d.t.~*_uan d.t.~jam "   \
	"d..t~kereta dtTT~entah d|..\" ] }"

static const char rules[] =
    "{ \"language\": \"id\", " CLASSIFIER ", \"intents\": {"
    "\"refund\": { \"title\": \"r\", " R ", \"patterns\": [ \"refund\" ], "
    "\"unless\": [ \"pinjam\" ] },"
    "\"hours\": { \"title\": \"h\", " R ", \"patterns\": [ { \"match\": "
    "\"buka\", \"weight\": 0.9 } ] },"
    "\"later\": { \"title\": \"l\", " R ", \"patterns\": [ \"terus\" ], "
    "\"after\": [ \"refund\" ] },"
    "\"own\": { \"title\": \"o\", " R ", \"patterns\": [ { \"match\": "
    "\"parkir\", \"weight\": 0.9 } ] } } }";

static void letters_are_steps(void **state)
{
	(void)state;
	struct classifier_letters l;
	size_t n = 0;
	classifier_letters(&l);
	for (int i = -CLASSIFIER_LEVELS; i <= CLASSIFIER_LEVELS; i++) {
		unsigned char c = (unsigned char)classifier_letter(i);
		assert_true(l.known[c]);
		assert_int_equal(l.steps[c], i);
	}
	for (size_t i = 0; i < HG_COUNT(l.known); i++)
		n += l.known[i];
	assert_int_equal(n, 2 * CLASSIFIER_LEVELS + 1); /* each its own */
	assert_false(l.known['\0'] || l.known['"'] || l.known['\\']);
	assert_false(l.known[' '] || l.known[PIECES_SEPARATOR]);
}

static void lines_hold_pieces(void **state)
{
	(void)state;
	struct str line = STR("uang d.t.~^ uang a~bau & gas Zb~bare"), piece,
		   letters;
	struct classifier_letters l;
	classifier_letters(&l);
	static const char *const want[][2] = { { "uang", "d.t." },
		{ "^ uang", "a" }, { "bau & gas", "Zb" }, { "", "bare" } };
	for (size_t i = 0; i < HG_COUNT(want); i++) {
		assert_true(classifier_next(&line, &piece, &letters));
		assert_true(str_is(piece, want[i][0]));
		assert_true(str_is(letters, want[i][1]));
	}
	assert_false(classifier_next(&line, &piece, &letters));
	assert_true(classifier_fits(&l, STR("d.t."), 4, 1));
	assert_false(classifier_fits(&l, STR(".dt."), 4, 1)); /* rarity */
	assert_false(classifier_fits(&l, STR("d.t"), 4, 1));
	assert_false(classifier_fits(&l, STR("d.t~"), 4, 1));
	assert_false(classifier_fits(&l, STR(""), 0, 1));
}

struct pieces {
	char text[4096];
};

static void note(void *arg, enum ngram_kind kind, struct str piece)
{
	struct pieces *p = arg;
	size_t n = strlen(p->text);
	(void)snprintf(p->text + n, sizeof(p->text) - n, "%s%.*s|",
	    kind == NGRAM_LETTERS ? "~" : "", STR_ARG(piece)); /* fits */
}

static void pieces_of_a_message(void **state)
{
	(void)state;
	struct lexicon none = { 0 };
	struct arena a = { 0 };
	struct norm norm;
	struct pieces p = { "" };
	norm_make(&norm, &a, STR("ab c\xc3\xa9 9815-22x"), &none);
	ngram_each(&norm, note, &p);
	assert_string_equal(p.text,
	    "^ ab|ab|ab c\xc3\xa9|ab * 0-0x|c\xc3\xa9|c\xc3\xa9 0-0x|0-0x|0-0x "
	    "$|"
	    "~*_ab|~*_ab_|~*ab_|~*_c\xc3\xa9|~*_c\xc3\xa9_|~*c\xc3\xa9_|"
	    "~*_0-|~*_0-0|~*0-0|~*0-0x|~*-0x|~*-0x_|~*0x_|");
	p.text[0] = '\0';
	norm_make(&norm, &a, STR("?!"), &none);
	ngram_each(&norm, note, &p);
	assert_string_equal(p.text, "");
	arena_clear(&a);
	lexicon_clear(&none);
}

static void shares_are_one_whole(void **state)
{
	(void)state;
	struct fixture f;
	load(&f, "id", rules, NULL);
	const struct classifier *k = f.rs->packs[0].classifier;
	struct words_say said;
	static const char *const texts[] = { "", "zzz", "uang jam", "kereta" };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		double sum = 0;
		norm_make(
		    &f.norm, &f.a, str_of(texts[i]), &f.rs->packs[0].lexicon);
		words_read(&f.rs->packs[0], &f.norm, &said);
		for (size_t c = 0; c < k->n_classes; c++)
			sum += said.share[c];
		assert_true(sum > 0.999 && sum < 1.001);
	}
	norm_make(&f.norm, &f.a, STR("uang"), &f.rs->packs[0].lexicon);
	words_read(&f.rs->packs[0], &f.norm, &said);
	assert_true(said.share[1] > 0.5 && said.share[2] < 0.1);
	/* who is sure of nothing leaves it to none, however little that has */
	norm_make(&f.norm, &f.a, STR("entah"), &f.rs->packs[0].lexicon);
	words_read(&f.rs->packs[0], &f.norm, &said);
	assert_true(said.alone[k->none] < 0.001 && said.share[k->none] > 0.5);
	assert_true(said.share[1] < 0.25 && said.share[2] < 0.25);
	norm_make(&f.norm, &f.a, STR("uang"), &f.rs->packs[0].lexicon);
	struct telling t;
	classifier_telling(k, &f.norm, 1, &t);
	assert_int_equal(t.n, 1);
	assert_true(str_is(t.v[0].piece, "uang"));
	classifier_telling(k, &f.norm, 2, &t);
	assert_int_equal(t.n, 0);
	unload(&f);
}

static void words_and_patterns(void **state)
{
	(void)state;
	struct fixture f;
	load(&f, "id", rules, NULL);
	static const struct {
		const char *text, *want;
	} table[] = {
		{ "uang", "refund" },           /* words alone */
		{ "refund", "refund" },         /* a pattern alone */
		{ "jam", "hours" },             /* words alone */
		{ "buka jam", "hours" },        /* both */
		{ "pinjam uang", "none" },      /* words, vetoed */
		{ "pinjam uang jam", "hours" }, /* a veto is for one */
		{ "parkir", "own" },            /* never taught */
		{ "parkir uang", "own" },       /* against words of another */
		{ "kereta buka jam", "hours" },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(best(&f, table[i].text, NULL, 0), table[i].want) !=
		    0)
			fail_msg("\"%s\" is %s, not %s", table[i].text,
			    best(&f, table[i].text, NULL, 0), table[i].want);
	(void)best(&f, "buka jam", NULL, 0);
	double both = f.c[0].score;
	(void)best(&f, "jam", NULL, 0);
	assert_true(both > f.c[0].score && f.c[0].n_evidence == 0);
	(void)best(&f, "buka", NULL, 0);
	double alone = f.c[0].score;
	assert_string_equal(best(&f, "kereta buka", NULL, 0), "hours");
	assert_true(f.c[0].score < alone && alone < both);
	unload(&f);
}

/* In a story words that are clear overrule an `unless`, but not a shop's own,
 * nor a refusal. */
static void stories_overrule_vetoes(void **state)
{
	(void)state;
	static const char shipped[] =
	    "{ \"language\": \"id\", \"classifier\": { \"trained_on\": "
	    "[ \"x\" ], \"rows\": 9, \"step\": 5, \"unheard\": 1, "
	    "\"classes\": [ \"out_of_scope\", \"refund\" ], \"bias\": "
	    "[ -1, -4 ], \"pieces\": [ \"uang d.S~duit d.b\" ] }, "
	    "\"refusals\": [ \"bukan mau\" ], \"intents\": {"
	    "\"refund\": { \"title\": \"r\", " R ", \"patterns\": "
	    "[ \"minta uang\" ], \"unless\": [ \"pinjam\" ] } } }";
	static const char own[] =
	    "{ \"language\": \"id\", \"intents\": { \"refund\": { \"add\": "
	    "{ \"unless\": [ \"sendok\" ] } } } }";
#define STORY "a b c d e f g h i j k l m "
	static const struct {
		const char *text;
		bool found;
		const char *overruled;
	} rows[] = {
		{ STORY "uang pinjam", true, "pinjam" }, /* words alone */
		{ STORY "minta uang pinjam", true, "pinjam" },
		{ "k l m uang pinjam", false, NULL },       /* no story */
		{ STORY "minta duit pinjam", false, NULL }, /* not clear */
		{ STORY "uang sendok", false, NULL },       /* the shop's own */
		{ STORY "uang pinjam sendok", false, NULL }, /* both */
		{ STORY "bukan mau minta uang", false, NULL },
		{ STORY "o uang", true, NULL }, /* nothing to overrule */
	};
	struct fixture f;
	load(&f, "id", shipped, own);
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		bool found =
		    strcmp(best(&f, rows[i].text, NULL, 0), "refund") == 0 &&
		    f.c[0].score > 0.3;
		if (found != rows[i].found)
			fail_msg("\"%s\" is %sfound", rows[i].text,
			    found ? "" : "not ");
		if (!found)
			continue;
		const struct pattern *o = f.c[0].overruled;
		assert_true((o != NULL) == (rows[i].overruled != NULL));
		if (o != NULL)
			assert_string_equal(o->source, rows[i].overruled);
	}
	unload(&f);
}

/* What is refused is not asked for, and words beside it name nothing. */
static void refusals_are_not_heard_by_words(void **state)
{
	(void)state;
	struct fixture f;
	static const char refusing[] =
	    "{ \"language\": \"id\", \"refusals\": [ \"bukan mau\" ] }";
	load(&f, "id", rules, refusing);
	assert_string_equal(best(&f, "bukan mau refund", NULL, 0), "none");
	assert_string_equal(
	    best(&f, "bukan mau refund uang jam", NULL, 0), "none");
	assert_string_equal(
	    best(&f, "bukan mau refund uang buka", NULL, 0), "hours");
	unload(&f);
}

/* An intent of the shop's own that is hardly matched wins nothing, neither as
 * the first nor as a second request; vetoed, it takes nothing away. */
static void never_taught_needs_its_patterns(void **state)
{
	(void)state;
	struct fixture f;
	static const char own[] =
	    "{ \"language\": \"id\", \"intents\": { \"gift\": { \"title\": "
	    "\"g\", \"replies\": { \"default\": [ \"ok\" ] }, \"patterns\": [ "
	    "{ \"match\": \"paris\", \"weight\": 0.1 } ], \"unless\": [ "
	    "\"kado\" ] } } }";
	load(&f, "id", rules, own);
	const struct pack *pack = &f.rs->packs[0];
	assert_string_equal(best(&f, "buka jam paris", NULL, 0), "hours");
	assert_null(match_also(pack, f.c, f.n, &f.c[0]));
	assert_string_equal(best(&f, "buka jam roma kado", NULL, 0), "hours");
	double plain = f.c[0].score;
	assert_string_equal(best(&f, "buka jam paris kado", NULL, 0), "hours");
	assert_true(f.c[0].score > plain - 0.05);
	(void)best(&f, "kereta paris", NULL, 0);
	assert_true(f.n == 0 || f.c[0].score < 0.2);
	unload(&f);
}

/* A shop does without refunds: what was one is not taken for something else. */
static void switched_off_keeps_its_part(void **state)
{
	(void)state;
	struct fixture f;
	static const char off[] = "{ \"language\": \"id\", \"intents\": { "
				  "\"refund\": { \"off\": true } } }";
	load(&f, "id", rules, off);
	assert_string_equal(best(&f, "uang", NULL, 0), "none");
	assert_string_equal(best(&f, "jam", NULL, 0), "hours");
	unload(&f);
}

static double danger_alone(struct fixture *f, const char *text)
{
	(void)best(f, text, NULL, 0);
	for (size_t i = 0; i < f->n; i++)
		if (f->c[i].intent->role == ROLE_CRISIS)
			return f->c[i].alone;
	return 0;
}

/* What else a message is about takes nothing from danger, nor does a refusal.
 */
static void danger_stands_alone(void **state)
{
	(void)state;
	struct fixture f;
	static const char taught[] =
	    "{ \"language\": \"id\", \"refusals\": [ \"bukan mau\" ], "
	    "\"classifier\": { \"trained_on\": [ \"x\" ], \"rows\": 9, "
	    "\"step\": 0.5, \"unheard\": 1, \"classes\": [ "
	    "\"out_of_scope\", \"refund\", \"crisis\" ], \"bias\": [ 1, "
	    "-4, -4 ], \"pieces\": [ \"uang d.t.~luka d..t\" ] } }";
	load(&f, "id", rules, taught);
	double one = danger_alone(&f, "luka");
	assert_true(one > 0.8);
	(void)best(&f, "uang luka refund", NULL, 0);
	assert_string_equal(f.c[0].intent->name, "refund");
	double beside = danger_alone(&f, "uang luka refund");
	assert_true(beside > 0.3);
	assert_true(danger_alone(&f, "bukan mau refund luka") > 0.1);
	assert_true(danger_alone(&f, "uang") < 0.1);
	unload(&f);
	load(&f, "id", "{ \"language\": \"id\" }", NULL);
	double matched = danger_alone(&f, "darurat");
	assert_true(matched > 0.5 && matched == f.c[0].matched);
	unload(&f);
}

/* Bias -2, and of one kind with n pieces a weight of 10 is 10 / sqrt(n). */
#define DETECTOR                                                               \
	"\"detector\": { \"intent\": \"crisis\", \"trained_on\": [ \"x\" ], "  \
	"\"rows\": 9, \"step\": 0.5, \"bias\": -2, \"pieces\": [ \"luka "      \
	"t~bau & gas t~*_maw |\" ] }"

static const char knows_danger[] =
    "\"classifier\": { \"trained_on\": [ \"x\" ], \"rows\": 9, "
    "\"step\": 0.5, \"unheard\": 1, \"classes\": [ "
    "\"out_of_scope\", \"refund\", \"crisis\" ], \"bias\": [ 1, "
    "-4, -4 ], \"pieces\": [ \"uang d.t.~jatuh d..t\" ] }";

static void load_detector(struct fixture *f)
{
	char more[2048];
	(void)snprintf(more, sizeof(more),
	    "{ \"language\": \"id\", %s, " DETECTOR " }",
	    knows_danger); /* fits */
	load(f, "id", rules, more);
}

static void a_detector_adds_up_pieces(void **state)
{
	(void)state;
	struct fixture f;
	load_detector(&f);
	const struct pack *pack = &f.rs->packs[0];
	static const struct {
		const char *text;
		double odds;
	} table[] = {
		{ "", -2 },
		{ "zzz", -2 },
		/* words: luka, "^ luka", "luka $" */
		{ "luka", -2 + 10 / 1.7320508 },
		{ "luka luka", -2 + 10 / 2. }, /* and "luka luka"; once each */
		{ "gas bau", -2 + 10 },        /* one pair together... */
		{ "bau ini gas", -2 + 10 / 1.7320508 }, /* ...one of three */
		/* 9 runs of letters, one of them against it */
		{ "mawar", -2 - 22 / 3. },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		norm_make(&f.norm, &f.a, str_of(table[i].text), &pack->lexicon);
		double p = detector_read(pack->detector, &f.norm);
		double want = 1 / (1 + exp(-table[i].odds));
		if (fabs(p - want) > 1e-6)
			fail_msg("\"%s\": %f, not %f", table[i].text, p, want);
	}
	struct telling t;
	norm_make(&f.norm, &f.a, STR("bau gas luka"), &pack->lexicon);
	detector_telling(pack->detector, &f.norm, &t);
	assert_int_equal(t.n, 2);
	assert_true(str_is(t.v[0].piece, "bau & gas"));
	assert_true(str_is(t.v[1].piece, "luka"));
	unload(&f);
}

/* What is drowned by the rest is heard in its part. */
static void a_detector_hears_parts(void **state)
{
	(void)state;
	struct fixture f;
	load_detector(&f);
	const struct pack *pack = &f.rs->packs[0];
	static const struct {
		const char *text, *part; /* NULL: none */
	} table[] = {
		{ "mawar itu. luka di kaki", "luka di kaki" },
		{ "luka di kaki, mawar itu", "luka di kaki" },
		{ "mawar itu luka di kaki", NULL }, /* one part */
		{ "mawar ini merah, luka kaki", "mawar ini merah" },
		{ "mawar itu, luka kaki", NULL }, /* parts of two words */
		/* two beside each other */
		{ "mawar itu, bau sekali, gas", "bau sekali, gas" },
		{ "mawar, bau sekali, gas, mawar", "bau sekali, gas" },
		/* no punctuation: twelve words, from every third on */
		{ "mawar b c d e f g h i j k luka", NULL },
		{ "mawar b c d e f g h i j k l luka",
		    "d e f g h i j k l luka" },
		{ "mawar b c mawar e f luka h i j k l m n o mawar q r mawar",
		    "luka h i j k l m n o mawar q r" },
		{ "", NULL },
	};
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++) {
		double want = 0;
		if (table[i].part != NULL) {
			norm_make(&f.norm, &f.a, str_of(table[i].part),
			    &pack->lexicon);
			want = detector_read(pack->detector, &f.norm);
			assert_true(want > 0);
		}
		norm_make(&f.norm, &f.a, str_of(table[i].text), &pack->lexicon);
		double p = detector_read_parts(pack->detector, &f.norm);
		if (fabs(p - want) > 1e-9)
			fail_msg("\"%s\": %f, not %f", table[i].text, p, want);
	}
	unload(&f);
}

/* What is feared takes nothing from what else a message is about, and the
 * classifier's own opinion of danger does not count any more. */
static void a_detector_is_no_rival(void **state)
{
	(void)state;
	struct fixture f;
	char without[2048];
	(void)snprintf(without, sizeof(without), "{ \"language\": \"id\", %s }",
	    knows_danger); /* fits */
	load(&f, "id", rules, without);
	assert_string_equal(best(&f, "uang luka", NULL, 0), "refund");
	double before = f.c[0].score;
	assert_true(danger_alone(&f, "jatuh") > 0.5);
	unload(&f);
	load_detector(&f);
	assert_true(danger_alone(&f, "jatuh") < 0.2);
	assert_true(danger_alone(&f, "uang luka") > 0.7);
	assert_true(danger_alone(&f, "bukan mau refund luka") > 0.5);
	(void)best(&f, "uang luka", NULL, 0);
	for (size_t i = 0; i < f.n; i++)
		if (f.c[i].intent->role == ROLE_CRISIS)
			assert_true(f.c[i].share > 0.3);
		else if (strcmp(f.c[i].intent->name, "refund") == 0)
			assert_true(fabs(f.c[i].score - before) < 1e-9);
	unload(&f);
}

/* The largest weights that a file may hold still give numbers. */
static void no_weight_is_too_large(void **state)
{
	(void)state;
	static const char wild[] =
	    "{ \"language\": \"id\", \"classifier\": { \"trained_on\": [ "
	    "\"x\" ], \"rows\": 9, \"step\": 10, \"unheard\": 100, "
	    "\"classes\": [ \"out_of_scope\", \"refund\", \"hours\", "
	    "\"crisis\" ], \"bias\": [ -100, -100, -100, 100 ], "
	    "\"pieces\": [ \"uang a||||~jam aSSSS\" ] }, "
	    "\"detector\": { \"intent\": \"crisis\", \"trained_on\": [ "
	    "\"x\" ], \"rows\": 9, \"step\": 10, \"bias\": -100, "
	    "\"pieces\": [ \"uang |~^ uang |~uang $ |~jam S\" ] } }";
	static const char *const texts[] = { "uang", "jam", "uang uang jam",
		"buka", "darurat", "darurat uang", "darurat jam", "" };
	struct fixture f;
	load(&f, "id", rules, wild);
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		(void)best(&f, texts[i], NULL, 0);
		for (size_t c = 0; c < f.n; c++)
			assert_true(f.c[c].score >= 0 && f.c[c].score <= 1 &&
				    f.c[c].alone >= 0 && f.c[c].alone <= 1 &&
				    f.c[c].share >= 0 && f.c[c].share <= 1 &&
				    f.c[c].confidence >= 0 &&
				    f.c[c].confidence <= 1);
	}
	unload(&f);
}

/* "And then?" is heard by what was said before, whatever its words. */
static void follow_ups_stand(void **state)
{
	(void)state;
	struct fixture f;
	load(&f, "id", rules, NULL);
	struct recent_intent recent = { "refund", 1 };
	assert_string_equal(best(&f, "terus jam", NULL, 0), "hours");
	assert_string_equal(best(&f, "terus jam", &recent, 1), "later");
	unload(&f);
}

static void patterns_alone_when_asked(void **state)
{
	(void)state;
	struct fixture f;
	load(&f, "id", rules, NULL);
	const struct pack *pack = &f.rs->packs[0];
	(void)best(&f, "buka uang", NULL, 0);
	assert_int_equal(f.n, 2);
	size_t n = match_by_patterns(pack, f.c, f.n);
	assert_int_equal(n, 1);
	assert_string_equal(f.c[0].intent->name, "hours");
	assert_true(f.c[0].score > 0.5 && f.c[0].confidence > 0.5);
	unload(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(letters_are_steps),
		cmocka_unit_test(lines_hold_pieces),
		cmocka_unit_test(pieces_of_a_message),
		cmocka_unit_test(shares_are_one_whole),
		cmocka_unit_test(a_detector_adds_up_pieces),
		cmocka_unit_test(a_detector_hears_parts),
		cmocka_unit_test(a_detector_is_no_rival),
		cmocka_unit_test(words_and_patterns),
		cmocka_unit_test(stories_overrule_vetoes),
		cmocka_unit_test(refusals_are_not_heard_by_words),
		cmocka_unit_test(never_taught_needs_its_patterns),
		cmocka_unit_test(switched_off_keeps_its_part),
		cmocka_unit_test(danger_stands_alone),
		cmocka_unit_test(no_weight_is_too_large),
		cmocka_unit_test(follow_ups_stand),
		cmocka_unit_test(patterns_alone_when_asked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
