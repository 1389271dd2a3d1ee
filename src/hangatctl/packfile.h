#ifndef HG_HANGATCTL_PACKFILE_H
#define HG_HANGATCTL_PACKFILE_H

#include "hangatctl/ctl.h"

/* Files of a pack that hangatctl writes: calibration.json, classifier.json. */

/* The last part of a path. */
const char *base_name(const char *path);

/* Where the pack's file of that name stands, or is to stand: in the last of the
 * rule directories, which is the one of the shop.  There at `old`, where the
 * pack has such a thing already, if that file has the name; else beside the
 * pack's intents; else in the folder of its language, which is made.  To be
 * freed. */
char *pack_file_path(const struct pack *pack, const struct place *old,
    const char *name, const struct ctl_dirs *dirs);

/* Write json (NULL: memory is out) by rename, so that a running daemon never
 * reads half a file.  A file larger than rules may be is not written.  Prints
 * what is wrong and returns an exit code. */
int pack_file_write(const char *path, const json_t *json, size_t flags);

/* A list of the names of files, without their folders. */
json_t *base_names_json(const char *const *files, size_t n);

#endif
