#ifndef HG_HANGATCTL_REMOTE_H
#define HG_HANGATCTL_REMOTE_H

#include "client/client.h"

#include <getopt.h>

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
/* The same for a request with at most one argument (key may be NULL). */
json_t *remote_ask_for(const struct remote *r, const char *type,
    const char *key, const char *value);
void remote_print(const json_t *json);
/* The next option that is a command's own (at most 8, ended by zeros), those of
 * the daemon's place taken care of; *c is its value, or '?'.  False when there
 * are no more; then optind is the first argument. */
bool remote_option(
    int argc, char **argv, const struct option *own, struct remote *r, int *c);

/* A member, "" or 0 when it is not there. */
const char *json_text(const json_t *json, const char *key);
long long json_number(const json_t *json, const char *key);

#endif
