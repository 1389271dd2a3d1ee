/* Reading whole files and directories of rule files. */
#include "sys/files.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MAX_RULE_FILE = 16 * 1024 * 1024,
	MAX_TABLE_FILE = 128 * 1024 * 1024,
	MAX_RULE_FILES = 4096
};

int file_read(const char *path, size_t max, struct buf *out, struct err *e)
{
	FILE *f = fopen(path, "re");
	if (f == NULL)
		return err_set(
		    e, "%s: cannot be opened: %s", path, strerror(errno));
	char chunk[16 * 1024];
	size_t n, total = 0;
	int bad = 0;
	while ((n = fread(chunk, 1, sizeof(chunk), f)) > 0 && bad == 0) {
		total += n;
		if (total > max)
			bad = err_set(e,
			    "%s: is larger than %zu bytes; "
			    "split it",
			    path, max);
		else
			buf_add(out, chunk, n);
	}
	if (bad == 0 && ferror(f))
		bad =
		    err_set(e, "%s: cannot be read: %s", path, strerror(errno));
	(void)fclose(f); /* read only */
	return bad;
}

static bool ends_with(const char *name, const char *tail)
{
	size_t n = strlen(name), t = strlen(tail);
	return n > t && strcmp(name + n - t, tail) == 0;
}

static bool is_wanted(const char *name, bool tables)
{
	if (name[0] == '.')
		return false;
	if (tables)
		return ends_with(name, ".csv") || ends_with(name, ".json");
	return ends_with(name, ".json") && !ends_with(name, ".schema.json");
}

/* The name of the table in a file: the file's, without its ending. */
static char *table_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash != NULL ? slash + 1 : path;
	return xmemdupz(name, (size_t)(strrchr(name, '.') - name));
}

static int add_file(struct file_set *set, const char *path, unsigned dir,
    bool table, struct err *e)
{
	if (set->n == MAX_RULE_FILES)
		return err_set(e, "%s: more than %d rule files; merge some",
		    path, MAX_RULE_FILES);
	struct buf text = { 0 };
	if (file_read(path, table ? MAX_TABLE_FILE : MAX_RULE_FILE, &text, e) !=
	    0) {
		buf_clear(&text);
		return -1;
	}
	VEC_ROOM(set->v, set->n, set->cap);
	struct text_file *f = &set->v[set->n++];
	f->path = xstrdup(path);
	f->text.n = text.n;
	f->text.p = buf_take(&text);
	f->dir = dir;
	f->table = table ? table_name(path) : NULL;
	return 0;
}

static int add_dir(struct file_set *set, const char *path, unsigned dir,
    bool inner, struct err *e);

static int add_entry(struct file_set *set, const char *path, const char *name,
    unsigned dir, bool inner, struct err *e)
{
	bool tables = inner && ends_with(path, "/tables");
	struct buf full = { 0 };
	buf_addf(&full, "%s/%s", path, name);
	struct stat st;
	int bad = 0;
	if (stat(full.p, &st) != 0) {
		/* a dangling link of an editor, or gone since the listing */
		if (errno != ENOENT)
			bad = err_set(e, "%s: %s", full.p, strerror(errno));
	} else if (S_ISDIR(st.st_mode)) {
		if (!inner)
			bad = add_dir(set, full.p, dir, true, e);
	} else if (S_ISREG(st.st_mode) && is_wanted(name, tables)) {
		bad = add_file(set, full.p, dir, tables, e);
	}
	buf_clear(&full);
	return bad;
}

static int add_dir(struct file_set *set, const char *path, unsigned dir,
    bool inner, struct err *e)
{
	struct dirent **names = NULL;
	int n = scandir(path, &names, NULL, alphasort);
	if (n < 0)
		return err_set(e,
		    "%s: rules directory cannot be read: %s; "
		    "give an existing one with --rules",
		    path, strerror(errno));
	int bad = 0;
	for (int i = 0; i < n; i++) {
		if (bad == 0 && names[i]->d_name[0] != '.')
			bad = add_entry(
			    set, path, names[i]->d_name, dir, inner, e);
		free(names[i]);
	}
	free(names);
	return bad;
}

int file_set_read(
    struct file_set *set, const char *const *dirs, size_t n, struct err *e)
{
	*set = (struct file_set){ 0 };
	for (size_t i = 0; i < n; i++) {
		size_t before = set->n;
		char *dir = xstrdup(dirs[i]);
		size_t len = strlen(dir);
		while (len > 1 && dir[len - 1] == '/')
			dir[--len] = '\0';
		int bad = add_dir(set, dir, (unsigned)i, false, e);
		if (bad == 0 && set->n == before)
			bad = err_set(e,
			    "%s: holds no rule file; put *.json "
			    "files there or in folders of it",
			    dir);
		free(dir);
		if (bad != 0) {
			file_set_clear(set);
			return -1;
		}
	}
	return 0;
}

void file_set_clear(struct file_set *set)
{
	for (size_t i = 0; i < set->n; i++) {
		free((void *)(uintptr_t)set->v[i].path);
		free((void *)(uintptr_t)set->v[i].text.p);
		free((void *)(uintptr_t)set->v[i].table);
	}
	free(set->v);
	*set = (struct file_set){ 0 };
}
