/* Accepting connections, with limits, and without spinning when descriptors
 * run out: one is kept in reserve to accept, say "busy" and close. */
#include "net/listen.h"
#include "base/mem.h"
#include "sys/log.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <event2/listener.h>

struct listener {
	struct conns *set;
	struct evconnlistener *lev;
	struct event *rest; /* wakes it after a pause */
	enum peer_door door;
	const struct listen_limits *limits;
	int reserve;
};

/* The address that counts for the limit: none for Unix and loopback, where
 * gateways and proxies live. */
static void address_of(const struct sockaddr *sa, char *out, size_t size)
{
	out[0] = '\0';
	if (sa->sa_family == AF_INET) {
		struct sockaddr_in in;
		memcpy(&in, sa, sizeof(in));
		if ((ntohl(in.sin_addr.s_addr) >> 24) != 127)
			(void)inet_ntop(AF_INET, &in.sin_addr, out,
			    (socklen_t)size); /* it fits */
	} else if (sa->sa_family == AF_INET6) {
		struct sockaddr_in6 in;
		memcpy(&in, sa, sizeof(in));
		if (!IN6_IS_ADDR_LOOPBACK(&in.sin6_addr))
			(void)inet_ntop(AF_INET6, &in.sin6_addr, out,
			    (socklen_t)size); /* it fits */
	}
}

static void refuse(const struct listener *l, int fd)
{
	static const char unavailable[] =
	    "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\n"
	    "Content-Length: 0\r\nConnection: close\r\n\r\n";
	static const char busy[] =
	    "{\"type\":\"error\",\"code\":\"busy\",\"message\":\"too many "
	    "connections; try again in a moment\",\"retry_ms\":5000}\n";
	bool web = l->door == DOOR_WEB;
	(void)send(fd, web ? unavailable : busy,
	    web ? sizeof(unavailable) - 1 : sizeof(busy) - 1,
	    MSG_NOSIGNAL | MSG_DONTWAIT); /* it is being closed */
	close(fd);
}

static void accept_cb(struct evconnlistener *lev, evutil_socket_t fd,
    struct sockaddr *sa, int len, void *arg)
{
	struct listener *l = arg;
	char address[48];
	(void)lev; /* the listener has it */
	(void)len; /* the family tells */
	address_of(sa, address, sizeof(address));
	bool full = l->door != DOOR_ADMIN &&
		    (l->set->n >= l->limits->max_connections ||
			(address[0] != '\0' && conns_from(l->set, address) >=
						   l->limits->max_per_address));
	if (full)
		refuse(l, fd);
	else
		conn_open(l->set, fd, l->door, address);
}

static void error_cb(struct evconnlistener *lev, void *arg)
{
	struct listener *l = arg;
	int why = errno;
	if (l->reserve >= 0 && (why == EMFILE || why == ENFILE)) {
		close(l->reserve);
		int fd = accept4(evconnlistener_get_fd(lev), NULL, NULL,
		    SOCK_NONBLOCK | SOCK_CLOEXEC);
		if (fd >= 0)
			refuse(l, fd);
		l->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (l->reserve >= 0)
			return;
	}
	log_line(LOG_WARN, "net", "accept pauses reason=\"%s\"", strerror(why));
	struct timeval pause = { 0, 100 * 1000 };
	(void)evconnlistener_disable(lev); /* until the timer */
	(void)event_add(l->rest, &pause);  /* memory ends the process */
}

static void rest_cb(evutil_socket_t fd, short what, void *arg)
{
	struct listener *l = arg;
	(void)fd;                            /* none */
	(void)what;                          /* only the time */
	(void)evconnlistener_enable(l->lev); /* fails again: paused again */
}

struct listener *listener_new(struct conns *set, int fd, enum peer_door door,
    const struct listen_limits *limits, struct err *e)
{
	struct listener *l = xcalloc(1, sizeof(*l));
	l->set = set;
	l->door = door;
	l->limits = limits;
	l->reserve = open("/dev/null", O_RDONLY | O_CLOEXEC);
	l->rest = event_new(set->base, -1, 0, rest_cb, l);
	l->lev = evconnlistener_new(set->base, accept_cb, l,
	    LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, -1, fd);
	if (l->lev != NULL && l->rest != NULL) {
		evconnlistener_set_error_cb(l->lev, error_cb);
		return l;
	}
	err_set(e, "cannot watch a listening socket");
	if (l->lev == NULL)
		close(fd);
	listener_free(l);
	return NULL;
}

void listener_free(struct listener *l)
{
	if (l == NULL)
		return;
	if (l->lev != NULL)
		evconnlistener_free(l->lev);
	if (l->rest != NULL)
		event_free(l->rest);
	if (l->reserve >= 0)
		close(l->reserve);
	free(l);
}
