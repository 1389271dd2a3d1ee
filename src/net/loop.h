#ifndef HG_NET_LOOP_H
#define HG_NET_LOOP_H

#include "hub/hub.h"
#include "net/web.h"

/* The event loop: libevent, listeners, connections, timers, signals. */

struct loop;

struct loop_config {
	int max_connections;
	int max_per_address; /* loopback and Unix sockets do not count */
	struct web_config web;
};

/* dirs are the rule directories to watch. */
struct loop *loop_new(const struct loop_config *config, struct hub *hub,
    const char *const *dirs, size_t n_dirs, struct err *e);
/* fd is a listening socket, taken. */
int loop_listen(
    struct loop *l, int fd, enum peer_door door, struct err *e) HG_MUST_USE;
/* Run until SIGTERM or SIGINT, then drain and return. */
void loop_run(struct loop *l);
/* Connections are closed; the hub is the caller's. */
void loop_free(struct loop *l);

const char *loop_version(void);
/* wslay tells only what it was built with. */
const char *loop_ws_version(void);

#endif
