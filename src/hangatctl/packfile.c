/* Files of a pack that hangatctl writes. */
#include "hangatctl/packfile.h"
#include "base/mem.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash != NULL ? slash + 1 : path;
}

static bool is_inside(const char *path, const char *dir)
{
	size_t n = strlen(dir);
	return path != NULL && strncmp(path, dir, n) == 0 &&
	       (path[n] == '/' || (n > 0 && dir[n - 1] == '/'));
}

char *pack_file_path(const struct pack *pack, const struct place *old,
    const char *name, const struct ctl_dirs *dirs)
{
	const char *last = dirs->v[dirs->n - 1];
	struct buf b = { 0 };
	if (is_inside(old->path, last) &&
	    strcmp(base_name(old->path), name) == 0)
		return xstrdup(old->path);
	for (size_t i = 0; i < pack->n_intents; i++) {
		const char *near = pack->intents[i].place.path;
		if (!is_inside(near, last))
			continue;
		buf_add(&b, near, (size_t)(base_name(near) - near));
		buf_addz(&b, name);
		return buf_take(&b);
	}
	buf_addf(&b, "%s/%s", last, pack->lang);
	(void)mkdir(b.p, 0777); /* or writing fails */
	buf_addf(&b, "/%s", name);
	return buf_take(&b);
}

static bool is_too_large(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size > RULE_FILE_BYTES;
}

int pack_file_write(const char *path, const json_t *json, size_t flags)
{
	struct buf part = { 0 };
	buf_addf(&part, "%s.part", path);
	int code = CTL_OK;
	if (json_dump_file(json, part.p, flags) != 0)
		code = ctl_fail(
		    "%s: cannot be written: %s", path, strerror(errno));
	else if (is_too_large(part.p))
		code = ctl_fail("%s: would be larger than %d bytes; give fewer "
				"messages",
		    path, RULE_FILE_BYTES);
	else if (rename(part.p, path) != 0)
		code = ctl_fail(
		    "%s: cannot be written: %s", path, strerror(errno));
	if (code != CTL_OK)
		(void)unlink(part.p); /* it may not be there */
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
