/* Files of a pack that hangatctl writes. */
#include "hangatctl/packfile.h"
#include "base/mem.h"

#include <errno.h>
#include <unistd.h>

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

char *pack_file_path(
    const struct pack *pack, const struct place *old, const char *name)
{
	if (old->path != NULL && strcmp(base_name(old->path), name) == 0)
		return xstrdup(old->path);
	const char *near =
	    pack->n_intents > 0 ? pack->intents[0].place.path : "rules.json";
	struct buf b = { 0 };
	buf_add(&b, near, (size_t)(base_name(near) - near));
	buf_addz(&b, name);
	return buf_take(&b);
}

int pack_file_write(const char *path, const json_t *json, size_t flags)
{
	struct buf part = { 0 };
	buf_addf(&part, "%s.part", path);
	int code = CTL_OK;
	if (json_dump_file(json, part.p, flags) != 0 ||
	    rename(part.p, path) != 0) {
		code = ctl_fail(
		    "%s: cannot be written: %s", path, strerror(errno));
		(void)unlink(part.p); /* it may not be there */
	}
	buf_clear(&part);
	return code;
}

json_t *base_names_json(const char *const *files, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++)
		(void)json_array_append_new(
		    list, json_string(base_name(files[i]))); /* or NULL */
	return list;
}
