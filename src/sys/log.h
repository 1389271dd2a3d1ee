#ifndef HG_SYS_LOG_H
#define HG_SYS_LOG_H

#include "base/attr.h"

#include <stdbool.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/* Lines on stderr: "info hub tickets=3 reason=..."; as JSON objects when
 * json.  Set once, before threads start. */
void log_setup(enum log_level most, bool json);
/* The level of that name, or -1. */
int log_level_from_name(const char *name);

/* One line: key=value pairs.  Control characters, C1 included, become '?'. */
void log_line(enum log_level level, const char *module, const char *fmt, ...)
    HG_PRINTF(3, 4);

#endif
