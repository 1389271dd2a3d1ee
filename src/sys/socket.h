#ifndef HG_SYS_SOCKET_H
#define HG_SYS_SOCKET_H

#include "base/err.h"

#include <stdbool.h>

/* Listening sockets (nonblocking) and the lock that makes a daemon the only
 * one on its state directory.  All return a descriptor or -1 with the reason
 * and its mend. */

enum { SOCKET_BACKLOG = 4096 }; /* 128 turns a connect storm into seconds */

/* "HOST:PORT", "[V6]:PORT" or ":PORT" (all addresses). */
int socket_listen_tcp(const char *address, struct err *e);
/* A stale socket of ours is replaced; one that answers is an error.  mode is
 * the permission of the file. */
int socket_listen_unix(const char *path, unsigned mode, struct err *e);
int socket_connect_unix(const char *path, struct err *e);

/* Create directory (0700 with parents' permissions untouched) and lock
 * DIR/lock.  *held is set when another process has the lock. */
int state_lock(const char *dir, bool *held, struct err *e);

#endif
