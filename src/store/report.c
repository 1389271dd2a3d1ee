/* What the desk asks of the store beside conversations: drafts, the audit log,
 * figures. */
#include "store/db.h"

int put_audit(struct db *db, const struct store_audit_row *a, int64_t at_ms,
    struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_ADD_AUDIT);
	sqlite3_bind_int64(s, 1, at_ms);
	db_bind_text(s, 2, a->who);
	db_bind_text(s, 3, a->what);
	sqlite3_bind_int64(s, 4, a->ticket);
	db_bind_text(s, 5, a->detail);
	return db_run(db, s, e);
}

void audit_run(struct job *job, void *arg)
{
	const struct store_audit *a = (const struct store_audit *)job;
	job->failed = put_audit(arg, &a->row, a->at_ms, &job->err) != 0;
}

void draft_run(struct job *job, void *arg)
{
	const struct store_draft *d = (const struct store_draft *)job;
	bool drops = d->text.n == 0;
	sqlite3_stmt *s =
	    db_statement(arg, drops ? SQL_DROP_DRAFT : SQL_PUT_DRAFT);
	sqlite3_bind_int64(s, 1, d->ticket);
	db_bind_text(s, 2, d->agent);
	if (!drops)
		db_bind_str(s, 3, buf_str(&d->text));
	job->failed = db_run(arg, s, &job->err) != 0;
}

void report_run(struct job *job, void *arg)
{
	static const enum statement statements[] = {
		[REPORT_STATS] = SQL_REPORT_STATS,
		[REPORT_ENDED] = SQL_REPORT_ENDED,
		[REPORT_AUDIT] = SQL_REPORT_AUDIT,
	};
	struct store_report *r = (struct store_report *)job;
	sqlite3_stmt *s = db_statement(arg, statements[r->kind]);
	sqlite3_bind_int64(s, 1, r->since_ms);
	if (r->kind == REPORT_AUDIT)
		sqlite3_bind_int64(s, 2, r->ticket);
	if (r->kind != REPORT_STATS) {
		sqlite3_bind_int64(s, 3, r->most);
		db_bind_text(s, 4, r->who);
	}
	job->failed = db_row(arg, s, &job->err) != 1;
	if (!job->failed)
		buf_adds(&r->json, db_column(s, 0));
	(void)sqlite3_reset(s); /* it was read */
}
