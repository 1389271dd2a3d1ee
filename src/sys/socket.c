/* Sockets and the state lock. */
#include "sys/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

/* Split "HOST:PORT"; host may be "". */
static int split_address(
    const char *address, char *host, size_t size, char *port, struct err *e)
{
	const char *colon = strrchr(address, ':');
	size_t n = colon != NULL ? (size_t)(colon - address) : 0;
	if (colon == NULL || n >= size || strlen(colon + 1) == 0 ||
	    strlen(colon + 1) > 5)
		return err_set(e,
		    "tcp %s: not HOST:PORT; write for example "
		    "127.0.0.1:4264, or off",
		    address);
	if (n >= 2 && address[0] == '[' && address[n - 1] == ']') {
		address++;
		n -= 2;
	}
	memcpy(host, address, n);
	host[n] = '\0';
	(void)snprintf(port, 6, "%s", colon + 1); /* fits */
	return 0;
}

static int bind_tcp(const struct addrinfo *ai, struct err *e, const char *name)
{
	int fd = socket(ai->ai_family,
	    ai->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, ai->ai_protocol);
	if (fd < 0)
		return err_set(e, "tcp %s: %s", name, strerror(errno));
	int on = 1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on,
	    sizeof(on)); /* only delays a restart */
	if (bind(fd, ai->ai_addr, ai->ai_addrlen) == 0 &&
	    listen(fd, SOCKET_BACKLOG) == 0)
		return fd;
	int why = errno;
	close(fd);
	return err_set(e, "tcp %s: %s%s", name, strerror(why),
	    why == EADDRINUSE ? "; stop what uses the port, or give another "
				"with --tcp"
			      : "");
}

int socket_listen_tcp(const char *address, struct err *e)
{
	char host[256], port[6];
	if (split_address(address, host, sizeof(host), port, e) != 0)
		return -1;
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM,
		.ai_flags = AI_PASSIVE | AI_NUMERICSERV };
	struct addrinfo *ai = NULL;
	int bad = getaddrinfo(host[0] != '\0' ? host : NULL, port, &hints, &ai);
	if (bad != 0)
		return err_set(e,
		    "tcp %s: %s; give an address of this "
		    "machine",
		    address, gai_strerror(bad));
	int fd = bind_tcp(ai, e, address);
	freeaddrinfo(ai);
	return fd;
}

static int unix_address(const char *path, struct sockaddr_un *to, struct err *e)
{
	*to = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if (strlen(path) >= sizeof(to->sun_path))
		return err_set(e,
		    "unix %s: the path is longer than %zu "
		    "bytes; use a shorter one",
		    path, sizeof(to->sun_path) - 1);
	memcpy(to->sun_path, path, strlen(path));
	return 0;
}

int socket_connect_unix(const char *path, struct err *e)
{
	struct sockaddr_un to;
	if (unix_address(path, &to, e) != 0)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, "unix %s: %s", path, strerror(errno));
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	int why = errno;
	close(fd);
	errno = why;
	return err_set(e, "unix %s: %s", path, strerror(why));
}

/* Take away a socket file that nobody listens on. */
static int clear_stale(const char *path, struct err *e)
{
	struct stat st;
	if (lstat(path, &st) != 0)
		return 0;
	if (!S_ISSOCK(st.st_mode))
		return err_set(e,
		    "unix %s: is a file, not a socket; move it "
		    "away or give another path",
		    path);
	struct err ignored = ERR_NONE;
	int fd = socket_connect_unix(path, &ignored);
	if (fd >= 0) {
		close(fd);
		return err_set(e,
		    "unix %s: another server answers there; "
		    "stop it or give another path",
		    path);
	}
	if (errno != ECONNREFUSED || st.st_uid != geteuid())
		return err_set(e,
		    "unix %s: belongs to somebody else; remove "
		    "it",
		    path);
	if (unlink(path) != 0)
		return err_set(e, "unix %s: stale and cannot be removed: %s",
		    path, strerror(errno));
	return 0;
}

int socket_listen_unix(const char *path, unsigned mode, struct err *e)
{
	struct sockaddr_un to;
	if (unix_address(path, &to, e) != 0 || clear_stale(path, e) != 0)
		return -1;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(e, "unix %s: %s", path, strerror(errno));
	/* the mode must be right from the first moment: no chmod after */
	mode_t old = umask((mode_t)(0777 & ~mode));
	int bad = bind(fd, (const struct sockaddr *)&to, sizeof(to));
	int why = errno;
	(void)umask(old);
	if (bad == 0 && listen(fd, SOCKET_BACKLOG) == 0)
		return fd;
	why = bad == 0 ? errno : why;
	close(fd);
	return err_set(e, "unix %s: %s", path, strerror(why));
}

int state_lock(const char *dir, bool *held, struct err *e)
{
	char path[4096];
	*held = false;
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return err_set(e,
		    "state directory %s: cannot be made: %s; "
		    "make it or give another with --state",
		    dir, strerror(errno));
	int n = snprintf(path, sizeof(path), "%s/lock", dir);
	if (n < 0 || (size_t)n >= sizeof(path))
		return err_set(e, "state directory: the path is too long");
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e,
		    "%s: %s; make the state directory writable "
		    "for this user",
		    path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	*held = errno == EWOULDBLOCK;
	close(fd);
	return err_set(e,
	    "%s: another hangatd uses this state directory; "
	    "stop it or give another with --state",
	    path);
}
