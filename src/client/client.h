#ifndef HG_CLIENT_CLIENT_H
#define HG_CLIENT_CLIENT_H

#include "base/buf.h"
#include "base/err.h"

#include <jansson.h>

/* A blocking connection to a running daemon, JSON Lines over a Unix socket. */
struct client;

struct client *client_open(const char *path, struct err *e);
void client_close(struct client *c);
int client_fd(const struct client *c);

/* Send one object; json is without line end. */
int client_send(struct client *c, struct str json, struct err *e) HG_MUST_USE;
/* The next object, a new reference, waiting at most timeout_ms (-1: as long
 * as it takes).  NULL at the end, when the time is up, or when what came is no
 * JSON; e says which. */
json_t *client_receive(struct client *c, int timeout_ms, struct err *e);
/* True when a whole object is here already. */
bool client_has_more(const struct client *c);

#endif
