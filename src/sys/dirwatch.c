/* inotify on directories.  Any event is only a hint: the reader compares
 * content. */
#include "sys/dirwatch.h"
#include "base/buf.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

struct dirwatch {
	int fd;
	char **dirs;
	size_t n;
};

static const uint32_t WATCHED = IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM |
				IN_CREATE | IN_DELETE | IN_MOVE_SELF |
				IN_DELETE_SELF;

static void watch(struct dirwatch *w, const char *path)
{
	(void)inotify_add_watch(w->fd, path,
	    WATCHED | IN_ONLYDIR); /* gone: the poll will see it come back */
}

/* Set the watches; those that stand already are only updated. */
static void watch_all(struct dirwatch *w)
{
	for (size_t i = 0; i < w->n; i++) {
		watch(w, w->dirs[i]);
		DIR *d = opendir(w->dirs[i]);
		const struct dirent *entry;
		while (d != NULL && (entry = readdir(d)) != NULL) {
			if (entry->d_name[0] == '.')
				continue;
			struct buf path = { 0 };
			struct stat st;
			buf_addf(&path, "%s/%s", w->dirs[i], entry->d_name);
			if (stat(path.p, &st) == 0 && S_ISDIR(st.st_mode))
				watch(w, path.p);
			buf_clear(&path);
		}
		if (d != NULL)
			closedir(d);
	}
}

struct dirwatch *dirwatch_new(const char *const *dirs, size_t n, struct err *e)
{
	struct dirwatch *w = xcalloc(1, sizeof(*w));
	w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	if (w->fd < 0) {
		err_set(e, "cannot watch the rules: %s", strerror(errno));
		free(w);
		return NULL;
	}
	w->dirs = xcalloc(n, sizeof(*w->dirs));
	w->n = n;
	for (size_t i = 0; i < n; i++)
		w->dirs[i] = xstrdup(dirs[i]);
	watch_all(w);
	return w;
}

int dirwatch_fd(const struct dirwatch *w)
{
	return w->fd;
}

bool dirwatch_changed(struct dirwatch *w)
{
	_Alignas(struct inotify_event) char events[4096];
	bool changed = false;
	while (read(w->fd, events, sizeof(events)) > 0)
		changed = true;
	if (changed)
		watch_all(w);
	return changed;
}

void dirwatch_free(struct dirwatch *w)
{
	if (w == NULL)
		return;
	close(w->fd);
	for (size_t i = 0; i < w->n; i++)
		free(w->dirs[i]);
	free(w->dirs);
	free(w);
}
