#ifndef HG_SYS_DIRWATCH_H
#define HG_SYS_DIRWATCH_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* Watches directories of rule files and the folders in them; files themselves
 * are never watched, since editors replace them. */
struct dirwatch;

struct dirwatch *dirwatch_new(const char *const *dirs, size_t n, struct err *e);
int dirwatch_fd(const struct dirwatch *w);
/* Read what happened; true when something may have changed.  Watches that
 * went away with their directory, and new folders, are set anew. */
bool dirwatch_changed(struct dirwatch *w);
void dirwatch_free(struct dirwatch *w);

#endif
