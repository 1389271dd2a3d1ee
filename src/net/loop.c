/* The loop: what wakes the daemon, and how it ends. */
#include "net/loop.h"
#include "base/mem.h"
#include "net/listen.h"
#include "sys/clock.h"
#include "sys/dirwatch.h"
#include "sys/log.h"
#include "sys/notify.h"

#include <signal.h>
#include <stdlib.h>

enum {
	MAX_LISTENERS = 8,
	TICK_MS = 250,
	DEBOUNCE_MS = 100, /* an editor saves in several steps */
	POLL_TICKS = 20,   /* rules are looked at every 5 s in any case */
	DRAIN_MS = 10 * 1000,
};

struct loop {
	struct event_base *base;
	struct hub *hub;
	struct conns conns;
	struct listen_limits limits;
	struct web_config web;
	struct listener *listeners[MAX_LISTENERS];
	size_t n_listeners;
	struct dirwatch *watch;
	struct event *events[8];
	size_t n_events;
	struct event *debounce;
	unsigned ticks;
	int64_t stop_ms; /* when the end was asked for; 0 not */
};

static void after_ms(struct event *ev, int ms)
{
	struct timeval t = { ms / 1000, (ms % 1000) * 1000 };
	(void)event_add(ev, &t); /* memory ends the process */
}

static void hub_cb(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	(void)fd;   /* the hub knows both */
	(void)what; /* readable */
	hub_drain(l->hub);
}

static void watch_cb(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	(void)fd;   /* the watch has it */
	(void)what; /* readable */
	if (dirwatch_changed(l->watch))
		after_ms(l->debounce, DEBOUNCE_MS);
}

static void debounce_cb(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	(void)fd;   /* none */
	(void)what; /* the time */
	hub_reload(l->hub);
}

static void stop_listening(struct loop *l)
{
	while (l->n_listeners > 0)
		listener_free(l->listeners[--l->n_listeners]);
}

static void drain(struct loop *l)
{
	bool empty = conns_drain(&l->conns) && hub_is_idle(l->hub);
	if (!empty && clock_steady_ms() - l->stop_ms < DRAIN_MS)
		return;
	if (!empty)
		log_line(LOG_WARN, "net", "stopping with answers unsent");
	(void)event_base_loopexit(l->base, NULL); /* memory ends the process */
}

static void tick_cb(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	(void)fd;   /* none */
	(void)what; /* the time */
	hub_tick(l->hub);
	conns_sweep(&l->conns, clock_steady_ms());
	if (++l->ticks % POLL_TICKS == 0)
		hub_reload(l->hub);
	if (l->stop_ms != 0)
		drain(l);
}

static void stop_cb(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	(void)what; /* a signal */
	if (l->stop_ms != 0)
		return;
	log_line(LOG_INFO, "net", "stopping signal=%d connections=%d", (int)fd,
	    l->conns.n);
	notify_manager("STOPPING=1");
	l->stop_ms = clock_steady_ms();
	stop_listening(l);
	hub_hurry(l->hub);
	drain(l);
}

static void reload_cb(evutil_socket_t fd, short what, void *arg)
{
	struct loop *l = arg;
	(void)fd;   /* SIGHUP */
	(void)what; /* a signal */
	hub_reload(l->hub);
}

static void add_event(struct loop *l, int fd, short what, event_callback_fn cb,
    const struct timeval *every)
{
	struct event *ev = event_new(l->base, fd, what, cb, l);
	if (ev == NULL)
		abort();            /* out of memory */
	(void)event_add(ev, every); /* memory ends the process */
	l->events[l->n_events++] = ev;
}

struct loop *loop_new(const struct loop_config *config, struct hub *hub,
    const char *const *dirs, size_t n_dirs, struct err *e)
{
	struct loop *l = xcalloc(1, sizeof(*l));
	l->hub = hub;
	l->limits = (struct listen_limits){ config->max_connections,
		config->max_per_address };
	l->web = config->web;
	l->base = event_base_new();
	if (l->base == NULL || conns_init(&l->conns, l->base, hub) != 0) {
		err_set(e, "the event loop does not start");
		loop_free(l);
		return NULL;
	}
	l->conns.web = &l->web;
	l->conns.max_per_address = config->max_per_address;
	l->watch = dirwatch_new(dirs, n_dirs, e);
	if (l->watch == NULL) {
		loop_free(l);
		return NULL;
	}
	struct timeval tick = { 0, TICK_MS * 1000 };
	l->debounce = event_new(l->base, -1, 0, debounce_cb, l);
	add_event(l, hub_store_fd(hub), EV_READ | EV_PERSIST, hub_cb, NULL);
	add_event(l, hub_worker_fd(hub), EV_READ | EV_PERSIST, hub_cb, NULL);
	add_event(
	    l, dirwatch_fd(l->watch), EV_READ | EV_PERSIST, watch_cb, NULL);
	add_event(l, -1, EV_PERSIST, tick_cb, &tick);
	add_event(l, SIGTERM, EV_SIGNAL | EV_PERSIST, stop_cb, NULL);
	add_event(l, SIGINT, EV_SIGNAL | EV_PERSIST, stop_cb, NULL);
	add_event(l, SIGHUP, EV_SIGNAL | EV_PERSIST, reload_cb, NULL);
	return l;
}

int loop_listen(struct loop *l, int fd, enum peer_door door, struct err *e)
{
	if (l->n_listeners == MAX_LISTENERS)
		return err_set(e, "more than %d listeners", MAX_LISTENERS);
	struct listener *x = listener_new(&l->conns, fd, door, &l->limits, e);
	if (x == NULL)
		return -1;
	l->listeners[l->n_listeners++] = x;
	return 0;
}

void loop_run(struct loop *l)
{
	(void)event_base_dispatch(l->base); /* ends by loopexit */
}

void loop_free(struct loop *l)
{
	if (l == NULL)
		return;
	stop_listening(l);
	if (l->base != NULL)
		conns_clear(&l->conns);
	for (size_t i = 0; i < l->n_events; i++)
		event_free(l->events[i]);
	if (l->debounce != NULL)
		event_free(l->debounce);
	dirwatch_free(l->watch);
	if (l->base != NULL)
		event_base_free(l->base);
	free(l);
}

const char *loop_version(void)
{
	return event_get_version();
}
