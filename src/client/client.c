/* The blocking connection of hangatctl. */
#include "client/client.h"
#include "base/mem.h"
#include "sys/clock.h"
#include "sys/socket.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct client {
	int fd;
	struct buf in;
	size_t taken; /* bytes of in that have been given out */
};

struct client *client_open(const char *path, struct err *e)
{
	int fd = socket_connect_unix(path, e);
	if (fd < 0)
		return NULL;
	struct client *c = xcalloc(1, sizeof(*c));
	c->fd = fd;
	return c;
}

void client_close(struct client *c)
{
	if (c == NULL)
		return;
	close(c->fd);
	buf_clear(&c->in);
	free(c);
}

int client_fd(const struct client *c)
{
	return c->fd;
}

static int send_all(int fd, struct str s, struct err *e)
{
	while (s.n > 0) {
		ssize_t n = send(fd, s.p, s.n, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(
			    e, "the daemon went away: %s", strerror(errno));
		s.p += n;
		s.n -= (size_t)n;
	}
	return 0;
}

int client_send(struct client *c, struct str json, struct err *e)
{
	struct buf line = { 0 };
	buf_adds(&line, json);
	buf_addc(&line, '\n');
	int bad = send_all(c->fd, buf_str(&line), e);
	buf_clear(&line);
	return bad;
}

static const char *line_end(const struct client *c)
{
	size_t left = c->in.n - c->taken;
	return left != 0 ? memchr(c->in.p + c->taken, '\n', left) : NULL;
}

bool client_has_more(const struct client *c)
{
	return line_end(c) != NULL;
}

static int fill(struct client *c, int timeout_ms, struct err *e)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	int ready = poll(&p, 1, timeout_ms);
	if (ready < 0 && errno == EINTR)
		return 0;
	if (ready <= 0)
		return err_set(e, ready == 0 ? "the daemon does not answer"
					     : "cannot wait for the daemon");
	if (c->taken > 0) {
		memmove(c->in.p, c->in.p + c->taken, c->in.n - c->taken);
		c->in.n -= c->taken;
		c->taken = 0;
	}
	char chunk[16 * 1024];
	ssize_t n = recv(c->fd, chunk, sizeof(chunk), 0);
	if (n < 0 && errno == EINTR)
		return 0;
	if (n <= 0)
		return err_set(e, "the daemon closed the connection");
	buf_add(&c->in, chunk, (size_t)n);
	return 0;
}

json_t *client_receive(struct client *c, int timeout_ms, struct err *e)
{
	int64_t until = clock_steady_ms() + timeout_ms;
	const char *end;
	while ((end = line_end(c)) == NULL) {
		int64_t left = timeout_ms < 0 ? -1 : until - clock_steady_ms();
		if (timeout_ms >= 0 && left < 0)
			left = 0;
		if (fill(c, (int)left, e) != 0)
			return NULL;
	}
	const char *line = c->in.p + c->taken;
	size_t n = (size_t)(end - line);
	json_error_t je;
	json_t *json = json_loadb(line, n, JSON_REJECT_DUPLICATES, &je);
	c->taken += n + 1;
	if (json == NULL)
		err_set(e, "the daemon sent no JSON: %s", je.text);
	return json;
}
