#ifndef HG_BASE_ERR_H
#define HG_BASE_ERR_H

#include "base/attr.h"

/* One line of text that says where, what, why and how to mend.  Start with
 * ERR_NONE; the first error set wins, later ones are dropped. */
struct err {
	char text[512];
};

#define ERR_NONE                                                               \
	{                                                                      \
		{                                                              \
			0                                                      \
		}                                                              \
	}

/* Fill e unless it is filled already; control characters become '?'.
 * e may be NULL.  Returns -1, so that a caller can return its result. */
int err_set(struct err *e, const char *fmt, ...) HG_PRINTF(2, 3);

#endif
