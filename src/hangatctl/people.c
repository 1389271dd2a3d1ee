/* Who may do more than a customer: agents, and tokens of programs. */
#include "hangatctl/ctl.h"
#include "hangatctl/remote.h"
#include "model/limits.h"
#include "sys/secret.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

/* "at most 3, id en, get_refund" */
static void print_profile(const json_t *a)
{
	if (json_number(a, "capacity") > 0)
		printf(", at most %lld", json_number(a, "capacity"));
	if (*json_text(a, "langs") != '\0')
		printf(", languages %s", json_text(a, "langs"));
	if (*json_text(a, "topics") != '\0')
		printf(", topics %s", json_text(a, "topics"));
}

static void print_agents(const json_t *list)
{
	size_t i, n = 0;
	json_t *a;
	json_array_foreach (list, i, a) {
		const char *role = json_text(a, "role");
		if (strcmp(role, "agent") != 0 &&
		    strcmp(role, "supervisor") != 0)
			continue;
		n++;
		printf("%-24s %s, %s%s", json_text(a, "name"), role,
		    json_is_true(json_object_get(a, "disabled")) ? "disabled"
								 : "enabled",
		    json_is_true(json_object_get(a, "signed_in"))
			? ", signed in"
			: "");
		print_profile(a);
		putchar('\n');
	}
	if (n == 0)
		puts("no agents; add one with: hangatctl agents add NAME");
}

/* A new token, or that there is none any more. */
static void print_token(const json_t *a)
{
	if (json_object_get(a, "token") == NULL) {
		printf("\"%s\" is disabled\n", json_text(a, "name"));
		return;
	}
	fprintf(stderr,
	    "The token of \"%s\", shown only now; keep it in a file of mode "
	    "0600:\n",
	    json_text(a, "name"));
	puts(json_text(a, "token"));
}

/* A line from the terminal, not shown, or from standard input. */
static bool read_secret(const char *prompt, char *out, size_t size)
{
	struct termios old, quiet;
	bool terminal = tcgetattr(STDIN_FILENO, &old) == 0;
	if (terminal) {
		fprintf(stderr, "%s: ", prompt);
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(
		    STDIN_FILENO, TCSAFLUSH, &quiet); /* it is one */
	}
	bool got = fgets(out, (int)size, stdin) != NULL;
	if (terminal) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old); /* as it was */
		fputc('\n', stderr);
	}
	if (got)
		out[strcspn(out, "\r\n")] = '\0';
	return got;
}

static int set_password(const struct remote *r, const char *name)
{
	char one[LIMIT_PASSWORD_BYTES + 3], two[LIMIT_PASSWORD_BYTES + 3];
	struct buf request = { 0 };
	struct json_out o = { &request, false };
	if (!read_secret("New password", one, sizeof(one)))
		return ctl_fail("no password came");
	if (isatty(STDIN_FILENO) &&
	    (!read_secret("Once more", two, sizeof(two)) ||
		strcmp(one, two) != 0))
		return ctl_fail("the two are not the same; nothing is changed");
	json_out_object(&o, NULL);
	json_out_text(&o, "type", "agent_passwd");
	json_out_text(&o, "name", name);
	json_out_text(&o, "text", one);
	json_out_close(&o, '}');
	json_t *a = remote_ask(r, buf_str(&request));
	secret_wipe(one, sizeof(one));
	secret_wipe(two, sizeof(two));
	secret_wipe(request.p, request.n);
	buf_clear(&request);
	if (a == NULL)
		return CTL_FAILED;
	printf("\"%s\" has a new password\n", name);
	json_decref(a);
	return CTL_OK;
}

/* What `add` and `set` say of an agent. */
struct profile {
	const char *role, *langs, *topics;
	int64_t capacity; /* -1 not said */
};

static bool read_profile(
    int argc, char **argv, struct remote *r, struct profile *who)
{
	static const struct option own[] = {
		{ "supervisor", no_argument, NULL, 'v' },
		{ "agent", no_argument, NULL, 'a' },
		{ "capacity", required_argument, NULL, 'c' },
		{ "langs", required_argument, NULL, 'l' },
		{ "topics", required_argument, NULL, 't' },
		{ 0 },
	};
	int c;
	*who = (struct profile){ .capacity = -1 };
	while (remote_option(argc, argv, own, r, &c)) {
		if (c == 'v')
			who->role = "supervisor";
		else if (c == 'a')
			who->role = "agent";
		else if (c == 'l')
			who->langs = optarg;
		else if (c == 't')
			who->topics = optarg;
		else if (c != 'c')
			return false;
		else if (!ctl_number(optarg, 0, 1000, &who->capacity))
			return false;
	}
	return true;
}

static json_t *ask_agent(const struct remote *r, const char *type,
    const char *name, const struct profile *who)
{
	struct buf request = { 0 };
	struct json_out o = { &request, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "type", type);
	if (name != NULL)
		json_out_text(&o, "name", name);
	if (who->role != NULL)
		json_out_text(&o, "role", who->role);
	if (who->langs != NULL)
		json_out_text(&o, "langs", who->langs);
	if (who->topics != NULL)
		json_out_text(&o, "topics", who->topics);
	if (who->capacity >= 0)
		json_out_int(&o, "capacity", who->capacity);
	json_out_close(&o, '}');
	json_t *result = remote_ask(r, buf_str(&request));
	buf_clear(&request);
	return result;
}

int cmd_agents(int argc, char **argv)
{
	static const struct {
		const char *verb, *type;
		bool name, profile;
	} verbs[] = {
		{ "list", "agent_list", false, false },
		{ "add", "agent_add", true, true },
		{ "set", "agent_set", true, true },
		{ "token", "agent_token", true, false },
		{ "disable", "agent_disable", true, false },
	};
	struct remote r = { 0 };
	struct profile who;
	if (!read_profile(argc, argv, &r, &who) || optind == argc)
		return ctl_usage("agents", false);
	bool said = who.role != NULL || who.langs != NULL ||
		    who.topics != NULL || who.capacity >= 0;
	size_t i = 0;
	if (strcmp(argv[optind], "passwd") == 0 && optind + 2 == argc && !said)
		return set_password(&r, argv[optind + 1]);
	while (i < HG_COUNT(verbs) && strcmp(verbs[i].verb, argv[optind]) != 0)
		i++;
	if (i == HG_COUNT(verbs) || optind + 1 + verbs[i].name != argc ||
	    (said && !verbs[i].profile))
		return ctl_usage("agents", false);
	const char *name = verbs[i].name ? argv[optind + 1] : NULL;
	json_t *a = ask_agent(&r, verbs[i].type, name, &who);
	if (a == NULL)
		return CTL_FAILED;
	if (!verbs[i].name)
		print_agents(a);
	else if (strcmp(verbs[i].verb, "set") == 0)
		printf("\"%s\" is changed\n", json_text(a, "name"));
	else
		print_token(a);
	json_decref(a);
	return CTL_OK;
}

static void print_tokens(const json_t *list)
{
	size_t i, n = 0;
	const json_t *a;
	json_array_foreach (list, i, a) {
		if (strcmp(json_text(a, "role"), "agent") == 0 ||
		    strcmp(json_text(a, "role"), "supervisor") == 0)
			continue;
		printf("%s %s%s\n", json_text(a, "role"), json_text(a, "name"),
		    json_is_true(json_object_get(a, "disabled")) ? ", revoked"
								 : "");
		n++;
	}
	if (n == 0)
		puts("no tokens; make one with: hangatctl tokens add "
		     "gateway|operator NAME");
}

/* Ask about a token; the request names its role and its own name. */
static json_t *ask_token(const struct remote *r, const char *type,
    const char *role, const char *name)
{
	struct buf request = { 0 };
	struct json_out o = { &request, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "type", type);
	json_out_text(&o, "role", role);
	json_out_text(&o, "name", name);
	json_out_close(&o, '}');
	json_t *result = remote_ask(r, buf_str(&request));
	buf_clear(&request);
	return result;
}

int cmd_tokens(int argc, char **argv)
{
	static const char *const verbs[][2] = { { "add", "agent_add" },
		{ "renew", "agent_token" }, { "revoke", "agent_disable" } };
	struct remote r = { 0 };
	int c;
	if (remote_option(argc, argv, NULL, &r, &c) || optind == argc)
		return ctl_usage("tokens", false);
	bool lists = strcmp(argv[optind], "list") == 0;
	size_t i = 0;
	while (i < HG_COUNT(verbs) && strcmp(verbs[i][0], argv[optind]) != 0)
		i++;
	if (argc - optind != (lists ? 1 : 3) ||
	    (!lists && i == HG_COUNT(verbs)))
		return ctl_usage("tokens", false);
	json_t *a = lists ? remote_ask_for(&r, "agent_list", NULL, NULL)
			  : ask_token(&r, verbs[i][1], argv[optind + 1],
				argv[optind + 2]);
	if (a == NULL)
		return CTL_FAILED;
	if (lists)
		print_tokens(a);
	else
		print_token(a);
	json_decref(a);
	return CTL_OK;
}
