/* `agent`: the human queue in a terminal, plain lines that work over SSH and
 * with a screen reader.  All text from outside is cleaned before it is
 * shown. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hangatctl/agent_show.h"
#include "hangatctl/ctl.h"
#include "hangatctl/remote.h"
#include "sys/clock.h"
#include "sys/files.h"
#include "json/write.h"

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
	unsigned asked;   /* id of the last question */
	enum asked { ASKED_CANNED, ASKED_ENDED, ASKED_STATS } about;
	json_t *card;     /* of the ticket in hand */
	json_t *presence; /* who is here */
	bool done;
	int code;
};

/* What is asked of the daemon. */
struct asking {
	const char *type, *ticket; /* ticket NULL: none */
	const char *key, *key2;    /* NULL: no such text */
	struct str value, value2;
	int64_t wait_s; /* 0: not said */
	bool take_over;
};

static void request(struct desk_agent *a, const struct asking *q)
{
	struct buf b = { 0 };
	struct json_out o = { &b, false };
	struct err e = ERR_NONE;
	char id[16];
	(void)snprintf(id, sizeof(id), "%u", ++a->next_id); /* fits */
	json_out_object(&o, NULL);
	json_out_text(&o, "type", q->type);
	json_out_text(&o, "id", id);
	if (q->ticket != NULL) {
		json_out_text(&o, "ticket", q->ticket);
		json_out_int(&o, "generation", a->generation);
	}
	if (q->key != NULL)
		json_out_str(&o, q->key, q->value);
	if (q->key2 != NULL)
		json_out_str(&o, q->key2, q->value2);
	if (q->wait_s > 0)
		json_out_int(&o, "wait_s", q->wait_s);
	if (q->take_over)
		json_out_bool(&o, "take_over", true);
	json_out_close(&o, '}');
	if (client_send(a->client, buf_str(&b), &e) != 0) {
		a->code = ctl_fail("%s", e.text);
		a->done = true;
	}
	buf_clear(&b);
}

/* Write to the customer. */
static void write_text(struct desk_agent *a, struct str text)
{
	request(a, &(struct asking){ .type = "message",
		       .ticket = a->ticket,
		       .key = "text",
		       .value = text });
}

static bool has_ticket(struct desk_agent *a)
{
	if (a->ticket[0] == '\0')
		puts("! no ticket in hand; /list, then /claim t_N");
	return a->ticket[0] != '\0';
}

/* The only canned reply of that name is sent; several are shown. */
static void take_canned(struct desk_agent *a, const json_t *list)
{
	size_t i;
	json_t *v;
	if (json_array_size(list) == 1 && a->ticket[0] != '\0') {
		const char *text = json_text(json_array_get(list, 0), "text");
		show("you: ", text);
		write_text(a, str_of(text));
		return;
	}
	json_array_foreach (list, i, v) {
		printf("  /r %-14s ", json_text(v, "name"));
		show("", json_text(v, "text"));
	}
	if (json_array_size(list) == 0)
		puts("! no canned reply begins like that");
}

static void take_result(struct desk_agent *a, const json_t *m)
{
	const json_t *result = json_object_get(m, "result");
	if (strtoul(json_text(m, "re"), NULL, 10) != a->asked)
		return;
	if (a->about == ASKED_CANNED)
		take_canned(a, result);
	else if (a->about == ASKED_ENDED)
		show_ended(result);
	else
		show_stats(result);
}

static void drop_card(struct desk_agent *a)
{
	a->ticket[0] = '\0';
	json_decref(a->card);
	a->card = NULL;
}

/* A ticket that a colleague hands over waits until this one is done. */
static void take_claimed(struct desk_agent *a, json_t *m)
{
	const char *name = json_text(m, "ticket");
	if (a->ticket[0] != '\0' && *json_text(m, "re") == '\0' &&
	    strcmp(name, a->ticket) != 0) {
		show("handed over to you; /claim it when you are done: ", name);
		return;
	}
	json_decref(a->card);
	a->card = json_incref(json_object_get(m, "card"));
	FIELD_SET(
	    a->ticket, json_text(m, "ticket"), strlen(json_text(m, "ticket")));
	a->generation = json_number(m, "generation");
	printf("%s is yours\n", a->ticket);
	show_card(a->card);
}

/* "[t_2] " when m is not about the ticket in hand. */
static const char *other_ticket(
    const struct desk_agent *a, const json_t *m, char *head, size_t size)
{
	const char *name = json_text(m, "ticket");
	(void)snprintf(head, size, "[%.30s] ", name); /* cut is fine */
	return *name != '\0' && strcmp(name, a->ticket) != 0 ? head : "";
}

static void take_event(struct desk_agent *a, json_t *m)
{
	char head[40];
	const char *type = json_text(m, "type");
	size_t i;
	json_t *v;
	if (strcmp(type, "welcome") == 0) {
		show("signed in as ", json_text(m, "name"));
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
		show_message(other_ticket(a, m, head, sizeof(head)), m);
	} else if (strcmp(type, "lease_lost") == 0) {
		show("lost to the queue: ", json_text(m, "ticket"));
		if (strcmp(json_text(m, "ticket"), a->ticket) == 0)
			drop_card(a);
	} else if (strcmp(type, "card") == 0) {
		show_ticket(m);
		show_card(json_object_get(m, "card"));
	} else if (strcmp(type, "presence") == 0) {
		json_decref(a->presence);
		a->presence = json_incref(json_object_get(m, "agents"));
	} else if (strcmp(type, "result") == 0) {
		take_result(a, m);
	} else if (strcmp(type, "ack") == 0) {
		if (a->leaving != 0 &&
		    strtoul(json_text(m, "re"), NULL, 10) == a->leaving) {
			drop_card(a);
			a->leaving = 0;
		}
	} else if (strcmp(type, "error") == 0) {
		show("! ", json_text(m, "message"));
		if (strcmp(json_text(m, "code"), "bad_token") == 0) {
			a->done = true;
			a->code = CTL_FAILED;
		}
	}
}

/* The ticket leaves this hand; words of the outcome, or none. */
static void leave(struct desk_agent *a, const char *type, struct str words)
{
	if (!has_ticket(a))
		return;
	request(a, &(struct asking){ .type = type,
		       .ticket = a->ticket,
		       .key = words.n != 0 ? "outcome" : NULL,
		       .value = words });
	a->leaving = a->next_id;
}

static void release(struct desk_agent *a, struct str words)
{
	(void)words; /* it takes none */
	leave(a, "release", (struct str){ "", 0 });
}

static void resolve(struct desk_agent *a, struct str words)
{
	leave(a, "resolve", words);
}

static void to_bot(struct desk_agent *a, struct str words)
{
	(void)words; /* it takes none */
	leave(a, "return_to_bot", (struct str){ "", 0 });
}

static void transfer(struct desk_agent *a, struct str words)
{
	struct str name;
	(void)str_next(&words, ' ', &name); /* words may be none */
	if (!has_ticket(a))
		return;
	request(a, &(struct asking){ .type = "transfer",
		       .ticket = a->ticket,
		       .key = "to",
		       .value = name,
		       .key2 = words.p != NULL ? "text" : NULL,
		       .value2 = words });
	a->leaving = a->next_id;
}

static void note(struct desk_agent *a, struct str words)
{
	if (has_ticket(a))
		request(a, &(struct asking){ .type = "note",
			       .ticket = a->ticket,
			       .key = "text",
			       .value = words });
}

/* A ticket that is named. */
static void about_ticket(
    struct desk_agent *a, const char *type, struct str words, bool takes_over)
{
	char name[32] = "";
	FIELD_SET(name, words.p, words.n);
	request(a, &(struct asking){ .type = type,
		       .ticket = name[0] != '\0' ? name : "next",
		       .take_over = takes_over });
}

static void snooze(struct desk_agent *a, struct str words)
{
	enum { MOST_MINUTES = 14 * 24 * 60 };
	char text[16] = "";
	int64_t minutes;
	FIELD_SET(text, words.p, words.n);
	if (!has_ticket(a) || !ctl_number(text, 1, MOST_MINUTES, &minutes))
		return;
	request(a, &(struct asking){ .type = "snooze",
		       .ticket = a->ticket,
		       .wait_s = minutes * 60 });
	a->leaving = a->next_id;
}

static void question(
    struct desk_agent *a, const char *type, enum asked about, struct str words)
{
	bool filled = about == ASKED_CANNED && a->ticket[0] != '\0';
	request(a, &(struct asking){ .type = type,
		       .ticket = filled ? a->ticket : NULL,
		       .key = words.n > 0 ? "text" : NULL,
		       .value = words });
	a->asked = a->next_id;
	a->about = about;
}

/* Send a suggestion of the card. */
static void suggest(struct desk_agent *a, struct str words)
{
	char text[8] = "";
	int64_t n = 1;
	const json_t *list = json_object_get(a->card, "suggestions");
	FIELD_SET(text, words.p, words.n);
	if (!has_ticket(a) || (words.n > 0 && !ctl_number(text, 1, 9, &n)))
		return;
	const char *line =
	    json_string_value(json_array_get(list, (size_t)n - 1));
	if (line == NULL) {
		puts("! the card has no such suggestion");
		return;
	}
	show("you: ", line);
	write_text(a, str_of(line));
}

static void claim(struct desk_agent *a, struct str words)
{
	if (a->ticket[0] == '\0')
		about_ticket(a, "claim", words, false);
	else
		printf("! %s is in hand; /resolve, /bot or /release it "
		       "first\n",
		    a->ticket);
}

static void take_over(struct desk_agent *a, struct str words)
{
	about_ticket(a, "claim", words, true);
}

static void view(struct desk_agent *a, struct str words)
{
	about_ticket(a, "view", words, false);
}

static void canned(struct desk_agent *a, struct str words)
{
	question(a, "canned", ASKED_CANNED, words);
}

static void ended(struct desk_agent *a, struct str words)
{
	question(a, "ended", ASKED_ENDED, words);
}

static void stats(struct desk_agent *a, struct str words)
{
	question(a, "stats", ASKED_STATS, words);
}

static void list(struct desk_agent *a, struct str words)
{
	(void)words; /* it takes none */
	request(a, &(struct asking){ .type = "tickets" });
}

static void who(struct desk_agent *a, struct str words)
{
	(void)words; /* it takes none */
	show_presence(a->presence);
}

static void help(struct desk_agent *a, struct str words)
{
	(void)a; /* it is about nobody's ticket */
	(void)words;
	show_help();
}

static void quit(struct desk_agent *a, struct str words)
{
	(void)words; /* it takes none */
	a->done = true;
}

static const struct {
	const char *name;
	void (*run)(struct desk_agent *a, struct str words);
} verbs[] = {
	{ "/bot", to_bot },
	{ "/claim", claim },
	{ "/done", ended },
	{ "/help", help },
	{ "/list", list },
	{ "/note", note },
	{ "/quit", quit },
	{ "/r", canned },
	{ "/release", release },
	{ "/resolve", resolve },
	{ "/s", suggest },
	{ "/snooze", snooze },
	{ "/stats", stats },
	{ "/take", take_over },
	{ "/to", transfer },
	{ "/view", view },
	{ "/who", who },
};

static void take_input(struct desk_agent *a, struct str line)
{
	line = str_trim(line);
	struct str words = line, verb;
	if (line.n == 0)
		return;
	if (line.p[0] != '/') {
		if (has_ticket(a))
			write_text(a, line);
		return;
	}
	(void)str_next(&words, ' ', &verb); /* line has one */
	if (words.p == NULL)
		words = (struct str){ "", 0 };
	words = str_trim(words);
	for (size_t i = 0; i < HG_COUNT(verbs); i++)
		if (str_is(verb, verbs[i].name)) {
			verbs[i].run(a, words);
			return;
		}
	puts("! no such command; /help shows them");
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
			request(a, &(struct asking){ .type = "ping" });
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
	static const struct option own[] = {
		{ "token-file", required_argument, NULL, 't' }, { 0 }
	};
	struct remote r = { 0 };
	struct desk_agent a = { .code = CTL_OK };
	const char *token_file = NULL;
	int c;
	while (remote_option(argc, argv, own, &r, &c)) {
		if (c != 't')
			return ctl_usage("agent", false);
		token_file = optarg;
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
		request(&a, &(struct asking){ .type = "hello",
				.key = "role",
				.value = STR("agent"),
				.key2 = "token",
				.value2 = str_trim(buf_str(&token)) });
		work(&a);
		client_close(a.client);
		json_decref(a.card);
		json_decref(a.presence);
	}
	buf_clear(&token);
	return a.code;
}
