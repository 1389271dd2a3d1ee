#ifndef HG_BASE_TEXTFILE_H
#define HG_BASE_TEXTFILE_H

#include "base/str.h"

/* A text file that has been read.  Files of a later directory override
 * earlier ones key by key. */
struct text_file {
	const char *path;
	struct str text;
	unsigned dir;      /* number of the directory it came from */
	const char *table; /* NULL: rules; else the name of the table in it */
};

#endif
