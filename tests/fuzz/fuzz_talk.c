/* A conversation: each line is a message, a first byte of 1 or 2 a person who
 * gives it back.  Every step says something, no placeholder is left, state
 * survives being saved, and two misses call a person. */
#include "fuzz/fuzz.h"
#include "talk/talk.h"

static struct ruleset *rs;
static struct match_scratch *scratch;

static void load(void)
{
	size_t n[3];
	static struct text_file files[] = { { .path = "base.json" },
		{ .path = "talk.json", .dir = 1 },
		{ .path = "form.json", .dir = 2 } };
	static const char form[] =
	    "{ \"language\": \"id\", \"slots\": { \"order_id\": { \"capture\": "
	    "[ "
	    "\"(?<value>hg-[0-9]+)\" ], \"answer\": [ \"(?<value>[0-9]{4,})\" "
	    "], "
	    "\"normalise\": \"upper\" } }, \"intents\": { \"late\": { "
	    "\"title\": "
	    "\"l\", \"patterns\": [ \"telat\" ], \"needs\": { \"order_id\": {} "
	    "}, "
	    "\"replies\": { \"default\": [ \"nomornya?\" ] } }, \"vent\": { "
	    "\"kind\": \"social\", \"listens\": true, \"patterns\": [ "
	    "\"sedih\" "
	    "], \"replies\": { \"default\": [ \"cerita\" ] } }, \"stok\": { "
	    "\"title\": \"s\", \"patterns\": [ \"stok\" ], \"replies\": { "
	    "\"default\": [ \"ada\" ] } } } }";
	files[0].text.p = fuzz_read("tests/cases/base/pack.json", &n[0]);
	files[1].text.p = fuzz_read("rules/id/talk.json", &n[1]);
	files[0].text.n = n[0];
	files[1].text.n = n[1];
	files[2].text = str_of(form);
	struct diags d = { 0 };
	rs = ruleset_compile(files, 3, RULESET_RUN, &d);
	MUST(rs != NULL);
	diags_clear(&d);
	scratch = match_scratch_new();
}

static void survive(struct conversation *c)
{
	struct buf a = { 0 }, b = { 0 };
	struct conversation back;
	struct err e = ERR_NONE;
	talk_save(c, &a);
	MUST(talk_load(&back, buf_str(&a), &e) == 0);
	talk_save(&back, &b);
	MUST(str_eq(buf_str(&a), buf_str(&b)));
	*c = back;
	buf_clear(&a);
	buf_clear(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (rs == NULL)
		load();
	struct conversation c = { .turn = 0 };
	struct rng rng = { 1 };
	struct talk_view view = { .rs = rs, .scratch = scratch, .rng = &rng };
	struct str rest = { (const char *)data, size }, line;
	int misses = 0;
	for (int turn = 0; turn < 60 && str_next(&rest, '\n', &line); turn++) {
		struct talk_event ev = { TALK_MESSAGE, line, "Sari" };
		if (line.n > 0 && (line.p[0] == 1 || line.p[0] == 2))
			ev.type =
			    line.p[0] == 1 ? TALK_RESOLVED : TALK_BOT_RETURNS;
		struct step step = { 0 };
		view.desk = (struct desk_view){ .open = turn % 2 == 0,
			.agents = turn % 3,
			.position = 1,
			.wait_ms = -1,
			.danger = turn % 5 == 0 };
		talk_step(&c, &ev, &view, &step);
		const struct reply *r = &step.reply;
		MUST(step.says && r->text.n > 0);
		for (int i = 0; i < r->n_breaks; i++)
			MUST(r->breaks[i] < r->text.n);
		bool lost = r->decision == DECISION_UNSURE &&
			    !step.opens_ticket && c.holder == HOLDER_BOT &&
			    ev.type == TALK_MESSAGE;
		misses = lost ? misses + 1 : 0;
		MUST(misses < 2);
		survive(&c);
		step_clear(&step);
	}
	return 0;
}
