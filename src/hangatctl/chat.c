/* `chat`: a conversation with the rules in this terminal. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hangatctl/ctl.h"
#include "sys/clock.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

static void print_reply(const struct step *step, bool why)
{
	const struct reply *r = &step->reply;
	printf("%s (bot): %s\n", r->persona, buf_str(&r->text).p);
	for (int i = 0; i < r->n_buttons; i++)
		printf("  [%s]", r->buttons[i].title.p);
	if (r->n_buttons > 0)
		putchar('\n');
	if (why)
		printf("  -- %s %s %.2f, %s %.2f, %s%s%s\n",
		    decision_name(r->decision), r->intent, r->confidence,
		    mood_name(r->mood.mood), r->mood.strength, r->lang,
		    step->opens_ticket ? ", ticket: " : "",
		    step->opens_ticket ? reason_name(step->reason) : "");
}

static void chat(struct ctl_talk *t, bool why)
{
	bool person = isatty(STDIN_FILENO) != 0;
	struct buf hello = { 0 };
	const char *persona = talk_disclosure(t->rs, "", &hello);
	printf("%s (bot): %s\n", persona, hello.p);
	buf_clear(&hello);
	char *line = NULL;
	size_t cap = 0;
	for (;;) {
		if (person)
			printf("> ");
		(void)fflush(stdout); /* checked at the end */
		ssize_t n = getline(&line, &cap, stdin);
		if (n < 0)
			break;
		struct buf clean = { 0 };
		utf8_add_clean(
		    &clean, str_trim((struct str){ line, (size_t)n }));
		struct str text = buf_str(&clean);
		if (str_is(text, "/quit")) {
			buf_clear(&clean);
			break;
		}
		if (!person)
			printf("> %.*s\n", STR_ARG(text));
		if (text.n != 0) {
			struct talk_event ev = { TALK_MESSAGE, text, NULL };
			struct step step = { 0 };
			t->now_ms = clock_wall_ms(); /* what is said by the
						      * hour and the day */
			ctl_talk_step(t, &ev, &step);
			print_reply(&step, why);
			step_clear(&step);
		}
		buf_clear(&clean);
	}
	free(line);
}

int cmd_chat(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "name", required_argument, NULL, 'n' },
		{ "why", no_argument, NULL, 'w' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	const char *name = "";
	bool why = false;
	int c, code;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'n')
			name = optarg;
		else if (c == 'w')
			why = true;
		else
			return ctl_usage("chat", false);
	}
	if (optind != argc)
		return ctl_usage("chat", false);
	struct ruleset *rs = ctl_rules_run(&dirs, &code);
	if (rs == NULL)
		return code;
	struct ctl_talk t;
	ctl_talk_init(&t, rs);
	FIELD_SET(t.c.name, name, strlen(name));
	chat(&t, why);
	ctl_talk_clear(&t);
	ruleset_unref(&rs);
	return CTL_OK;
}
