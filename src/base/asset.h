#ifndef HG_BASE_ASSET_H
#define HG_BASE_ASSET_H

#include "base/str.h"

/* A file that is built into the program and served as it is. */
struct asset {
	const char *path; /* "/widget.js" */
	const char *type; /* of its content */
	struct str data;
	struct str gzip;      /* the same, compressed */
	const char *etag;     /* with its quotes; of the plain data */
	const char *policy;   /* Content-Security-Policy, or NULL */
	const char *lifetime; /* Cache-Control */
};

#endif
