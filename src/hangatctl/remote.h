#ifndef HG_HANGATCTL_REMOTE_H
#define HG_HANGATCTL_REMOTE_H

#include "client/client.h"

/* Finding and asking the daemon. */
struct remote {
	const char *state, *socket;
};
/* Where a socket of the daemon is: --socket, else NAME in --state, else in
 * $STATE_DIRECTORY, else in the default place.  Appended to out. */
void remote_path(const struct remote *r, const char *name, struct buf *out);
/* Connect, or say what to do.  NULL: failed, said. */
struct client *remote_open(const struct remote *r, const char *name);
/* Send one request and wait for its answer: the "result" (new reference), or
 * NULL with the error printed. */
json_t *remote_ask(const struct remote *r, struct str request);

#endif
