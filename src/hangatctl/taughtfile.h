#ifndef HG_HANGATCTL_TAUGHTFILE_H
#define HG_HANGATCTL_TAUGHTFILE_H

#include "hangatctl/packfile.h"
#include "hangatctl/teach.h"

/* What was taught, as files of the pack: classifier.json, detector.json. */

struct taught_file {
	const struct teaching *t;
	const struct taught *k;
	const struct pack *pack;
	const struct ctl_dirs *dirs;
	const char *const *files; /* that were learnt from */
	size_t n_files;
};

/* Print where it was written, or what is wrong, and return an exit code. */
int taught_write_classifier(const struct taught_file *f);
/* Of one class, measured BY_COUNT. */
int taught_write_detector(const struct taught_file *f);

#endif
