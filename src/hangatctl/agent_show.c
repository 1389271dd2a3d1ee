/* What the terminal desk shows.  All text from outside is cleaned first, so
 * that no escape of a customer's reaches the terminal. */
#include "hangatctl/agent_show.h"
#include "base/utf8.h"
#include "hangatctl/remote.h"

#include <stdio.h>

void show(const char *head, const char *text)
{
	struct buf clean = { 0 };
	utf8_add_clean(&clean, str_of(text));
	printf("%s%s\n", head, buf_str(&clean).p);
	buf_clear(&clean);
}

void show_help(void)
{
	puts(
	    "  /list            who waits, and who is held\n"
	    "  /claim [t_N]     take a ticket, or the first that waits for "
	    "you\n"
	    "  /take t_N        take one that a colleague holds (supervisors)\n"
	    "  /view t_N        look at a ticket without taking it\n"
	    "  TEXT             write to the customer\n"
	    "  /r [NAME]        canned replies that begin with NAME; the only "
	    "one is sent\n"
	    "  /s [N]           send suggestion N of the card\n"
	    "  /note TEXT       a note for colleagues\n"
	    "  /to NAME [TEXT]  hand over to a colleague\n"
	    "  /snooze MINUTES  put it off; it comes back to you\n"
	    "  /release         give it back to the queue\n"
	    "  /resolve [WORDS] it is solved\n"
	    "  /bot             back to the bot\n"
	    "  /done            what has ended today\n"
	    "  /who             who is here\n"
	    "  /stats           how the desk is doing\n"
	    "  /quit");
}

void show_ticket(const json_t *t)
{
	char line[200];
	bool off = json_number(t, "snoozed_until_ms") > 0;
	(void)snprintf(line, sizeof(line),
	    "  %-7s %-8s %-7s %-7s %-3s %lld s  %s %s%s",
	    json_text(t, "ticket"), off ? "put off" : json_text(t, "state"),
	    json_text(t, "priority"), json_text(t, "reason"),
	    json_text(t, "lang"), json_number(t, "waited_ms") / 1000,
	    json_text(t, "topic"),
	    *json_text(t, "prefer") != '\0' ? "for " : "",
	    *json_text(t, "agent") != '\0' ? json_text(t, "agent")
					   : json_text(t, "prefer")); /* cut */
	show("", line);
}

void show_message(const char *head, const json_t *m)
{
	const json_t *from = json_object_get(m, "from");
	const char *name = json_text(from, "name");
	struct buf line = { 0 };
	buf_addf(&line, "%s (%s): %s", *name != '\0' ? name : "customer",
	    json_text(from, "kind"), json_text(m, "text"));
	show(head, line.p);
	buf_clear(&line);
}

void show_card(const json_t *card)
{
	size_t i;
	json_t *v;
	const char *key;
	printf("  reason %s, priority %s, language %s, waited %lld s\n",
	    json_text(card, "reason"), json_text(card, "priority"),
	    json_text(card, "lang"), json_number(card, "waited_ms") / 1000);
	json_object_foreach (json_object_get(card, "slots"), key, v) {
		struct buf line = { 0 };
		buf_addf(&line, "%s: %s", key, json_string_value(v));
		show("  ", line.p);
		buf_clear(&line);
	}
	printf("  mood:");
	json_array_foreach (json_object_get(card, "moods"), i, v)
		printf(" %s", json_text(v, "mood"));
	printf("\n  tried:");
	json_array_foreach (json_object_get(card, "tried"), i, v)
		printf(" %s", json_string_value(v));
	puts("");
	json_array_foreach (json_object_get(card, "messages"), i, v)
		show_message("  | ", v);
	json_array_foreach (json_object_get(card, "notes"), i, v) {
		struct buf line = { 0 };
		buf_addf(&line, "note by %s: %s", json_text(v, "agent"),
		    json_text(v, "text"));
		show("  ", line.p);
		buf_clear(&line);
	}
	json_array_foreach (json_object_get(card, "suggestions"), i, v) {
		printf("  /s %zu ", i + 1);
		show("", json_string_value(v));
	}
	if (json_object_get(card, "draft") != NULL)
		show("  you had begun: ", json_text(card, "draft"));
}

/* Who is here, what they hold, and what they look at. */
void show_presence(const json_t *agents)
{
	size_t i, k;
	json_t *v, *name;
	json_array_foreach (agents, i, v) {
		struct buf line = { 0 };
		buf_addf(&line, "  %-16s holds %lld", json_text(v, "name"),
		    json_number(v, "holds"));
		if (json_number(v, "capacity") > 0)
			buf_addf(&line, " of %lld", json_number(v, "capacity"));
		json_array_foreach (json_object_get(v, "viewing"), k, name)
			buf_addf(&line, "%s%s", k == 0 ? ", looks at " : " ",
			    json_string_value(name));
		show("", line.p);
		buf_clear(&line);
	}
}

void show_ended(const json_t *list)
{
	size_t i;
	json_t *v;
	json_array_foreach (list, i, v) {
		struct buf line = { 0 };
		buf_addf(&line, "  %-7s %-8s %-10s %s", json_text(v, "ticket"),
		    json_text(v, "state"), json_text(v, "agent"),
		    json_text(v, "outcome"));
		if (json_number(v, "rating") > 0)
			buf_addf(
			    &line, " (rated %lld)", json_number(v, "rating"));
		show("", line.p);
		buf_clear(&line);
	}
	if (json_array_size(list) == 0)
		puts("  nothing yet");
}

void show_stats(const json_t *all)
{
	const json_t *now = json_object_get(all, "now");
	const json_t *since = json_object_get(all, "since");
	printf("  waiting %lld; today opened %lld, resolved %lld, first "
	       "response %lld s, rating %.1f (%lld)\n",
	    json_number(now, "waiting"), json_number(since, "opened"),
	    json_number(since, "resolved"),
	    json_number(since, "first_response_ms") / 1000,
	    json_number_value(json_object_get(since, "rating")),
	    json_number(since, "ratings"));
}
