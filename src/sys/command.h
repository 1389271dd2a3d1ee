#ifndef HG_SYS_COMMAND_H
#define HG_SYS_COMMAND_H

#include "base/buf.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A program of the shop's that runs beside the daemon: no shell, no standard
 * input, none of the daemon's descriptors but standard error, a group of its
 * own. */

struct command;

/* Start argv (ends with NULL; its first word is a path, or is looked for in
 * PATH) with the daemon's environment and n further variables.  NULL with the
 * reason in e. */
struct command *command_start(
    char *const *argv, const char *const (*env)[2], size_t n, struct err *e);
/* Has it ended?  One that runs longer than longest_ms is killed with all it has
 * started.  how gets nothing when it ended well, else what went wrong. */
bool command_ended(struct command *c, int64_t longest_ms, struct buf *how);
/* Forget it; one that still runs is killed. */
void command_free(struct command *c);

#endif
