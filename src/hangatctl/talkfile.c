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
	struct str text; /* the customer's last message */
	int said, told;  /* its line; that of the last one shown */
};

static void complain(
    struct talk_run *r, const char *what, struct str want, const char *got)
{
	if (r->told != r->said)
		printf("%s:%d: > %.*s\n", r->path, r->said, STR_ARG(r->text));
	r->told = r->said;
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
	r->text = text;
	r->said = r->line;
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

static bool has_button(const struct reply *r, struct str title)
{
	for (int i = 0; i < r->n_buttons; i++)
		if (str_eq(buf_str(&r->buttons[i].title), title))
			return true;
	return false;
}

/* One of several words, "a | b", is in the text. */
static bool contains_one(const char *text, struct str words)
{
	struct str word;
	while (str_next(&words, '|', &word))
		if (contains(text, str_trim(word)))
			return true;
	return false;
}

/* Was it answered beside the intent?  "none": nothing was. */
static bool has_also(const struct reply *r, struct str name)
{
	for (int i = 0; i < r->n_also; i++)
		if (str_is(name, r->also[i]))
			return true;
	return r->n_also == 0 && str_is(name, "none");
}

/* Expectations about one plain value of the reply. */
static const char *reply_value(const struct talk_run *r, struct str key)
{
	const struct reply *reply = &r->step.reply;
	if (str_is(key, "intent"))
		return reply->intent;
	if (str_is(key, "decision"))
		return decision_name(reply->decision);
	if (str_is(key, "mood"))
		return mood_name(reply->mood.mood);
	if (str_is(key, "lang"))
		return reply->lang;
	if (str_is(key, "stage"))
		return reply->stage != NULL ? reply->stage : "event";
	if (str_is(key, "handoff"))
		return r->step.opens_ticket ? reason_name(r->step.reason)
					    : "no";
	if (str_is(key, "urgency"))
		return r->step.opens_ticket ? urgency_name(r->step.urgency)
					    : "none";
	if (str_is(key, "form"))
		return r->t.c.form.slot[0] != '\0' ? r->t.c.form.slot : "none";
	return NULL;
}

/* "= KEY VALUE" */
static void expect(struct talk_run *r, struct str rest)
{
	struct str key;
	const struct reply *reply = &r->step.reply;
	(void)str_next(&rest, ' ', &key); /* rest may be none */
	struct str value = str_trim(rest);
	const char *text = reply->text.n > 0 ? reply->text.p : "";
	r->checks++;
	if (!r->has_step) {
		complain(r, "expectation before any message", key, "nothing");
		return;
	}
	const char *got = reply_value(r, key);
	if (got != NULL) {
		char what[24];
		(void)snprintf(
		    what, sizeof(what), "%.*s", STR_ARG(key)); /* short */
		expect_text(r, what, value, got);
	} else if (str_is(key, "also")) {
		if (!has_also(reply, value))
			complain(r, "also", value,
			    reply->n_also > 0 ? reply->also[0] : "none");
	} else if (str_is(key, "says")) {
		if (!contains_one(text, value))
			complain(r, "reply says", value, text);
	} else if (str_is(key, "lacks")) {
		if (contains(text, value))
			complain(r, "reply lacks", value, text);
	} else if (str_is(key, "button")) {
		if (!has_button(reply, value))
			complain(r, "button", value, "no such button");
	} else if (str_is(key, "slot")) {
		struct str name;
		(void)str_next(&value, ' ', &name); /* value may be none */
		const char *known = conversation_value(&r->t.c, name);
		expect_text(
		    r, "slot", str_trim(value), known != NULL ? known : "");
	} else {
		complain(r, "unknown expectation", key,
		    "use intent decision mood lang stage also handoff urgency "
		    "form says lacks button slot");
	}
}

/* "wait 3d": days, hours or minutes pass. */
static bool pass_time(struct talk_run *r, struct str rest)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = { { 'd', 86400000 }, { 'h', 3600000 }, { 'm', 60000 } };
	int64_t n = 0;
	size_t i = 5;
	if (!str_starts(rest, STR("wait ")))
		return false;
	for (; i < rest.n && rest.p[i] >= '0' && rest.p[i] <= '9' && n < 10000;
	     i++)
		n = n * 10 + (rest.p[i] - '0');
	for (size_t u = 0; u < HG_COUNT(units); u++)
		if (n > 0 && i + 1 == rest.n && rest.p[i] == units[u].unit) {
			r->t.now_ms += n * units[u].ms;
			return true;
		}
	return false;
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
	} else if (pass_time(r, rest)) {
		return;
	} else if (str_is(rest, "back to bot") || str_is(rest, "resolved") ||
		   str_is(rest, "delayed")) {
		if (str_is(rest, "resolved"))
			ev.type = TALK_RESOLVED;
		else if (str_is(rest, "delayed"))
			ev.type = TALK_DELAYED;
		step_clear(&r->step);
		ctl_talk_step(&r->t, &ev, &r->step);
		r->has_step = true;
	} else {
		complain(r, "unknown event", rest,
		    "use nobody on duty, agent on duty, closed, open, back "
		    "to bot, resolved, delayed, wait 3d (or h, m)");
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
    const struct ctl_talk *like, const char *path, struct talk_counts *counts)
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
	ctl_talk_init(&r.t, like->rs);
	r.t.skip_stages = like->skip_stages;
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
