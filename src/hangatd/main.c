/* hangatd: options, rules, lock, store, hub, listeners, loop. */
#include "base/buf.h"
#include "base/mem.h"
#include "hangatd/config.h"
#include "hangatd/versions.h"
#include "net/loop.h"
#include "sys/files.h"
#include "sys/log.h"
#include "sys/memory.h"
#include "sys/notify.h"
#include "sys/socket.h"
#include "web/assets.h"

#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

enum { EXIT_BAD_CONFIG = 78, CACHE_MS = 10 * 60 * 1000 };

static int help(void)
{
	puts(
	    "usage: hangatd [OPTION]...\n"
	    "The customer-service chatbot daemon.\n\n"
	    "  -c FILE                   read a config file\n"
	    "  -t                        test config and rules, then exit\n"
	    "  --rules DIR               rule directory; may be repeated, "
	    "later ones override\n"
	    "  --state DIR               database, sockets and lock\n"
	    "  --tcp HOST:PORT|off       default 127.0.0.1:4264\n"
	    "  --unix PATH|off           default STATE/hangat.sock\n"
	    "  --http HOST:PORT|PATH|off pages, HTTP and WebSocket; default "
	    "127.0.0.1:4280,\n"
	    "                            a PATH is a Unix socket\n"
	    "  --origins \"URL...\"       pages that may talk, as "
	    "https://shop.example; * any\n"
	    "  --trusted-proxies \"ADDRESS...\" whose X-Forwarded-For is "
	    "believed\n"
	    "  --notify \"COMMAND...\"     run when a customer waits too long\n"
	    "  --notify-after-s N        that long, default 60\n"
	    "  --delay-s N               the bot's first word about a delay, "
	    "default 300\n"
	    "  --log-format text|json\n"
	    "  --log-level error|warn|info|debug\n"
	    "  --lease-s N               an agent's claim, default 60\n"
	    "  --max-connections N       default 10000\n"
	    "  --max-per-address N       default 100; loopback is exempt\n"
	    "  --burst-ms N              how long a page's message waits for "
	    "the next\n"
	    "                            fragment, default 1200; 0 never\n"
	    "  --messages-per-minute N   per conversation, default 0: no "
	    "limit\n"
	    "  --version                 versions of the libraries loaded\n\n"
	    "Report bugs to: <" PACKAGE_BUGREPORT ">");
	return EXIT_SUCCESS;
}

static struct ruleset *load_rules(const struct config *c)
{
	struct file_set set;
	struct err e = ERR_NONE;
	struct diags diags = { 0 };
	struct buf line = { 0 };
	if (file_set_read(
		&set, (const char *const *)c->rules, c->n_rules, &e) != 0) {
		fprintf(stderr, "hangatd: %s\n", e.text);
		return NULL;
	}
	struct ruleset *rs = ruleset_compile(set.v, set.n, RULESET_RUN, &diags);
	for (size_t i = 0; rs == NULL && i < diags.n; i++) {
		buf_reset(&line);
		diag_print(&diags.v[i], &line);
		fprintf(stderr, "%s\n", line.p);
	}
	file_set_clear(&set);
	memory_give_back();
	diags_clear(&diags);
	buf_clear(&line);
	return rs;
}

/* As many descriptors as connections may need, and some for ourselves. */
static void raise_limits(int64_t max_connections)
{
	struct rlimit r;
	rlim_t want = (rlim_t)max_connections + 64;
	if (getrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur >= want)
		return;
	r.rlim_cur = r.rlim_max < want ? r.rlim_max : want;
	if (setrlimit(RLIMIT_NOFILE, &r) != 0 || r.rlim_cur < want)
		log_line(LOG_WARN, "main",
		    "descriptors=%llu allow fewer than max_connections=%lld",
		    (unsigned long long)r.rlim_cur, (long long)max_connections);
}

static void say_listening(const char *kind, const char *where, int fd)
{
	struct sockaddr_in in;
	socklen_t n = sizeof(in);
	if (getsockname(fd, (struct sockaddr *)&in, &n) == 0 &&
	    in.sin_family == AF_INET)
		printf("listening %s %.*s:%d\n", kind,
		    (int)(strrchr(where, ':') - where), where,
		    ntohs(in.sin_port));
	else
		printf("listening %s %s\n", kind, where);
}

static int listen_http(struct loop *l, const char *where, struct err *e)
{
	enum { WEB_MODE = 0660 };
	if (strcmp(where, "off") == 0)
		return 0;
	int fd = strchr(where, '/') != NULL
		     ? socket_listen_unix(where, WEB_MODE, e)
		     : socket_listen_tcp(where, e);
	if (fd < 0)
		return -1;
	say_listening("http", where, fd);
	return loop_listen(l, fd, DOOR_WEB, e);
}

static int listen_all(struct loop *l, const struct config *c, struct err *e)
{
	enum { PUBLIC_MODE = 0660, ADMIN_MODE = 0600 };
	if (strcmp(c->tcp, "off") != 0) {
		int fd = socket_listen_tcp(c->tcp, e);
		if (fd < 0)
			return -1;
		say_listening("tcp", c->tcp, fd);
		if (loop_listen(l, fd, DOOR_PUBLIC, e) != 0)
			return -1;
	}
	if (strcmp(c->unix_path, "off") != 0) {
		int fd = socket_listen_unix(c->unix_path, PUBLIC_MODE, e);
		if (fd < 0)
			return -1;
		say_listening("unix", c->unix_path, fd);
		if (loop_listen(l, fd, DOOR_PUBLIC, e) != 0)
			return -1;
	}
	if (listen_http(l, c->http, e) != 0)
		return -1;
	int fd = socket_listen_unix(c->admin_path, ADMIN_MODE, e);
	if (fd < 0)
		return -1;
	say_listening("admin", c->admin_path, fd);
	return loop_listen(l, fd, DOOR_ADMIN, e);
}

/* The words of a text. */
struct words {
	char *text;
	char **v; /* ends with NULL */
	size_t n, cap;
};

static struct words words_of(const char *text)
{
	struct words w = { .text = xstrdup(text) };
	char *at = w.text;
	while (*(at += strspn(at, " \t")) != '\0') {
		VEC_ROOM(w.v, w.n, w.cap);
		w.v[w.n++] = at;
		at += strcspn(at, " \t");
		if (*at != '\0')
			*at++ = '\0';
	}
	VEC_ROOM(w.v, w.n, w.cap);
	w.v[w.n] = NULL;
	return w;
}

static void words_clear(struct words *w)
{
	free(w->text);
	free(w->v);
	*w = (struct words){ 0 };
}

/* key: the installation's secret, and notify, the shop's command: for the life
 * of the hub. */
static struct hub *open_hub(const struct config *c, struct ruleset *rs,
    char key[SECRET_KEY_BYTES], const struct words *notify, struct err *e)
{
	struct buf path = { 0 };
	struct store_start start;
	buf_addf(&path, "%s/hangat.db", c->state);
	struct store *store = store_open(path.p, &start, e);
	buf_reset(&path);
	buf_addf(&path, "%s/secret", c->state);
	if (store != NULL && secret_file(path.p, key, e) != 0) {
		store_start_clear(&start);
		store_close(store, NULL);
		store = NULL;
	}
	buf_clear(&path);
	if (store == NULL) {
		ruleset_unref(&rs);
		return NULL;
	}
	struct hub_config config = {
		.customer_key = key,
		.burst_ms = c->burst_ms,
		.rule_dirs = (const char *const *)c->rules,
		.n_rule_dirs = c->n_rules,
		.lease_ms = c->lease_s * 1000,
		.forget_cache_ms = CACHE_MS,
		.messages_per_minute = (int)c->messages_per_minute,
		.retention_ms = c->retention_days * 24 * 3600 * 1000,
		.explains = strcmp(c->explain, "on") == 0,
		.notify = notify->n > 0 ? notify->v : NULL,
		.notify_after_ms = c->notify_after_s * 1000,
		.delay_ms = c->delay_s * 1000,
	};
	struct hub *hub = hub_new(&config, store, &start, rs, e);
	store_start_clear(&start);
	return hub;
}

/* rs is the hub's from here on: it goes when other rules are loaded. */
static int serve(const struct config *c, struct ruleset *rs, struct err *e)
{
	bool held;
	int lock = state_lock(c->state, &held, e);
	if (lock < 0) {
		ruleset_unref(&rs);
		return -1;
	}
	raise_limits(c->max_connections);
	int bad = -1;
	struct loop *l = NULL;
	struct words origins = words_of(c->origins),
		     proxies = words_of(c->trusted_proxies),
		     notify = words_of(c->notify);
	char key[SECRET_KEY_BYTES];
	struct hub *hub = open_hub(c, rs, key, &notify, e);
	if (hub == NULL)
		goto out;
	struct loop_config limits = { (int)c->max_connections,
		(int)c->max_per_address,
		{ web_assets, web_n_assets, (const char *const *)origins.v,
		    origins.n, (const char *const *)proxies.v, proxies.n } };
	l = loop_new(
	    &limits, hub, (const char *const *)c->rules, c->n_rules, e);
	if (l == NULL || listen_all(l, c, e) != 0)
		goto out;
	puts("ready");
	if (fflush(stdout) != 0)
		log_line(LOG_WARN, "main", "stdout cannot be written");
	notify_manager("READY=1");
	loop_run(l);
	(void)unlink(c->admin_path); /* a stale one is cleared at start too */
	if (strcmp(c->unix_path, "off") != 0)
		(void)unlink(c->unix_path); /* likewise */
	bad = 0;
out:
	loop_free(l);
	hub_free(hub);
	words_clear(&origins);
	words_clear(&proxies);
	words_clear(&notify);
	close(lock);
	return bad;
}

static struct ruleset *take_ruleset(struct ruleset **rs)
{
	struct ruleset *taken = *rs;
	*rs = NULL;
	return taken;
}

int main(int argc, char **argv)
{
	struct config c;
	struct err e = ERR_NONE;
	int code = config_read(&c, argc, argv);
	if (code == 0 && c.show_help)
		code = help();
	else if (code == 0 && c.show_version)
		versions_print();
	if (code != 0 || c.show_help || c.show_version) {
		config_clear(&c);
		return code;
	}
	int level = log_level_from_name(c.log_level);
	log_setup((enum log_level)level, strcmp(c.log_format, "json") == 0);
	(void)umask(0077);              /* the state is nobody else's */
	(void)signal(SIGPIPE, SIG_IGN); /* cannot fail for SIGPIPE */
	(void)signal(
	    SIGXFSZ, SIG_IGN); /* a full disk is an error, not the end */
	json_object_seed(0);
	struct ruleset *rs = load_rules(&c);
	if (rs == NULL)
		code = EXIT_BAD_CONFIG;
	else if (c.test_only)
		puts("config and rules are good");
	else if (secret_setup(&e) != 0 ||
		 serve(&c, take_ruleset(&rs), &e) != 0) {
		fprintf(stderr, "hangatd: %s\n", e.text);
		code = EXIT_FAILURE;
	}
	ruleset_unref(&rs);
	config_clear(&c);
	return code;
}
