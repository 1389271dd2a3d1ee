#ifndef HG_SYS_WORKER_H
#define HG_SYS_WORKER_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/* A thread with a bounded queue.  Jobs run in order; all that is queued when
 * the thread looks is one batch, with a beginning and an end around it (the
 * store's transaction).  Completions are taken back by the owner's thread. */

struct worker;

/* Embedded in what a caller wants done. */
struct job {
	struct job *next;
	void (*run)(struct job *job, void *arg);    /* on the worker */
	void (*done)(struct job *job, void *owner); /* on the owner's thread;
						       frees the job */
	bool failed; /* set by run, or for all when the batch fails */
	struct err err;
};

struct worker_batch {
	int (*begin)(void *arg, struct err *e); /* NULL: nothing to do */
	int (*end)(void *arg, struct err *e);
};

/* arg goes to run and to the batch functions. */
struct worker *worker_new(
    size_t most, struct worker_batch batch, void *arg, struct err *e);
/* Readable when completions wait. */
int worker_fd(const struct worker *w);
/* False when the queue is full; the job is the caller's again then. */
bool worker_submit(struct worker *w, struct job *job) HG_MUST_USE;
bool worker_is_full(struct worker *w);
/* Jobs submitted and not yet taken back. */
size_t worker_pending(struct worker *w);
/* Call done for each completion. */
void worker_drain(struct worker *w, void *owner);
/* Finish the queue, call done for all, stop the thread. */
void worker_free(struct worker *w, void *owner);

#endif
