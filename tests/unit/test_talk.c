/* talk: invariants that no wording may break, and saving. */
#include "base/mem.h"
#include "talk/talk.h"
#include "unit/unit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* The rules of these tests, and a file more or NULL. */
static struct ruleset *rules(const char *more)
{
	static char text[64 * 1024];
	char path[512];
	const char *top = getenv("top_srcdir");
	(void)snprintf(path, sizeof(path), "%s/tests/cases/unit/match.json",
	    top != NULL ? top : ".");
	FILE *f = fopen(path, "re");
	assert_non_null(f);
	size_t n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	struct text_file files[] = {
		{ .path = "match.json", .text = { text, n } },
		{ .path = "more.json",
		    .text = str_of(more != NULL ? more : ""),
		    .dir = 1 },
	};
	struct diags d = { 0 };
	struct ruleset *rs =
	    ruleset_compile(files, more != NULL ? 2 : 1, RULESET_RUN, &d);
	assert_non_null(rs);
	diags_clear(&d);
	return rs;
}

struct talker {
	struct ruleset *rs;
	struct match_scratch *scratch;
	struct conversation c;
	struct rng rng;
	struct desk_view desk;
	struct step step;
};

static void talker_init_with(struct talker *t, const char *more)
{
	*t = (struct talker){ .rs = rules(more),
		.scratch = match_scratch_new(),
		.rng = { 3 },
		.desk = {
		    .open = true, .agents = 1, .position = 1, .wait_ms = -1 } };
}

static void talker_init(struct talker *t)
{
	talker_init_with(t, NULL);
}

static void happens(struct talker *t, struct talk_event ev)
{
	struct talk_view view = { .rs = t->rs,
		.scratch = t->scratch,
		.desk = t->desk,
		.rng = &t->rng };
	step_clear(&t->step);
	talk_step(&t->c, &ev, &view, &t->step);
}

static void say(struct talker *t, const char *text)
{
	happens(t, (struct talk_event){ TALK_MESSAGE, str_of(text), NULL });
}

static void talker_clear(struct talker *t)
{
	step_clear(&t->step);
	match_scratch_free(t->scratch);
	ruleset_unref(&t->rs);
}

static void two_misses_bring_a_person(void **state)
{
	(void)state;
	struct talker t;
	talker_init(&t);
	say(&t, "xyzzy");
	assert_int_equal(t.step.reply.decision, DECISION_UNSURE);
	assert_false(t.step.opens_ticket);
	say(&t, "plugh");
	assert_true(t.step.opens_ticket);
	assert_int_equal(t.step.reason, REASON_UNSURE);
	assert_int_equal(t.c.holder, HOLDER_WAITING);
	say(&t, "plover");
	assert_false(t.step.opens_ticket);
	talker_clear(&t);
}

static void crisis_opens_a_ticket_even_when_one_is_open(void **state)
{
	(void)state;
	struct talker t;
	talker_init(&t);
	say(&t, "minta orang");
	assert_int_equal(t.step.reason, REASON_WISH);
	say(&t, "darurat");
	assert_true(t.step.opens_ticket);
	assert_int_equal(t.step.urgency, URGENCY_CRISIS);
	talker_clear(&t);
}

/* "gelap" is danger at 0.5, "luka" at 0.8.  There are no words to ask, so
 * what may be danger brings a person. */
static const char words_of_danger[] =
    "{ \"language\": \"id\", \"phrases\": { \"worry\": [ \"semoga aman\" ] }, "
    "\"classifier\": { \"trained_on\": [ \"x\" ], \"rows\": 9, \"step\": 0.5, "
    "\"unheard\": 1, \"classes\": [ \"out_of_scope\", \"crisis\" ], "
    "\"bias\": [ 1, -3.2 ], \"pieces\": [ \"gelap d.s~luka d.z\" ] } }";

static void resolve(struct talker *t)
{
	t->desk.danger = false;
	happens(t, (struct talk_event){ TALK_RESOLVED, STR(""), "Sari" });
}

/* What is faint brings a person, once for each ticket and without the reply for
 * danger; also to who waits for another reason. */
static void faint_danger_brings_a_person(void **state)
{
	(void)state;
	struct talker t;
	talker_init_with(&t, words_of_danger);
	say(&t, "gelap sekali ini");
	assert_int_equal(t.step.reply.decision, DECISION_UNSURE);
	assert_true(t.step.opens_ticket);
	assert_int_equal(t.step.reason, REASON_WORRY);
	assert_int_equal(t.step.urgency, URGENCY_UPSET);
	assert_true(strncmp(t.step.reply.text.p, "semoga aman", 11) == 0);
	t.desk.danger = true; /* as the desk says of that ticket */
	say(&t, "gelap sekali ini");
	assert_false(t.step.opens_ticket);
	resolve(&t);
	say(&t, "minta orang");
	assert_int_equal(t.step.reason, REASON_WISH);
	say(&t, "gelap sekali ini");
	assert_true(t.step.opens_ticket);
	assert_int_equal(t.step.reason, REASON_WORRY);
	talker_clear(&t);
	talker_init_with(&t, words_of_danger);
	say(&t, "luka"); /* one word says too little */
	assert_false(t.step.opens_ticket);
	talker_clear(&t);
}

/* While a person is on the way words do not call again; later they do. */
static void danger_that_comes_back_is_heard(void **state)
{
	(void)state;
	struct talker t;
	talker_init_with(&t, words_of_danger);
	say(&t, "luka sekali ini");
	assert_int_equal(t.step.reply.decision, DECISION_ANSWER);
	assert_int_equal(t.step.reason, REASON_CRISIS);
	t.desk.danger = true; /* as the desk says of that ticket */
	say(&t, "luka sekali ini");
	assert_false(t.step.opens_ticket);
	say(&t, "darurat"); /* a pattern does */
	assert_true(t.step.opens_ticket);
	resolve(&t);
	say(&t, "luka sekali ini");
	assert_true(t.step.opens_ticket);
	assert_int_equal(t.step.reason, REASON_CRISIS);
	resolve(&t);
	say(&t, "gelap sekali ini");
	assert_int_equal(t.step.reason, REASON_WORRY);
	talker_clear(&t);
	talker_init_with(&t, words_of_danger);
	say(&t, "gelap sekali ini");
	t.desk.danger = true;
	say(&t, "luka sekali ini"); /* what was faint becomes clear */
	assert_int_equal(t.step.reason, REASON_CRISIS);
	talker_clear(&t);
}

/* In a message of three words "redup" is danger at 0.05, "dingin" at 0.16,
 * "gelap" at 0.31, "jatuh" at 0.43, "luka" at 0.69; "paket saya" is a request;
 * "kebakaran" and "roboh" are seldom about anything else. */
static const char ways_of_danger[] =
    "{ \"language\": \"id\", \"phrases\": { \"worry\": [ \"semoga aman\" ], "
    "\"care\": [ \"boleh cerita\" ], \"check_in\": [ \"aman, atau "
    "{{second}}?\" ], \"check_in_only\": [ \"aman?\" ], \"checked\": [ "
    "\"syukurlah\" ], \"all_clear\": [ \"lega\" ] }, \"signals\": { "
    "\"safe\": [ \"aman saja\" ], \"no\": [ \"^bukan$\" ] }, "
    "\"classifier\": { \"trained_on\": [ \"x\" ], \"rows\": 9, \"step\": 0.5, "
    "\"unheard\": 1, \"classes\": [ \"out_of_scope\", \"lacak\", \"crisis\" ], "
    "\"bias\": [ -1, -4, -4 ], \"pieces\": [ \"paket d.z.~saya d.z.~kebakaran "
    "d|..~roboh dW..\" ] }, "
    "\"detector\": { \"intent\": \"crisis\", \"trained_on\": [ \"x\" ], "
    "\"rows\": 9, \"step\": 0.5, \"bias\": -3.8, \"pieces\": [ \"redup "
    "e~dingin l~gelap q~jatuh t~luka z~kebakaran z~roboh n~kapan |~datang |\" "
    "] }, "
    "\"intents\": { \"crisis\": { \"patterns\": [ { \"match\": \"darah\", "
    "\"weight\": 0.6 }, { \"match\": \"lebam\", \"weight\": 0.4 }, { "
    "\"match\": \"asap\", \"weight\": 0.99 }, { "
    "\"match\": "
    "\"api\", \"weight\": 1 } ] }, \"lacak\": { \"patterns\": [ { \"match\": "
    "\"paket saya\", \"weight\": 0.98 } ] } } }";

/* Beside an answer, when it may be more than what was asked; once in ten turns.
 */
static void more_may_be_told_beside_an_answer(void **state)
{
	(void)state;
	enum { EVERY = 10 };
	struct talker t;
	talker_init_with(&t, ways_of_danger);
	for (int turn = 0; turn <= EVERY; turn++) {
		say(&t, "dingin paket saya paket saya paket saya paket saya");
		assert_int_equal(t.step.reply.decision, DECISION_ANSWER);
		bool cares = strstr(t.step.reply.text.p, " boleh cerita");
		if (cares != (turn % EVERY == 0) || cares != t.step.reply.cares)
			fail_msg("turn %d: %s", turn, t.step.reply.text.p);
		/* asked so often it offers a person, and what next is said
		 * may be the answer */
		t.c.offer_turn = 0;
	}
	talker_clear(&t);
	talker_init_with(&t, ways_of_danger);
	say(&t, "dingin paket"); /* two words say too little */
	assert_false(t.step.reply.cares);
	say(&t, "dingin paket saya"); /* few that plainly ask hide nothing */
	assert_false(t.step.reply.cares);
	say(&t, "luka sekali ini"); /* danger has words of its own */
	assert_false(t.step.reply.cares);
	talker_clear(&t);
}

/* What words say of danger in a message by itself. */
static double danger_alone(struct talker *t, const char *text)
{
	struct candidate found[MATCH_CANDIDATES];
	struct arena a = { 0 };
	struct norm norm;
	struct match_ask ask = { .pack = &t->rs->packs[0], .norm = &norm };
	double alone = 0;
	match_scratch_begin(t->scratch, t->rs, 0);
	norm_make(&norm, &a, str_of(text), &ask.pack->lexicon);
	match_text(t->scratch, ask.pack, &norm);
	size_t n = match_intents(t->scratch, &ask, found);
	for (size_t i = 0; i < n; i++)
		if (found[i].intent->role == ROLE_CRISIS)
			alone = found[i].alone;
	arena_clear(&a);
	return alone;
}

/* "No" to the question, and "we are safe" to a person on the way: the talk is
 * an ordinary one again. */
static void who_is_safe_is_believed(void **state)
{
	(void)state;
	struct talker t;
	talker_init_with(&t, ways_of_danger);
	say(&t, "gelap paket saya");
	assert_int_equal(t.step.reply.decision, DECISION_CLARIFY);
	assert_string_equal(t.step.reply.text.p, "aman, atau l?");
	say(&t, "bukan");
	assert_string_equal(t.step.reply.text.p, "syukurlah");
	say(&t, "gelap paket saya"); /* asked just now */
	assert_int_equal(t.step.reply.decision, DECISION_ANSWER);
	say(&t, "luka sekali ini");
	assert_int_equal(t.step.reason, REASON_CRISIS);
	t.desk.danger = true;
	say(&t, "aman saja kok");
	assert_string_equal(t.step.reply.text.p, "lega");
	assert_int_equal(t.c.holder, HOLDER_WAITING);
	assert_int_equal(t.c.misses, 0);
	talker_clear(&t);
}

static void each_way_of_hearing_danger(void **state)
{
	(void)state;
	enum { NOTHING = -1, ASKED = -2 };
	static const struct {
		const char *before, *text;
		double alone; /* about */
		int heard; /* the reason of the ticket, or that it is asked */
	} table[] = {
		{ NULL, "luka sekali ini", 0.69, REASON_CRISIS },
		{ NULL, "luka paket saya", 0.69, ASKED },
		{ NULL, "gelap darah ini", 0.31, ASKED },
		{ NULL, "gelap sekali ini", 0.31, ASKED },
		{ NULL, "gelap paket saya", 0.31, ASKED },
		{ NULL, "jatuh paket saya", 0.43, ASKED },
		{ NULL, "dingin sekali ini", 0.16, ASKED },
		{ NULL, "dingin paket saya", 0.16, NOTHING },
		{ NULL, "dingin darah paket saya", 0.12, NOTHING },
		{ NULL, "darah paket saya", 0.02, NOTHING },
		{ NULL, "asap paket saya", 0.02, ASKED },
		{ NULL, "api paket saya", 0.02, REASON_CRISIS },
		/* where nothing is answered, and not for one or two words */
		{ NULL, "redup sekali ini", 0.05, ASKED },
		{ NULL, "redup paket saya", 0.05, NOTHING },
		{ NULL, "redup sekali", 0.05, NOTHING },
		{ "xyzzy", "redup sekali ini", 0.05, NOTHING },
		/* in a part of the message, of three words or more */
		{ NULL, "kapan datang ya, luka jatuh parah", 0.00, ASKED },
		{ NULL, "kapan datang ya, luka jatuh", 0.00, NOTHING },
		{ NULL, "paket saya mana ya kak lama, luka itu ini", 0.21,
		    ASKED },
		{ NULL, "paket saya mana ya kak lama luka itu ini", 0.21,
		    ASKED },
		{ NULL, "kapan datang ya luka jatuh parah", 0.00, NOTHING },
		/* of one or two words */
		{ NULL, "luka", 0.98, NOTHING },
		{ NULL, "jatuh darah", 0.66, REASON_CRISIS },
		{ NULL, "kebakaran", 0.98, REASON_CRISIS },
		{ NULL, "roboh", 0.56, ASKED },
		/* in answer to "shall I call a person?" */
		{ "xyzzy", "luka sekali ini", 0.69, REASON_CRISIS },
		{ "xyzzy", "luka paket saya", 0.69, NOTHING },
		{ "xyzzy", "jatuh darah ini", 0.43, REASON_CRISIS },
		{ "xyzzy", "gelap darah ini", 0.31, NOTHING },
		/* after it was asked */
		{ "gelap sekali ini", "jatuh sekali ini", 0.43, REASON_WORRY },
		{ "gelap sekali ini", "d", 0.02, REASON_CRISIS },
		{ "gelap sekali ini", "gelap paket saya", 0.31, REASON_WORRY },
		{ "gelap sekali ini", "redup paket saya", 0.05, NOTHING },
		/* told again while a person is on the way because of it */
		{ "luka sekali ini", "luka sekali ini", 0.69, NOTHING },
		{ "luka sekali ini", "dingin darah ini", 0.16, REASON_CRISIS },
		{ "luka sekali ini", "asap ini juga", 0.02, REASON_CRISIS },
	};
	struct talker t;
	for (size_t i = 0; i < HG_COUNT(table); i++) {
		talker_init_with(&t, ways_of_danger);
		if (table[i].before != NULL)
			say(&t, table[i].before);
		t.desk.danger = t.step.opens_ticket;
		double alone = danger_alone(&t, table[i].text);
		say(&t, table[i].text);
		int found = t.step.opens_ticket ? (int)t.step.reason : NOTHING;
		found = found == REASON_UNSURE ? NOTHING : found;
		if (strncmp(t.step.reply.text.p, "aman", 4) == 0)
			found = ASKED;
		if (fabs(alone - table[i].alone) > 0.02 ||
		    found != table[i].heard)
			fail_msg("\"%s\": danger %.2f, heard %d", table[i].text,
			    alone, found);
		talker_clear(&t);
	}
}

/* "sepi sendiri" is to be listened to; beside it, in a message of three words,
 * "gelap" is danger at 0.6 and "luka" at 0.9 and more. */
static const char words_of_the_lonely[] =
    "{ \"language\": \"id\", \"phrases\": { \"worry\": [ \"semoga aman\" "
    "], \"listened\": [ \"makasih sudah cerita\" ], \"listening\": [ "
    "\"lalu?\" ] }, \"classifier\": { \"trained_on\": [ \"x\" ], "
    "\"rows\": 9, \"step\": 0.5, \"unheard\": 1, \"classes\": [ "
    "\"out_of_scope\", \"curhat\", \"crisis\", \"trims\" ], \"bias\": [ "
    "-1, -4, -4, -4 ], \"pieces\": [ \"sepi d.z..~sendiri d.z..~terima "
    "d...z~kasih d...z\" ] }, \"detector\": { \"intent\": \"crisis\", "
    "\"trained_on\": [ \"x\" ], \"rows\": 9, \"step\": 0.9, \"bias\": "
    "-3.8, \"pieces\": [ \"gelap o~luka w\" ] }, \"intents\": { "
    "\"curhat\": { \"listens\": true, \"kind\": \"social\", \"title\": "
    "\"curhat\", \"replies\": { \"default\": [ \"aku dengar\" ] }, "
    "\"patterns\": [ { \"match\": \"sepi sendiri\", \"weight\": 0.98 } ] "
    "}, \"trims\": { \"kind\": \"social\", \"title\": \"trims\", "
    "\"replies\": { \"default\": [ \"sama-sama\" ] }, \"patterns\": [ { "
    "\"match\": \"terima kasih\", \"weight\": 0.98 } ] } } }";

static void the_lonely_are_listened_to(void **state)
{
	(void)state;
	struct talker t;
	talker_init_with(&t, words_of_the_lonely);
	double gelap = danger_alone(&t, "sepi sendiri gelap");
	double luka = danger_alone(&t, "sepi sendiri luka");
	if (gelap < 0.5 || gelap >= 0.9 || luka < 0.9)
		fail_msg("danger %.2f and %.2f", gelap, luka);
	say(&t, "sepi sendiri gelap");
	assert_string_equal(t.step.reply.text.p, "aku dengar");
	assert_false(t.step.opens_ticket);
	/* thanks for that are no thanks for a parcel, once */
	say(&t, "terima kasih");
	assert_string_equal(t.step.reply.text.p, "makasih sudah cerita");
	say(&t, "terima kasih");
	assert_string_equal(t.step.reply.text.p, "sama-sama");
	/* what words are sure of is danger all the same */
	say(&t, "sepi sendiri luka");
	assert_int_equal(t.step.reason, REASON_CRISIS);
	talker_clear(&t);
}

static void every_step_says_something(void **state)
{
	(void)state;
	static const char *const words[] = { "resi", "paket saya", "kesal",
		"kamu bot", "minta orang", "???", "\xf0\x9f\x98\xad", "darurat",
		"1", "resi palsu", "aaaaaaaaaaa", "{{name}}" };
	struct talker t;
	talker_init(&t);
	for (int i = 0; i < 3000; i++) {
		say(&t, words[rng_below(&t.rng, HG_COUNT(words))]);
		assert_true(t.step.says && t.step.reply.text.n > 0);
		assert_null(strstr(t.step.reply.text.p, "{{"));
		if (i % 50 == 0)
			t.c.holder = HOLDER_BOT;
	}
	talker_clear(&t);
}

static void a_saved_conversation_comes_back_whole(void **state)
{
	(void)state;
	struct talker t;
	talker_init(&t);
	FIELD_SET(t.c.name, "Rina \"R\"", 8);
	say(&t, "aku kesal, nomor hg-00123");
	say(&t, "resi paket saya");
	say(&t, "minta orang");
	struct buf a = { 0 }, b = { 0 };
	struct conversation back;
	struct err e = ERR_NONE;
	talk_save(&t.c, &a);
	assert_int_equal(talk_load(&back, buf_str(&a), &e), 0);
	talk_save(&back, &b);
	assert_string_equal(a.p, b.p);
	assert_string_equal(back.slots[0].value, "hg-00123");
	assert_int_equal(back.holder, HOLDER_WAITING);
	assert_int_equal(talk_load(&back, STR("[1"), &e), -1);
	buf_clear(&a);
	buf_clear(&b);
	talker_clear(&t);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(two_misses_bring_a_person),
	cmocka_unit_test(crisis_opens_a_ticket_even_when_one_is_open),
	cmocka_unit_test(faint_danger_brings_a_person),
	cmocka_unit_test(danger_that_comes_back_is_heard),
	cmocka_unit_test(more_may_be_told_beside_an_answer),
	cmocka_unit_test(each_way_of_hearing_danger),
	cmocka_unit_test(who_is_safe_is_believed),
	cmocka_unit_test(the_lonely_are_listened_to),
	cmocka_unit_test(every_step_says_something),
	cmocka_unit_test(a_saved_conversation_comes_back_whole),
};
RUN(tests)
