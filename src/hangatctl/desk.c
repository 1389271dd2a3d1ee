/* What happened on the desk: its figures, and the audit log. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hangatctl/ctl.h"
#include "hangatctl/remote.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* "30m", "12h", "7d" or "45s" as seconds. */
static bool read_span(const char *z, int64_t *seconds)
{
	static const struct {
		char unit;
		int64_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	enum { MOST = 100000 };
	char *end;
	long long n = strtoll(z, &end, 10);
	for (size_t i = 0; i < HG_COUNT(units); i++)
		if (end != z && n >= 1 && n <= MOST && *end == units[i].unit &&
		    end[1] == '\0') {
			*seconds = n * units[i].seconds;
			return true;
		}
	(void)ctl_fail("%s: not a span of time; write 45s, 30m, 12h or 7d", z);
	return false;
}

/* A question with what narrows it down. */
struct question {
	const char *ticket, *who;
	int64_t since_s; /* -1 not said */
	bool as_json;
};

static bool read_question(
    int argc, char **argv, struct remote *r, struct question *q)
{
	static const struct option own[] = {
		{ "since", required_argument, NULL, 's' },
		{ "ticket", required_argument, NULL, 't' },
		{ "who", required_argument, NULL, 'w' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 },
	};
	int c;
	*q = (struct question){ .since_s = -1 };
	while (remote_option(argc, argv, own, r, &c)) {
		if (c == 't')
			q->ticket = optarg;
		else if (c == 'w')
			q->who = optarg;
		else if (c == 'j')
			q->as_json = true;
		else if (c != 's' || !read_span(optarg, &q->since_s))
			return false;
	}
	return optind == argc;
}

static json_t *put_question(
    const struct remote *r, const char *type, const struct question *q)
{
	struct buf request = { 0 };
	struct json_out o = { &request, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "type", type);
	if (q->ticket != NULL)
		json_out_text(&o, "ticket", q->ticket);
	if (q->who != NULL)
		json_out_text(&o, "name", q->who);
	if (q->since_s >= 0)
		json_out_int(&o, "since_s", q->since_s);
	json_out_close(&o, '}');
	json_t *answer = remote_ask(r, buf_str(&request));
	buf_clear(&request);
	return answer;
}

static void print_line(const json_t *line)
{
	char when[32] = "";
	struct buf clean = { 0 };
	time_t at = (time_t)(json_number(line, "at_ms") / 1000);
	struct tm local;
	if (localtime_r(&at, &local) != NULL)
		(void)strftime(
		    when, sizeof(when), "%Y-%m-%d %H:%M:%S", &local); /* fits */
	buf_addf(&clean, "%s  %-8s %-16s %-14s %s", when,
	    json_text(line, "ticket"), json_text(line, "who"),
	    json_text(line, "what"), json_text(line, "detail"));
	struct buf shown = { 0 };
	utf8_add_clean(&shown, str_trim(buf_str(&clean)));
	puts(shown.p != NULL ? shown.p : "");
	buf_clear(&shown);
	buf_clear(&clean);
}

int cmd_audit(int argc, char **argv)
{
	struct remote r = { 0 };
	struct question q;
	if (!read_question(argc, argv, &r, &q))
		return ctl_usage("audit", false);
	json_t *list = put_question(&r, "audit", &q);
	if (list == NULL)
		return CTL_FAILED;
	size_t i;
	json_t *line;
	if (q.as_json)
		remote_print(list);
	json_array_foreach (list, i, line)
		if (!q.as_json)
			print_line(line);
	json_decref(list);
	return CTL_OK;
}

static void print_moods(const char *head, json_t *moods)
{
	const char *mood;
	json_t *n;
	printf("%s", head);
	json_object_foreach (moods, mood, n)
		printf("  %s %lld", mood, (long long)json_integer_value(n));
	putchar('\n');
}

int cmd_stats(int argc, char **argv)
{
	struct remote r = { 0 };
	struct question q;
	if (!read_question(argc, argv, &r, &q) || q.ticket != NULL ||
	    q.who != NULL)
		return ctl_usage("stats", false);
	json_t *all = put_question(&r, "stats", &q);
	if (all == NULL)
		return CTL_FAILED;
	const json_t *now = json_object_get(all, "now");
	const json_t *since = json_object_get(all, "since");
	if (q.as_json) {
		remote_print(all);
		json_decref(all);
		return CTL_OK;
	}
	printf("now: %lld waiting, %lld agents\n", json_number(now, "waiting"),
	    json_number(now, "agents"));
	printf("since the start, %lld min ago: answered %lld, asked back "
	       "%lld, not understood %lld\n",
	    json_number(now, "up_s") / 60, json_number(now, "answered"),
	    json_number(now, "clarified"), json_number(now, "unsure"));
	printf("tickets in the span: opened %lld, taken %lld, resolved %lld, "
	       "back to the bot %lld\n",
	    json_number(since, "opened"), json_number(since, "taken"),
	    json_number(since, "resolved"), json_number(since, "back"));
	printf("first response: half within %lld s\n",
	    json_number(since, "first_response_ms") / 1000);
	printf("ratings: %lld, %.1f of 5\n", json_number(since, "ratings"),
	    json_number_value(json_object_get(since, "rating")));
	print_moods("mood at the start:", json_object_get(since, "mood_open"));
	print_moods("mood at the end:  ", json_object_get(since, "mood_end"));
	json_decref(all);
	return CTL_OK;
}
