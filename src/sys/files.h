#ifndef HG_SYS_FILES_H
#define HG_SYS_FILES_H

#include "base/buf.h"
#include "base/err.h"
#include "base/textfile.h"

/* Append a file's bytes to out; a file over max bytes is an error. */
int file_read(
    const char *path, size_t max, struct buf *out, struct err *e) HG_MUST_USE;

/* The rule files of some directories, all read. */
struct file_set {
	struct text_file *v;
	size_t n, cap;
};

/* Read every *.json of each directory and of its folders (one level down),
 * sorted by path; hidden files and *.schema.json are left out.  In a folder
 * "tables", every *.csv and *.json is a table of that name instead.  -1 when a
 * directory is missing, holds no rule file, or cannot be read; set is empty
 * then. */
int file_set_read(struct file_set *set, const char *const *dirs, size_t n,
    struct err *e) HG_MUST_USE;
void file_set_clear(struct file_set *set);

#endif
