/* A preload that makes a killed process lose what it did not sync, as a power
 * cut would: kill -9 alone proves nothing about fsync, since the kernel keeps
 * what was written.  Before each write to a file named hangat.db or
 * hangat.db-wal the bytes that stood there are noted in $UNSYNCED_DIR; a sync
 * of the file empties its notes.  After the kill the test puts the noted bytes
 * back, newest first. */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

ssize_t pwrite(int fd, const void *p, size_t n, off_t at);
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at);
ssize_t write(int fd, const void *p, size_t n);
int ftruncate(int fd, off_t n);
int ftruncate64(int fd, off64_t n);
int fsync(int fd);
int fdatasync(int fd);

/* One note: where, how many old bytes follow, how long the file was. */
struct note {
	int64_t at, old, size;
};

static void *real(const char *name)
{
	return dlsym(RTLD_NEXT, name);
}

/* The path of fd's notes; 0 when it is no file of ours. */
static int notes_of(int fd, char *out, size_t size)
{
	char link[64], path[4096];
	const char *dir = getenv("UNSYNCED_DIR");
	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	ssize_t n = readlink(link, path, sizeof(path) - 1);
	if (dir == NULL || n <= 0)
		return 0;
	path[n] = '\0';
	const char *name = strrchr(path, '/');
	name = name != NULL ? name + 1 : path;
	if (strcmp(name, "hangat.db") != 0 &&
	    strcmp(name, "hangat.db-wal") != 0)
		return 0;
	(void)snprintf(out, size, "%s/%s.undo", dir, name);
	return 1;
}

static void note(int fd, int64_t at, int64_t n)
{
	ssize_t (*real_write)(int, const void *, size_t);
	char path[4200];
	struct stat st;
	if (!notes_of(fd, path, sizeof(path)) || fstat(fd, &st) != 0)
		return;
	*(void **)&real_write = real("write");
	struct note head = { at, 0, st.st_size };
	if (at < st.st_size)
		head.old = n < st.st_size - at ? n : st.st_size - at;
	char *old = malloc((size_t)head.old + 1);
	int out = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (old == NULL || out < 0 ||
	    pread(fd, old, (size_t)head.old, at) != head.old ||
	    real_write(out, &head, sizeof(head)) != sizeof(head) ||
	    real_write(out, old, (size_t)head.old) != head.old)
		abort();
	close(out);
	free(old);
}

static void synced(int fd)
{
	char path[4200];
	if (notes_of(fd, path, sizeof(path)))
		(void)unlink(path); /* there may be none */
}

ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
	ssize_t (*f)(int, const void *, size_t, off64_t);
	*(void **)&f = real("pwrite64");
	note(fd, at, (int64_t)n);
	return f(fd, p, n, at);
}

ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
	return pwrite64(fd, p, n, at);
}

ssize_t write(int fd, const void *p, size_t n)
{
	ssize_t (*f)(int, const void *, size_t);
	*(void **)&f = real("write");
	char path[4200];
	if (notes_of(fd, path, sizeof(path)))
		note(fd, lseek(fd, 0, SEEK_CUR), (int64_t)n);
	return f(fd, p, n);
}

int ftruncate64(int fd, off64_t n)
{
	int (*f)(int, off64_t);
	struct stat st;
	*(void **)&f = real("ftruncate64");
	if (fstat(fd, &st) == 0)
		note(fd, n, st.st_size > n ? st.st_size - n : 0);
	return f(fd, n);
}

int ftruncate(int fd, off_t n)
{
	return ftruncate64(fd, n);
}

int fsync(int fd)
{
	int (*f)(int);
	*(void **)&f = real("fsync");
	int bad = f(fd);
	if (bad == 0)
		synced(fd);
	return bad;
}

int fdatasync(int fd)
{
	int (*f)(int);
	*(void **)&f = real("fdatasync");
	int bad = f(fd);
	if (bad == 0)
		synced(fd);
	return bad;
}
