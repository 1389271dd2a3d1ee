/* Commands that ask a running daemon over its admin socket. */
#include "hangatctl/remote.h"
#include "hangatctl/ctl.h"
#include "model/limits.h"
#include "sys/files.h"
#include "sys/secret.h"
#include "json/write.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

void remote_path(const struct remote *r, const char *name, struct buf *out)
{
	if (r->socket != NULL) {
		buf_addz(out, r->socket);
		return;
	}
	const char *env = getenv("STATE_DIRECTORY");
	const char *dir = r->state != NULL              ? r->state
			  : env != NULL && *env != '\0' ? env
							: HG_STATEDIR;
	buf_addf(out, "%s/%s", dir, name);
}

struct client *remote_open(const struct remote *r, const char *name)
{
	struct buf path = { 0 };
	struct err e = ERR_NONE;
	remote_path(r, name, &path);
	struct client *c = client_open(path.p, &e);
	if (c == NULL)
		(void)ctl_fail("%s; is hangatd running? Its state directory "
			       "is given with --state",
		    e.text);
	buf_clear(&path);
	return c;
}

json_t *remote_ask(const struct remote *r, struct str request)
{
	enum { ANSWER_MS = 30000 };
	struct err e = ERR_NONE;
	struct client *c = remote_open(r, "admin.sock");
	if (c == NULL)
		return NULL;
	json_t *answer = NULL, *result = NULL;
	if (client_send(c, request, &e) == 0)
		answer = client_receive(c, ANSWER_MS, &e);
	const char *message =
	    json_string_value(json_object_get(answer, "message"));
	if (answer == NULL)
		(void)ctl_fail("%s", e.text);
	else if (message != NULL)
		(void)ctl_fail("%s", message);
	else
		result = json_incref(json_object_get(answer, "result"));
	json_decref(answer);
	client_close(c);
	return result;
}

static void write_request(
    struct buf *out, const char *type, const char *key, const char *value)
{
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "type", type);
	if (key != NULL)
		json_out_text(&o, key, value);
	json_out_close(&o, '}');
}

/* Ask with at most one argument. */
static json_t *ask(const struct remote *r, const char *type, const char *key,
    const char *value)
{
	struct buf request = { 0 };
	write_request(&request, type, key, value);
	json_t *result = remote_ask(r, buf_str(&request));
	buf_clear(&request);
	return result;
}

static void print_json(const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY);
	puts(text != NULL ? text : "null");
	free(text);
}

/* Options that all these commands have, and a flag that one of them has (NULL:
 * none).  False when an option is not theirs. */
static bool options(
    int argc, char **argv, struct remote *r, const char *flag_name, bool *flag)
{
	const struct option known[] = { { "state", required_argument, NULL,
					    's' },
		{ "socket", required_argument, NULL, 'S' },
		{ flag_name, no_argument, NULL, 'f' }, { 0 } };
	int c;
	*r = (struct remote){ 0 };
	while ((c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (c == 's')
			r->state = optarg;
		else if (c == 'S')
			r->socket = optarg;
		else if (c == 'f')
			*flag = true;
		else
			return false;
	}
	return true;
}

static long long number(const json_t *json, const char *key)
{
	return (long long)json_integer_value(json_object_get(json, key));
}

static const char *text(const json_t *json, const char *key)
{
	const char *z = json_string_value(json_object_get(json, key));
	return z != NULL ? z : "";
}

int cmd_status(int argc, char **argv)
{
	struct remote r;
	bool as_json = false;
	if (!options(argc, argv, &r, "json", &as_json) || optind != argc)
		return ctl_usage("status", false);
	json_t *s = ask(&r, "status", NULL, NULL);
	if (s == NULL)
		return CTL_FAILED;
	const json_t *rules = json_object_get(s, "rules");
	const json_t *errors = json_object_get(rules, "errors");
	if (as_json) {
		print_json(s);
	} else {
		printf("hangatd %s, up %lld s\n", text(s, "version"),
		    number(s, "up_ms") / 1000);
		printf("rules: %lld files, %lld languages, %lld intents, "
		       "%lld patterns%s\n",
		    number(rules, "files"), number(rules, "languages"),
		    number(rules, "intents"), number(rules, "patterns"),
		    json_is_true(json_object_get(rules, "jit"))
			? ""
			: " (no JIT: tight limits)");
		if (number(rules, "quarantined") > 0)
			printf("patterns set aside for hitting their limit: "
			       "%lld\n",
			    number(rules, "quarantined"));
		if (errors != NULL)
			printf("the last reload FAILED, the rules before it "
			       "are in use:\n%s\n",
			    json_string_value(errors));
		printf("connections %lld, agents %lld, waiting %lld, open "
		       "tickets %lld, writes pending %lld\n",
		    number(s, "connections"), number(s, "agents"),
		    number(s, "waiting"), number(s, "open_tickets"),
		    number(s, "writes_pending"));
		const char *key;
		json_t *v;
		json_object_foreach (json_object_get(s, "counters"), key, v)
			printf("  %-18s %lld\n", key,
			    (long long)json_integer_value(v));
	}
	json_decref(s);
	return CTL_OK;
}

int cmd_reload(int argc, char **argv)
{
	struct remote r;
	if (!options(argc, argv, &r, NULL, NULL) || optind != argc)
		return ctl_usage("reload", false);
	json_t *a = ask(&r, "reload", NULL, NULL);
	if (a == NULL)
		return CTL_FAILED;
	int code = CTL_OK;
	if (!json_is_true(json_object_get(a, "ok"))) {
		fprintf(stderr, "%s\n", text(a, "errors"));
		code = ctl_fail("not loaded; the old rules stay in use");
	} else {
		puts(json_is_true(json_object_get(a, "changed"))
			 ? "rules loaded"
			 : "rules are unchanged");
	}
	json_decref(a);
	return code;
}

int cmd_tickets(int argc, char **argv)
{
	struct remote r;
	bool as_json = false;
	if (!options(argc, argv, &r, "json", &as_json) || optind != argc)
		return ctl_usage("tickets", false);
	json_t *list = ask(&r, "tickets", NULL, NULL);
	if (list == NULL)
		return CTL_FAILED;
	if (as_json)
		print_json(list);
	size_t i;
	json_t *t;
	json_array_foreach (list, i, t)
		if (!as_json)
			printf("%-8s %-8s %-7s %-7s %4lld s  %-12s %s\n",
			    text(t, "ticket"), text(t, "state"),
			    text(t, "priority"), text(t, "reason"),
			    number(t, "waited_ms") / 1000, text(t, "agent"),
			    text(t, "conversation"));
	if (!as_json && json_array_size(list) == 0)
		puts("nobody waits");
	json_decref(list);
	return CTL_OK;
}

static void print_agents(const json_t *list)
{
	size_t i, n = 0;
	json_t *a;
	json_array_foreach (list, i, a) {
		if (strcmp(text(a, "role"), "agent") != 0)
			continue;
		n++;
		printf("%-24s %s%s\n", text(a, "name"),
		    json_is_true(json_object_get(a, "disabled")) ? "disabled"
								 : "enabled",
		    json_is_true(json_object_get(a, "signed_in"))
			? ", signed in"
			: "");
	}
	if (n == 0)
		puts("no agents; add one with: hangatctl agents add NAME");
}

/* A new token, or that there is none any more. */
static void print_token(const json_t *a)
{
	if (json_object_get(a, "token") == NULL) {
		printf("\"%s\" is disabled\n", text(a, "name"));
		return;
	}
	fprintf(stderr,
	    "The token of \"%s\", shown only now; keep it in a file of mode "
	    "0600:\n",
	    text(a, "name"));
	puts(text(a, "token"));
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

int cmd_agents(int argc, char **argv)
{
	static const struct {
		const char *verb, *type;
		bool name;
	} verbs[] = {
		{ "list", "agent_list", false },
		{ "add", "agent_add", true },
		{ "token", "agent_token", true },
		{ "disable", "agent_disable", true },
	};
	struct remote r;
	if (!options(argc, argv, &r, NULL, NULL) || optind == argc)
		return ctl_usage("agents", false);
	size_t i = 0;
	if (strcmp(argv[optind], "passwd") == 0 && optind + 2 == argc)
		return set_password(&r, argv[optind + 1]);
	while (i < HG_COUNT(verbs) && strcmp(verbs[i].verb, argv[optind]) != 0)
		i++;
	if (i == HG_COUNT(verbs) || optind + 1 + verbs[i].name != argc)
		return ctl_usage("agents", false);
	json_t *a = ask(&r, verbs[i].type, verbs[i].name ? "name" : NULL,
	    verbs[i].name ? argv[optind + 1] : NULL);
	if (a == NULL)
		return CTL_FAILED;
	if (verbs[i].name)
		print_token(a);
	else
		print_agents(a);
	json_decref(a);
	return CTL_OK;
}

static void print_tokens(const json_t *list)
{
	size_t i, n = 0;
	const json_t *a;
	json_array_foreach (list, i, a) {
		if (strcmp(text(a, "role"), "agent") == 0)
			continue;
		printf("%s %s%s\n", text(a, "role"), text(a, "name"),
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
	struct remote r;
	if (!options(argc, argv, &r, NULL, NULL) || optind == argc)
		return ctl_usage("tokens", false);
	bool lists = strcmp(argv[optind], "list") == 0;
	size_t i = 0;
	while (i < HG_COUNT(verbs) && strcmp(verbs[i][0], argv[optind]) != 0)
		i++;
	if (argc - optind != (lists ? 1 : 3) ||
	    (!lists && i == HG_COUNT(verbs)))
		return ctl_usage("tokens", false);
	json_t *a = lists ? ask(&r, "agent_list", NULL, NULL)
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

int cmd_secret(int argc, char **argv)
{
	enum { MOST_BYTES = 128 };
	struct remote r;
	struct buf path = { 0 }, secret = { 0 };
	struct err e = ERR_NONE;
	if (!options(argc, argv, &r, NULL, NULL) || optind != argc ||
	    r.socket != NULL)
		return ctl_usage("secret", false);
	remote_path(&r, "secret", &path);
	int bad = file_read(path.p, MOST_BYTES, &secret, &e);
	if (bad == 0)
		printf("%.*s\n", STR_ARG(str_trim(buf_str(&secret))));
	buf_clear(&path);
	buf_clear(&secret);
	return bad == 0
		   ? CTL_OK
		   : ctl_fail("%s; hangatd makes it when it starts", e.text);
}

int cmd_export(int argc, char **argv)
{
	struct remote r;
	if (!options(argc, argv, &r, NULL, NULL) || optind + 1 != argc)
		return ctl_usage("export", false);
	json_t *a = ask(&r, "export", "customer", argv[optind]);
	if (a == NULL)
		return CTL_FAILED;
	print_json(a);
	json_decref(a);
	return CTL_OK;
}

int cmd_forget(int argc, char **argv)
{
	struct remote r;
	bool yes = false;
	if (!options(argc, argv, &r, "yes", &yes) || optind + 1 != argc)
		return ctl_usage("forget", false);
	if (!yes) {
		printf("Erase all that is stored of %s? This cannot be "
		       "undone. [y/N] ",
		    argv[optind]);
		(void)fflush(stdout); /* the answer will show */
		int c = getchar();
		if (c != 'y' && c != 'Y')
			return ctl_fail("nothing was erased");
	}
	json_t *a = ask(&r, "forget", "customer", argv[optind]);
	if (a == NULL)
		return CTL_FAILED;
	printf("%s is forgotten\n", argv[optind]);
	json_decref(a);
	return CTL_OK;
}
