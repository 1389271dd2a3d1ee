/* The store: the database behind a worker thread, one transaction per batch
 * of jobs (group commit). */
#include "store/store.h"
#include "base/mem.h"
#include "store/db.h"

#include <stdlib.h>

struct store {
	struct db db;
	struct worker *worker;
	char *path;
};

static int batch_begin(void *arg, struct err *e)
{
	struct db *db = arg;
	db->erased = false;
	return db_run(db, db_statement(db, SQL_BEGIN), e);
}

static int batch_end(void *arg, struct err *e)
{
	struct db *db = arg;
	struct err ignored = ERR_NONE;
	if (db_run(db, db_statement(db, SQL_COMMIT), e) != 0) {
		/* disk full, I/O error: nothing of the batch may stand */
		(void)db_run(db, db_statement(db, SQL_ROLLBACK), &ignored);
		return -1;
	}
	/* what was forgotten must leave the log too, readers permitting */
	if (db->erased)
		(void)sqlite3_wal_checkpoint_v2(
		    db->handle, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
	return 0;
}

struct store *store_open(
    const char *path, struct store_start *start, struct err *e)
{
	struct store *s = xcalloc(1, sizeof(*s));
	s->path = xstrdup(path);
	struct worker_batch batch = { batch_begin, batch_end };
	*start = (struct store_start){ 0 };
	if (db_open(&s->db, s->path, e) == 0 &&
	    start_read(&s->db, start, e) == 0)
		s->worker = worker_new(STORE_QUEUE, batch, &s->db, e);
	if (s->worker != NULL)
		return s;
	store_start_clear(start);
	store_close(s, NULL);
	return NULL;
}

void store_close(struct store *s, void *owner)
{
	if (s == NULL)
		return;
	worker_free(s->worker, owner);
	db_close(&s->db);
	free(s->path);
	free(s);
}

void store_start_clear(struct store_start *s)
{
	free(s->tickets);
	free(s->accounts);
	*s = (struct store_start){ 0 };
}

int store_fd(const struct store *s)
{
	return worker_fd(s->worker);
}

void store_drain(struct store *s, void *owner)
{
	worker_drain(s->worker, owner);
}

size_t store_pending(struct store *s)
{
	return worker_pending(s->worker);
}

bool store_is_full(struct store *s)
{
	return worker_is_full(s->worker);
}

bool store_submit(struct store *s, struct job *job)
{
	return worker_submit(s->worker, job);
}

void store_unit_init(struct store_unit *u)
{
	*u = (struct store_unit){ .job.run = unit_run, .ticket_was = -1 };
}

void store_unit_clear(struct store_unit *u)
{
	buf_clear(&u->state);
	buf_clear(&u->note);
	for (size_t i = 0; i < u->n_events; i++) {
		buf_clear(&u->events[i].body);
		buf_clear(&u->events[i].why);
	}
	u->n_events = 0;
}

void store_draft_init(struct store_draft *d)
{
	*d = (struct store_draft){ .job.run = draft_run };
}

void store_draft_clear(struct store_draft *d)
{
	buf_clear(&d->text);
}

void store_audit_init(struct store_audit *a)
{
	*a = (struct store_audit){ .job.run = audit_run };
}

void store_report_init(struct store_report *r)
{
	*r = (struct store_report){ .job.run = report_run };
}

void store_report_clear(struct store_report *r)
{
	buf_clear(&r->json);
}

void store_load_init(struct store_load *l)
{
	*l = (struct store_load){ .job.run = load_run, .after = -1 };
}

void store_load_clear(struct store_load *l)
{
	buf_clear(&l->state);
	buf_clear(&l->notes);
	buf_clear(&l->candidates);
	buf_clear(&l->draft);
	for (size_t i = 0; i < l->n_events; i++)
		buf_clear(&l->events[i]);
	free(l->events);
	free(l->ids);
	l->events = NULL;
	l->ids = NULL;
	l->n_events = l->n_ids = 0;
}

void store_put_account_init(struct store_put_account *p)
{
	*p = (struct store_put_account){ .job.run = put_account_run };
}

void store_person_init(struct store_person *p)
{
	*p = (struct store_person){ .job.run = person_run };
}

void store_purge_init(struct store_purge *p)
{
	*p = (struct store_purge){ .job.run = purge_run };
}

void store_person_clear(struct store_person *p)
{
	buf_clear(&p->json);
}

const char *store_version(void)
{
	return sqlite3_libversion();
}
