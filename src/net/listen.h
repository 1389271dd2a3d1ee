#ifndef HG_NET_LISTEN_H
#define HG_NET_LISTEN_H

#include "net/conn.h"

/* A listening socket on the loop. */
struct listener;

struct listen_limits {
	int max_connections, max_per_address;
};

/* fd is taken.  NULL with e when it cannot be watched. */
struct listener *listener_new(struct conns *set, int fd, enum peer_door door,
    const struct listen_limits *limits, struct err *e);
void listener_free(struct listener *l);

#endif
