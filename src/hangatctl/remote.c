/* Commands that ask a running daemon over its admin socket. */
#include "hangatctl/remote.h"
#include "hangatctl/ctl.h"
#include "sys/files.h"
#include "json/write.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
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

json_t *remote_ask_for(const struct remote *r, const char *type,
    const char *key, const char *value)
{
	struct buf request = { 0 };
	struct json_out o = { &request, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "type", type);
	if (key != NULL)
		json_out_text(&o, key, value);
	json_out_close(&o, '}');
	json_t *result = remote_ask(r, buf_str(&request));
	buf_clear(&request);
	return result;
}

void remote_print(const json_t *json)
{
	char *text = json_dumps(json, JSON_INDENT(2) | JSON_ENCODE_ANY);
	puts(text != NULL ? text : "null");
	free(text);
}

bool remote_option(
    int argc, char **argv, const struct option *own, struct remote *r, int *c)
{
	enum { MOST = 8 };
	struct option known[MOST + 3] = {
		{ "state", required_argument, NULL, 'S' + 256 },
		{ "socket", required_argument, NULL, 's' + 256 },
	};
	for (size_t i = 0; own != NULL && own[i].name != NULL && i < MOST; i++)
		known[i + 2] = own[i];
	while ((*c = getopt_long(argc, argv, "", known, NULL)) != -1) {
		if (*c == 'S' + 256)
			r->state = optarg;
		else if (*c == 's' + 256)
			r->socket = optarg;
		else
			return true;
	}
	return false;
}

/* Options of commands that have one flag beside the common ones, or none
 * (flag_name NULL).  False when an option is not theirs. */
static bool options(
    int argc, char **argv, struct remote *r, const char *flag_name, bool *flag)
{
	const struct option own[] = { { flag_name, no_argument, NULL, 'f' },
		{ 0 } };
	int c;
	*r = (struct remote){ 0 };
	while (remote_option(argc, argv, own, r, &c)) {
		if (c != 'f' || flag == NULL)
			return false;
		*flag = true;
	}
	return true;
}

long long json_number(const json_t *json, const char *key)
{
	return (long long)json_integer_value(json_object_get(json, key));
}

const char *json_text(const json_t *json, const char *key)
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
	json_t *s = remote_ask_for(&r, "status", NULL, NULL);
	if (s == NULL)
		return CTL_FAILED;
	const json_t *rules = json_object_get(s, "rules");
	const json_t *errors = json_object_get(rules, "errors");
	if (as_json) {
		remote_print(s);
	} else {
		printf("hangatd %s, up %lld s\n", json_text(s, "version"),
		    json_number(s, "up_ms") / 1000);
		printf("rules: %lld files, %lld languages, %lld intents, "
		       "%lld patterns%s\n",
		    json_number(rules, "files"),
		    json_number(rules, "languages"),
		    json_number(rules, "intents"),
		    json_number(rules, "patterns"),
		    json_is_true(json_object_get(rules, "jit"))
			? ""
			: " (no JIT: tight limits)");
		if (json_number(rules, "quarantined") > 0)
			printf("patterns set aside for hitting their limit: "
			       "%lld\n",
			    json_number(rules, "quarantined"));
		if (errors != NULL)
			printf("the last reload FAILED, the rules before it "
			       "are in use:\n%s\n",
			    json_string_value(errors));
		printf("connections %lld, agents %lld, waiting %lld, open "
		       "tickets %lld, writes pending %lld\n",
		    json_number(s, "connections"), json_number(s, "agents"),
		    json_number(s, "waiting"), json_number(s, "open_tickets"),
		    json_number(s, "writes_pending"));
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
	json_t *a = remote_ask_for(&r, "reload", NULL, NULL);
	if (a == NULL)
		return CTL_FAILED;
	int code = CTL_OK;
	if (!json_is_true(json_object_get(a, "ok"))) {
		fprintf(stderr, "%s\n", json_text(a, "errors"));
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
	json_t *list = remote_ask_for(&r, "tickets", NULL, NULL);
	if (list == NULL)
		return CTL_FAILED;
	if (as_json)
		remote_print(list);
	size_t i;
	json_t *t;
	json_array_foreach (list, i, t)
		if (!as_json)
			printf("%-8s %-8s %-7s %-7s %4lld s  %-12s %s\n",
			    json_text(t, "ticket"), json_text(t, "state"),
			    json_text(t, "priority"), json_text(t, "reason"),
			    json_number(t, "waited_ms") / 1000,
			    json_text(t, "agent"),
			    json_text(t, "conversation"));
	if (!as_json && json_array_size(list) == 0)
		puts("nobody waits");
	json_decref(list);
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
	json_t *a = remote_ask_for(&r, "export", "customer", argv[optind]);
	if (a == NULL)
		return CTL_FAILED;
	remote_print(a);
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
	json_t *a = remote_ask_for(&r, "forget", "customer", argv[optind]);
	if (a == NULL)
		return CTL_FAILED;
	printf("%s is forgotten\n", argv[optind]);
	json_decref(a);
	return CTL_OK;
}
