/* A worker thread: a queue in, a list of completions out, an eventfd to wake
 * the owner. */
#include "sys/worker.h"
#include "base/mem.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

struct job_list {
	struct job *head, **tail;
	size_t n;
};

struct worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct job_list queue, finished;
	size_t most, running;
	bool stopping;
	int fd;
	struct worker_batch batch;
	void *arg;
};

static void list_init(struct job_list *l)
{
	l->head = NULL;
	l->tail = &l->head;
	l->n = 0;
}

static void list_append(struct job_list *l, struct job *job)
{
	job->next = NULL;
	*l->tail = job;
	l->tail = &job->next;
	l->n++;
}

static struct job *list_take(struct job_list *l)
{
	struct job *head = l->head;
	list_init(l);
	return head;
}

static void run_batch(struct worker *w, struct job *jobs)
{
	struct err e = ERR_NONE;
	bool bad = w->batch.begin != NULL && w->batch.begin(w->arg, &e) != 0;
	for (struct job *j = jobs; j != NULL && !bad; j = j->next)
		j->run(j, w->arg);
	if (!bad && w->batch.end != NULL)
		bad = w->batch.end(w->arg, &e) != 0;
	for (struct job *j = jobs; j != NULL && bad; j = j->next) {
		j->failed = true;
		err_set(&j->err, "%s", e.text);
	}
}

static void give_back(struct worker *w, struct job *jobs)
{
	for (struct job *j = jobs, *next; j != NULL; j = next) {
		next = j->next;
		list_append(&w->finished, j);
	}
	w->running = 0;
	uint64_t one = 1;
	ssize_t n = write(w->fd, &one, sizeof(one));
	(void)n; /* it can only be full, and then the owner is awake */
}

static void *worker_main(void *arg)
{
	struct worker *w = arg;
	pthread_mutex_lock(&w->lock);
	for (;;) {
		while (w->queue.head == NULL && !w->stopping)
			pthread_cond_wait(&w->wake, &w->lock);
		if (w->queue.head == NULL)
			break;
		w->running = w->queue.n;
		struct job *jobs = list_take(&w->queue);
		pthread_mutex_unlock(&w->lock);
		run_batch(w, jobs);
		pthread_mutex_lock(&w->lock);
		give_back(w, jobs);
	}
	pthread_mutex_unlock(&w->lock);
	return NULL;
}

struct worker *worker_new(
    size_t most, struct worker_batch batch, void *arg, struct err *e)
{
	struct worker *w = xcalloc(1, sizeof(*w));
	list_init(&w->queue);
	list_init(&w->finished);
	w->most = most;
	w->batch = batch;
	w->arg = arg;
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	/* signals are the loop's: the thread takes none */
	sigset_t all, old;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	int bad = w->fd < 0 ? errno
			    : pthread_create(&w->thread, NULL, worker_main, w);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (bad == 0)
		return w;
	err_set(e, "cannot start a worker thread: %s", strerror(bad));
	if (w->fd >= 0)
		close(w->fd);
	free(w);
	return NULL;
}

int worker_fd(const struct worker *w)
{
	return w->fd;
}

bool worker_submit(struct worker *w, struct job *job)
{
	pthread_mutex_lock(&w->lock);
	bool room = w->queue.n < w->most && !w->stopping;
	if (room) {
		list_append(&w->queue, job);
		pthread_cond_signal(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
	return room;
}

bool worker_is_full(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	bool full = w->queue.n >= w->most;
	pthread_mutex_unlock(&w->lock);
	return full;
}

size_t worker_pending(struct worker *w)
{
	pthread_mutex_lock(&w->lock);
	size_t n = w->queue.n + w->running + w->finished.n;
	pthread_mutex_unlock(&w->lock);
	return n;
}

void worker_drain(struct worker *w, void *owner)
{
	uint64_t count;
	ssize_t n = read(w->fd, &count, sizeof(count));
	(void)n; /* nothing there is fine */
	pthread_mutex_lock(&w->lock);
	struct job *jobs = list_take(&w->finished);
	pthread_mutex_unlock(&w->lock);
	for (struct job *j = jobs, *next; j != NULL; j = next) {
		next = j->next;
		j->done(j, owner);
	}
}

void worker_free(struct worker *w, void *owner)
{
	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->stopping = true;
	pthread_cond_signal(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	worker_drain(w, owner);
	close(w->fd);
	pthread_mutex_destroy(&w->lock);
	pthread_cond_destroy(&w->wake);
	free(w);
}
