/* .talk files: conversations that a shop clerk can read, with what is
 * expected of each reply.  See hangatctl(1), "TALK FILES". */
#include "base/mem.h"
#include "base/utf8.h"
#include "hangatctl/ctl.h"
#include "sys/files.h"

#include <stdlib.h>

struct talk_run {
	struct ctl_talk t;
	const char *path;
	int line;
	struct step step;
	bool has_step;
	unsigned bad, checks;
};

static void complain(
    struct talk_run *r, const char *what, struct str want, const char *got)
{
	printf("%s:%d: %s: want \"%.*s\", got \"%s\"\n", r->path, r->line, what,
	    STR_ARG(want), got);
	r->bad++;
}

static void say(struct talk_run *r, struct str text)
{
	struct talk_event ev = { TALK_MESSAGE, text, NULL };
	step_clear(&r->step);
	ctl_talk_step(&r->t, &ev, &r->step);
	r->has_step = true;
}

static void expect_text(
    struct talk_run *r, const char *what, struct str want, const char *got)
{
	if (!str_is(want, got))
		complain(r, what, want, got);
}

static bool contains(const char *text, struct str word)
{
	char *w = xmemdupz(word.p, word.n);
	bool has = strcasestr(text, w) != NULL;
	free(w);
	return has;
}

static const char *slot_value(const struct conversation *c, struct str name)
{
	for (int i = 0; i < c->n_slots; i++)
		if (str_is(name, c->slots[i].name))
			return c->slots[i].value;
	return "";
}

/* "= KEY VALUE" */
static void expect(struct talk_run *r, struct str rest)
{
	struct str key;
	const struct reply *reply = &r->step.reply;
	(void)str_next(&rest, ' ', &key); /* rest may be none */
	struct str value = str_trim(rest);
	const char *text = buf_str(&reply->text).p;
	r->checks++;
	if (!r->has_step) {
		complain(r, "expectation before any message", key, "nothing");
	} else if (str_is(key, "intent")) {
		expect_text(r, "intent", value, reply->intent);
	} else if (str_is(key, "decision")) {
		expect_text(
		    r, "decision", value, decision_name(reply->decision));
	} else if (str_is(key, "mood")) {
		expect_text(r, "mood", value, mood_name(reply->mood.mood));
	} else if (str_is(key, "lang")) {
		expect_text(r, "lang", value, reply->lang);
	} else if (str_is(key, "handoff")) {
		expect_text(r, "handoff", value,
		    r->step.opens_ticket ? reason_name(r->step.reason) : "no");
	} else if (str_is(key, "says")) {
		if (!contains(text, value))
			complain(r, "reply says", value, text);
	} else if (str_is(key, "lacks")) {
		if (contains(text, value))
			complain(r, "reply lacks", value, text);
	} else if (str_is(key, "slot")) {
		struct str name;
		(void)str_next(&value, ' ', &name); /* value may be none */
		expect_text(
		    r, "slot", str_trim(value), slot_value(&r->t.c, name));
	} else {
		complain(r, "unknown expectation", key,
		    "use intent decision mood lang handoff says lacks slot");
	}
}

/* "@ EVENT": the desk changes around the conversation. */
static void happen(struct talk_run *r, struct str rest)
{
	struct desk_view *desk = &r->t.desk;
	struct talk_event ev = { TALK_BOT_RETURNS, STR_NONE, "Sari" };
	if (str_is(rest, "nobody on duty")) {
		desk->agents = 0;
	} else if (str_is(rest, "agent on duty")) {
		desk->agents = 1;
	} else if (str_is(rest, "closed")) {
		desk->open = false;
	} else if (str_is(rest, "open")) {
		desk->open = true;
	} else if (str_is(rest, "back to bot") || str_is(rest, "resolved")) {
		if (str_is(rest, "resolved"))
			ev.type = TALK_RESOLVED;
		step_clear(&r->step);
		ctl_talk_step(&r->t, &ev, &r->step);
		r->has_step = true;
	} else {
		complain(r, "unknown event", rest,
		    "use nobody on duty, agent on duty, closed, open, back "
		    "to bot, resolved");
	}
}

static void run_line(struct talk_run *r, struct str line)
{
	struct str rest =
	    str_trim((struct str){ line.p + 1, line.n > 0 ? line.n - 1 : 0 });
	if (line.n == 0 || line.p[0] == '#')
		return;
	if (line.p[0] == '>')
		say(r, rest);
	else if (line.p[0] == '=')
		expect(r, rest);
	else if (line.p[0] == '@')
		happen(r, rest);
	else if (str_starts(line, STR("name ")))
		FIELD_SET(r->t.c.name, line.p + 5, line.n - 5);
	else
		complain(r, "line", line,
		    "start it with > (customer), = (expected), @ (event), "
		    "\"name \" or #");
}

void talk_file_run(
    struct ruleset *rs, const char *path, struct talk_counts *counts)
{
	enum { MAX_TALK = 256 * 1024 };
	struct buf text = { 0 };
	struct err e = ERR_NONE;
	counts->talks++;
	if (file_read(path, MAX_TALK, &text, &e) != 0) {
		printf("%s\n", e.text);
		counts->failed_talks++;
		return;
	}
	struct talk_run r = { .path = path };
	ctl_talk_init(&r.t, rs);
	struct str rest = buf_str(&text), line;
	while (str_next(&rest, '\n', &line)) {
		r.line++;
		struct str body = str_trim(line);
		if (body.n != 0)
			run_line(&r, body);
	}
	if (r.checks == 0) {
		printf("%s:1: expects nothing; add lines such as \"= intent "
		       "greeting\"\n",
		    path);
		r.bad++;
	}
	counts->checks += r.checks;
	counts->failed_talks += r.bad != 0;
	step_clear(&r.step);
	ctl_talk_clear(&r.t);
	buf_clear(&text);
}
