/* Configuration: every key of the file has a flag, and a flag wins.  One table
 * says for both what there is. */
#include "hangatd/config.h"
#include "base/mem.h"
#include "sys/files.h"
#include "json/check.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, EXIT_CONFIG = 78 };

static const struct key {
	const char *key, *flag;
	size_t at; /* offset in struct config */
	bool number;
	int64_t least, most; /* of a number */
	const char *choices; /* of a text, with spaces around; NULL any */
} keys[] = {
	{ "state", "state", offsetof(struct config, state), false, 0, 0, NULL },
	{ "tcp", "tcp", offsetof(struct config, tcp), false, 0, 0, NULL },
	{ "unix", "unix", offsetof(struct config, unix_path), false, 0, 0,
	    NULL },
	{ "http", "http", offsetof(struct config, http), false, 0, 0, NULL },
	{ "origins", "origins", offsetof(struct config, origins), false, 0, 0,
	    NULL },
	{ "trusted_proxies", "trusted-proxies",
	    offsetof(struct config, trusted_proxies), false, 0, 0, NULL },
	{ "notify", "notify", offsetof(struct config, notify), false, 0, 0,
	    NULL },
	{ "notify_after_s", "notify-after-s",
	    offsetof(struct config, notify_after_s), true, 1, 86400, NULL },
	{ "delay_s", "delay-s", offsetof(struct config, delay_s), true, 5,
	    86400, NULL },
	{ "log_format", "log-format", offsetof(struct config, log_format),
	    false, 0, 0, " text json " },
	{ "log_level", "log-level", offsetof(struct config, log_level), false,
	    0, 0, " error warn info debug " },
	{ "explain", "explain", offsetof(struct config, explain), false, 0, 0,
	    " on off " },
	{ "lease_s", "lease-s", offsetof(struct config, lease_s), true, 1, 3600,
	    NULL },
	{ "max_connections", "max-connections",
	    offsetof(struct config, max_connections), true, 1, 1000000, NULL },
	{ "max_per_address", "max-per-address",
	    offsetof(struct config, max_per_address), true, 1, 1000000, NULL },
	{ "retention_days", "retention-days",
	    offsetof(struct config, retention_days), true, 0, 36500, NULL },
	{ "burst_ms", "burst-ms", offsetof(struct config, burst_ms), true, 0,
	    60000, NULL },
	{ "messages_per_minute", "messages-per-minute",
	    offsetof(struct config, messages_per_minute), true, 0, 1000000,
	    NULL },
};

static char **text_at(struct config *c, const struct key *k)
{
	return (char **)(void *)((char *)c + k->at);
}

static int64_t *number_at(struct config *c, const struct key *k)
{
	return (int64_t *)(void *)((char *)c + k->at);
}

static void set_text(struct config *c, const struct key *k, const char *value)
{
	if (*text_at(c, k) == NULL)
		*text_at(c, k) = xstrdup(value);
}

static int usage(const char *why)
{
	if (why != NULL)
		fprintf(stderr, "hangatd: %s\n", why);
	fprintf(stderr, "usage: hangatd [-c FILE] [--rules DIR]... "
			"[--state DIR] [--tcp HOST:PORT|off]\n"
			"               [--unix PATH|off] [--http "
			"HOST:PORT|PATH|off] [-t]\n"
			"               [--log-format text|json] [--log-level "
			"LEVEL]\n"
			"See hangatd --help and hangatd(8).\n");
	return EXIT_USAGE;
}

static bool is_choice(const struct key *k, const char *value)
{
	char word[32];
	int n = snprintf(word, sizeof(word), " %s ", value);
	return k->choices == NULL || (n > 2 && (size_t)n < sizeof(word) &&
					 strstr(k->choices, word) != NULL);
}

static int set_flag(struct config *c, const struct key *k, const char *value)
{
	char why[160];
	if (!k->number && !is_choice(k, value)) {
		(void)snprintf(why, sizeof(why), "--%s %.32s: write one of:%s",
		    k->flag, value, k->choices); /* fits */
		return usage(why);
	}
	if (!k->number) {
		set_text(c, k, value);
		return 0;
	}
	char *end;
	long long n = strtoll(value, &end, 10);
	if (*end == '\0' && *value != '\0' && n >= k->least && n <= k->most) {
		*number_at(c, k) = n;
		return 0;
	}
	(void)snprintf(why, sizeof(why),
	    "--%s %.32s: not a whole number from %lld to %lld", k->flag, value,
	    (long long)k->least, (long long)k->most); /* fits */
	return usage(why);
}

static void add_rules(struct config *c, const char *dir)
{
	if (c->n_rules == HG_COUNT(c->rules)) {
		fprintf(stderr, "hangatd: %s: more than %zu rule directories\n",
		    dir, HG_COUNT(c->rules));
		exit(EXIT_USAGE);
	}
	c->rules[c->n_rules++] = xstrdup(dir);
}

static void take_key(struct config *c, const struct key *k,
    const struct checked_file *f, const json_t *v)
{
	struct json_at at = { NULL, k->key, 0 };
	if (v == NULL)
		return;
	if (!k->number) {
		if (is_choice(k, json_string_value(v)))
			set_text(c, k, json_string_value(v));
		else
			check_error(f, &at,
			    "\"%s\" is \"%.32s\"; write one of:%s", k->key,
			    json_string_value(v), k->choices);
		return;
	}
	int64_t n = json_integer_value(v);
	if (n < k->least || n > k->most)
		check_error(f, &at,
		    "\"%s\" is %lld; write a whole number "
		    "from %lld to %lld",
		    k->key, (long long)n, (long long)k->least,
		    (long long)k->most);
	else if (*number_at(c, k) < 0)
		*number_at(c, k) = n;
}

static void take_file(struct config *c, const struct checked_file *f,
    json_t *json, bool rules_given)
{
	struct json_field fields[HG_COUNT(keys) + 3] = {
		{ "$schema", JSON_IS_STRING, false },
		{ "note", JSON_IS_STRING, false },
		{ "rules", JSON_IS_ARRAY, false },
	};
	for (size_t i = 0; i < HG_COUNT(keys); i++)
		fields[i + 3] = (struct json_field){ keys[i].key,
			keys[i].number ? JSON_IS_INTEGER : JSON_IS_STRING,
			false };
	if (!check_object(f, NULL, json, "config", fields, HG_COUNT(fields)))
		return;
	for (size_t i = 0; i < HG_COUNT(keys); i++)
		take_key(c, &keys[i], f, json_object_get(json, keys[i].key));
	size_t i;
	json_t *v;
	struct json_at list = { NULL, "rules", 0 };
	json_array_foreach (json_object_get(json, "rules"), i, v) {
		struct json_at at = { &list, NULL, i };
		if (check_kind(
			f, &at, v, "a rules directory", JSON_IS_STRING) &&
		    !rules_given)
			add_rules(c, json_string_value(v));
	}
}

static int read_file(struct config *c, const char *path)
{
	enum { CONFIG_BYTES = 64 * 1024, CONFIG_DEPTH = 4 };
	struct buf text = { 0 }, line = { 0 };
	struct err e = ERR_NONE;
	struct diags diags = { 0 };
	if (file_read(path, CONFIG_BYTES, &text, &e) != 0) {
		fprintf(stderr, "hangatd: %s\n", e.text);
		buf_clear(&text);
		return EXIT_CONFIG;
	}
	struct json_pos at;
	struct checked_file f = { path, buf_str(&text), &diags };
	json_t *json = json_parse(f.text, CONFIG_DEPTH, &at, &e);
	if (json == NULL)
		diags_add(&diags, DIAG_ERROR, path, at, "%s", e.text);
	else
		take_file(c, &f, json, c->n_rules > 0);
	for (size_t i = 0; i < diags.n; i++) {
		buf_reset(&line);
		diag_print(&diags.v[i], &line);
		fprintf(stderr, "%s\n", line.p);
	}
	int code = diags.errors > 0 ? EXIT_CONFIG : 0;
	json_decref(json);
	diags_clear(&diags);
	buf_clear(&text);
	buf_clear(&line);
	return code;
}

static void set_default(char **field, const char *value)
{
	if (*field == NULL)
		*field = xstrdup(value);
}

static void set_path(char **field, const char *dir, const char *name)
{
	if (*field != NULL)
		return;
	struct buf b = { 0 };
	buf_addf(&b, "%s/%s", dir, name);
	*field = buf_take(&b);
}

static void set_defaults(struct config *c)
{
	const char *state = getenv("STATE_DIRECTORY");
	set_default(
	    &c->state, state != NULL && *state != '\0' ? state : HG_STATEDIR);
	set_default(&c->tcp, "127.0.0.1:4264");
	set_path(&c->unix_path, c->state, "hangat.sock");
	set_path(&c->admin_path, c->state, "admin.sock");
	set_default(&c->http, "127.0.0.1:4280");
	set_default(&c->origins, "");
	set_default(&c->trusted_proxies, "");
	set_default(&c->notify, "");
	set_default(&c->log_format, "text");
	set_default(&c->log_level, "info");
	set_default(&c->explain, "on");
	if (c->lease_s < 0)
		c->lease_s = 60;
	if (c->max_connections < 0)
		c->max_connections = 10000;
	if (c->max_per_address < 0)
		c->max_per_address = 100;
	if (c->retention_days < 0)
		c->retention_days = 90;
	if (c->burst_ms < 0)
		c->burst_ms = 1200;
	if (c->delay_s < 0)
		c->delay_s = 300;
	if (c->notify_after_s < 0)
		c->notify_after_s = 60;
	if (c->messages_per_minute < 0)
		c->messages_per_minute = 0;
	if (c->n_rules == 0) {
		add_rules(c, HG_RULESDIR);
		if (access(HG_SYSCONFDIR "/rules", R_OK) == 0)
			add_rules(c, HG_SYSCONFDIR "/rules");
	}
}

static int read_options(
    struct config *c, int argc, char **argv, const char **file)
{
	enum { OPT_FLAG = 256, OPT_RULES, OPT_VERSION, OPT_HELP };
	struct option options[HG_COUNT(keys) + 4] = {
		{ "rules", required_argument, NULL, OPT_RULES },
		{ "version", no_argument, NULL, OPT_VERSION },
		{ "help", no_argument, NULL, OPT_HELP },
	};
	for (size_t i = 0; i < HG_COUNT(keys); i++)
		options[i + 3] = (struct option){ keys[i].flag,
			required_argument, NULL, OPT_FLAG };
	int o, index = 0, code = 0;
	while (code == 0 &&
	       (o = getopt_long(argc, argv, "c:t", options, &index)) != -1) {
		if (o == 'c')
			*file = optarg;
		else if (o == 't')
			c->test_only = true;
		else if (o == OPT_RULES)
			add_rules(c, optarg);
		else if (o == OPT_VERSION)
			c->show_version = true;
		else if (o == OPT_HELP)
			c->show_help = true;
		else if (o == OPT_FLAG)
			code = set_flag(c, &keys[index - 3], optarg);
		else
			code = usage(NULL);
	}
	if (code == 0 && optind < argc)
		code = usage("it takes options only");
	return code;
}

int config_read(struct config *c, int argc, char **argv)
{
	const char *file = NULL;
	*c = (struct config){ .lease_s = -1,
		.max_connections = -1,
		.max_per_address = -1,
		.messages_per_minute = -1,
		.retention_days = -1,
		.burst_ms = -1,
		.notify_after_s = -1,
		.delay_s = -1 };
	int code = read_options(c, argc, argv, &file);
	if (code == 0 && file != NULL)
		code = read_file(c, file);
	if (code != 0)
		return code;
	set_defaults(c);
	return 0;
}

void config_clear(struct config *c)
{
	for (size_t i = 0; i < c->n_rules; i++)
		free(c->rules[i]);
	for (size_t i = 0; i < HG_COUNT(keys); i++)
		if (!keys[i].number)
			free(*text_at(c, &keys[i]));
	free(c->admin_path);
	*c = (struct config){ 0 };
}
