/* `agent`: the human queue in a terminal, plain lines that work over SSH and
 * with a screen reader.  All text from outside is cleaned before it is
 * shown. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hangatctl/ctl.h"
#include "hangatctl/remote.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "json/write.h"

#include <getopt.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

enum { PING_MS = 15000, TOKEN_BYTES = 256 };

struct desk_agent {
	struct client *client;
	char ticket[32]; /* the one being worked on, or "" */
	int64_t generation;
	unsigned next_id;
	unsigned leaving; /* id of the request that gives the ticket away */
	bool done;
	int code;
};

static void show(const char *head, const char *text)
{
	struct buf clean = { 0 };
	utf8_add_clean(&clean, str_of(text));
	printf("%s%s\n", head, buf_str(&clean).p);
	buf_clear(&clean);
}

static const char *text(const json_t *json, const char *key)
{
	const char *z = json_string_value(json_object_get(json, key));
	return z != NULL ? z : "";
}

static long long number(const json_t *json, const char *key)
{
	return (long long)json_integer_value(json_object_get(json, key));
}

static void show_help(void)
{
	puts("  /list            who waits\n"
	     "  /claim [t_N]     take a ticket, or the first that waits\n"
	     "  TEXT             write to the customer\n"
	     "  /note TEXT       a note for colleagues\n"
	     "  /to NAME [TEXT]  hand over to a colleague\n"
	     "  /release         give it back to the queue\n"
	     "  /resolve [WORDS] it is solved\n"
	     "  /bot             back to the bot\n"
	     "  /quit");
}

/* Send a request about the ticket, with an optional text under key. */
static void request(struct desk_agent *a, const char *type, const char *ticket,
    const char *key, struct str value, const char *key2, struct str value2)
{
	struct buf b = { 0 };
	struct json_out o = { &b, false };
	struct err e = ERR_NONE;
	char id[16];
	(void)snprintf(id, sizeof(id), "%u", ++a->next_id); /* fits */
	json_out_object(&o, NULL);
	json_out_text(&o, "type", type);
	json_out_text(&o, "id", id);
	if (ticket != NULL) {
		json_out_text(&o, "ticket", ticket);
		json_out_int(&o, "generation", a->generation);
	}
	if (key != NULL)
		json_out_str(&o, key, value);
	if (key2 != NULL)
		json_out_str(&o, key2, value2);
	json_out_close(&o, '}');
	if (client_send(a->client, buf_str(&b), &e) != 0) {
		a->code = ctl_fail("%s", e.text);
		a->done = true;
	}
	buf_clear(&b);
}

static void show_ticket(const json_t *t)
{
	char line[160];
	(void)snprintf(line, sizeof(line), "  %-7s %-8s %-7s %-7s %lld s %s",
	    text(t, "ticket"), text(t, "state"), text(t, "priority"),
	    text(t, "reason"), number(t, "waited_ms") / 1000,
	    text(t, "agent")); /* cut is fine */
	show("", line);
}

static void show_message(const char *head, const json_t *m)
{
	const json_t *from = json_object_get(m, "from");
	const char *name = text(from, "name");
	struct buf line = { 0 };
	buf_addf(&line, "%s (%s): %s", *name != '\0' ? name : "customer",
	    text(from, "kind"), text(m, "text"));
	show(head, line.p);
	buf_clear(&line);
}

static void show_card(const json_t *card)
{
	size_t i;
	json_t *v;
	const char *key;
	printf("  reason %s, priority %s, language %s, waited %lld s\n",
	    text(card, "reason"), text(card, "priority"), text(card, "lang"),
	    number(card, "waited_ms") / 1000);
	json_object_foreach (json_object_get(card, "slots"), key, v) {
		struct buf line = { 0 };
		buf_addf(&line, "%s: %s", key, json_string_value(v));
		show("  ", line.p);
		buf_clear(&line);
	}
	printf("  mood:");
	json_array_foreach (json_object_get(card, "moods"), i, v)
		printf(" %s", text(v, "mood"));
	printf("\n  tried:");
	json_array_foreach (json_object_get(card, "tried"), i, v)
		printf(" %s", json_string_value(v));
	puts("");
	json_array_foreach (json_object_get(card, "messages"), i, v)
		show_message("  | ", v);
}

static void take_claimed(struct desk_agent *a, const json_t *m)
{
	FIELD_SET(a->ticket, text(m, "ticket"), strlen(text(m, "ticket")));
	a->generation = number(m, "generation");
	printf("%s is yours\n", a->ticket);
	show_card(json_object_get(m, "card"));
}

static void take_event(struct desk_agent *a, const json_t *m)
{
	const char *type = text(m, "type");
	size_t i;
	json_t *v;
	if (strcmp(type, "welcome") == 0) {
		show("signed in as ", text(m, "name"));
		puts("/help shows the commands");
	} else if (strcmp(type, "queue") == 0) {
		const json_t *tickets = json_object_get(m, "tickets");
		printf("%zu open tickets\n", json_array_size(tickets));
		json_array_foreach (tickets, i, v)
			show_ticket(v);
	} else if (strcmp(type, "ticket") == 0) {
		show_ticket(m);
	} else if (strcmp(type, "claimed") == 0) {
		take_claimed(a, m);
	} else if (strcmp(type, "message") == 0) {
		show_message("", m);
	} else if (strcmp(type, "lease_lost") == 0) {
		show("lost to the queue: ", text(m, "ticket"));
		a->ticket[0] = '\0';
	} else if (strcmp(type, "ack") == 0) {
		if (a->leaving != 0 &&
		    strtoul(text(m, "re"), NULL, 10) == a->leaving) {
			a->ticket[0] = '\0';
			a->leaving = 0;
		}
	} else if (strcmp(type, "error") == 0) {
		show("! ", text(m, "message"));
		if (strcmp(text(m, "code"), "bad_token") == 0) {
			a->done = true;
			a->code = CTL_FAILED;
		}
	}
}

static bool has_ticket(struct desk_agent *a)
{
	if (a->ticket[0] == '\0')
		puts("! no ticket in hand; /list, then /claim t_N");
	return a->ticket[0] != '\0';
}

static void leave(struct desk_agent *a, const char *type, struct str words)
{
	if (!has_ticket(a))
		return;
	request(a, type, a->ticket, words.n != 0 ? "outcome" : NULL, words,
	    NULL, STR_NONE);
	a->leaving = a->next_id;
}

static void transfer(struct desk_agent *a, struct str words)
{
	struct str name;
	(void)str_next(&words, ' ', &name); /* words may be none */
	if (!has_ticket(a))
		return;
	request(a, "transfer", a->ticket, "to", name,
	    words.p != NULL ? "text" : NULL, words);
	a->leaving = a->next_id;
}

static void claim(struct desk_agent *a, struct str words)
{
	char name[32] = "";
	if (a->ticket[0] != '\0') {
		printf("! %s is in hand; /resolve, /bot or /release it "
		       "first\n",
		    a->ticket);
		return;
	}
	FIELD_SET(name, words.p != NULL ? words.p : "", words.n);
	request(a, "claim", name[0] != '\0' ? name : "next", NULL, STR_NONE,
	    NULL, STR_NONE);
}

static void take_input(struct desk_agent *a, struct str line)
{
	line = str_trim(line);
	struct str words = line, verb;
	if (line.n == 0)
		return;
	(void)str_next(&words, ' ', &verb); /* line has one */
	if (words.p == NULL)
		words = (struct str){ "", 0 };
	words = str_trim(words);
	if (line.p[0] != '/') {
		if (has_ticket(a))
			request(a, "message", a->ticket, "text", line, NULL,
			    STR_NONE);
	} else if (str_is(verb, "/quit")) {
		a->done = true;
	} else if (str_is(verb, "/help")) {
		show_help();
	} else if (str_is(verb, "/list")) {
		request(a, "tickets", NULL, NULL, STR_NONE, NULL, STR_NONE);
	} else if (str_is(verb, "/claim")) {
		claim(a, words);
	} else if (str_is(verb, "/note")) {
		if (has_ticket(a))
			request(a, "note", a->ticket, "text", words, NULL,
			    STR_NONE);
	} else if (str_is(verb, "/to")) {
		transfer(a, words);
	} else if (str_is(verb, "/release")) {
		leave(a, "release", STR_NONE);
	} else if (str_is(verb, "/resolve")) {
		leave(a, "resolve", words);
	} else if (str_is(verb, "/bot")) {
		leave(a, "return_to_bot", STR_NONE);
	} else {
		puts("! no such command; /help shows them");
	}
}

static void take_events(struct desk_agent *a)
{
	do {
		struct err e = ERR_NONE;
		json_t *m = client_receive(a->client, 0, &e);
		if (m == NULL) {
			a->code = ctl_fail("%s", e.text);
			a->done = true;
			return;
		}
		take_event(a, m);
		json_decref(m);
	} while (!a->done && client_has_more(a->client));
}

/* Lines from the terminal, cut by hand: stdio would hide them from poll. */
static void take_keys(struct desk_agent *a, struct buf *in)
{
	char chunk[4096];
	ssize_t n = read(STDIN_FILENO, chunk, sizeof(chunk));
	if (n <= 0) {
		a->done = true;
		return;
	}
	buf_add(in, chunk, (size_t)n);
	const char *end;
	while (!a->done && (end = memchr(in->p, '\n', in->n)) != NULL) {
		size_t len = (size_t)(end - in->p);
		struct buf clean = { 0 };
		utf8_add_clean(&clean, (struct str){ in->p, len });
		take_input(a, buf_str(&clean));
		buf_clear(&clean);
		memmove(in->p, in->p + len + 1, in->n - len - 1);
		in->n -= len + 1;
	}
}

static void work(struct desk_agent *a)
{
	struct buf in = { 0 };
	int64_t pinged_ms = clock_steady_ms();
	while (!a->done) {
		struct pollfd fds[2] = {
			{ .fd = client_fd(a->client), .events = POLLIN },
			{ .fd = STDIN_FILENO, .events = POLLIN },
		};
		(void)fflush(stdout); /* a terminal that is gone shows none */
		int ready = poll(fds, 2, 1000);
		if (clock_steady_ms() - pinged_ms > PING_MS) {
			request(
			    a, "ping", NULL, NULL, STR_NONE, NULL, STR_NONE);
			pinged_ms = clock_steady_ms();
		}
		if (ready > 0 && fds[0].revents != 0)
			take_events(a);
		if (ready > 0 && fds[1].revents != 0 && !a->done)
			take_keys(a, &in);
	}
	buf_clear(&in);
}

static int read_token(const char *path, struct buf *token)
{
	struct err e = ERR_NONE;
	const char *env = getenv("HANGAT_TOKEN");
	if (path != NULL) {
		if (file_read(path, TOKEN_BYTES, token, &e) != 0)
			return ctl_fail("%s", e.text);
	} else if (env != NULL) {
		buf_addz(token, env);
	} else {
		return ctl_fail("no token; give --token-file FILE or set "
				"HANGAT_TOKEN (hangatctl agents add NAME makes "
				"one)");
	}
	return CTL_OK;
}

int cmd_agent(int argc, char **argv)
{
	static const struct option options[] = { { "state", required_argument,
						     NULL, 's' },
		{ "socket", required_argument, NULL, 'S' },
		{ "token-file", required_argument, NULL, 't' }, { 0 } };
	struct remote r = { 0 };
	struct desk_agent a = { .code = CTL_OK };
	const char *token_file = NULL;
	int c;
	while ((c = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (c == 's')
			r.state = optarg;
		else if (c == 'S')
			r.socket = optarg;
		else if (c == 't')
			token_file = optarg;
		else
			return ctl_usage("agent", false);
	}
	if (optind != argc)
		return ctl_usage("agent", false);
	struct buf token = { 0 };
	a.code = read_token(token_file, &token);
	if (a.code == CTL_OK) {
		a.client = remote_open(&r, "hangat.sock");
		a.code = a.client != NULL ? CTL_OK : CTL_FAILED;
	}
	if (a.client != NULL) {
		request(&a, "hello", NULL, "role", STR("agent"), "token",
		    str_trim(buf_str(&token)));
		work(&a);
		client_close(a.client);
	}
	buf_clear(&token);
	return a.code;
}
