#ifndef HG_STORE_DB_H
#define HG_STORE_DB_H

#include "store/store.h"

#include <sqlite3.h>

/* Inside the store: the connection and its prepared statements. */

enum statement {
	SQL_BEGIN,
	SQL_COMMIT,
	SQL_ROLLBACK,
	SQL_SAVEPOINT,
	SQL_RELEASE,
	SQL_ROLLBACK_TO,
	SQL_NEW_CONVERSATION,
	SQL_SET_CONVERSATION,
	SQL_GET_CONVERSATION,
	SQL_GET_CONVERSATIONS_OF,
	SQL_ADD_EVENT,
	SQL_GET_EVENTS,
	SQL_GET_LAST_EVENTS,
	SQL_GET_IDS,
	SQL_NEW_TICKET,
	SQL_SET_TICKET,
	SQL_GET_TICKETS,
	SQL_GET_TICKET_OF,
	SQL_ADD_NOTE,
	SQL_PUT_ACCOUNT,
	SQL_GET_ACCOUNTS,
	SQL_MAX_IDS,
	SQL_EXPORT_EVENTS,
	SQL_EXPORT_TICKETS,
	SQL_EXPORT_NOTES,
	SQL_GET_TICKET,
	SQL_GET_CANDIDATES,
	SQL_RATE_TICKET,
	SQL_PUT_DRAFT,
	SQL_DROP_DRAFT,
	SQL_GET_DRAFT,
	SQL_ADD_AUDIT,
	SQL_REPORT_AUDIT,
	SQL_REPORT_ENDED,
	SQL_REPORT_STATS,
	SQL_FORGET_DRAFTS,
	SQL_FORGET_NOTES,
	SQL_FORGET_TICKETS,
	SQL_FORGET_EVENTS,
	SQL_FORGET_CONVERSATION,
	SQL_OLD_CONVERSATIONS,
};
enum { STATEMENTS = SQL_OLD_CONVERSATIONS + 1 };

struct db {
	sqlite3 *handle;
	sqlite3_stmt *statements[STATEMENTS];
	const char *path;
	bool erased; /* something was forgotten in this batch */
};

/* The statement, reset and ready to bind. */
sqlite3_stmt *db_statement(struct db *db, enum statement s);
/* Run it: 0, or -1 with the reason. */
int db_run(struct db *db, sqlite3_stmt *s, struct err *e);
/* The next row: 1, 0 at the end, -1. */
int db_row(struct db *db, sqlite3_stmt *s, struct err *e);
int db_fail(struct db *db, struct err *e);

void db_bind_str(sqlite3_stmt *s, int at, struct str text);
void db_bind_text(sqlite3_stmt *s, int at, const char *z);
struct str db_column(sqlite3_stmt *s, int at);

/* Open, set up, migrate and check. */
int db_open(struct db *db, const char *path, struct err *e);
void db_close(struct db *db);
int db_prepare(struct db *db, struct err *e);

/* schema.c */
int schema_migrate(struct db *db, struct err *e);
extern const char *const statement_sql[STATEMENTS];

/* query.c */
void ticket_from_row(sqlite3_stmt *s, struct ticket *t);
int start_read(struct db *db, struct store_start *start, struct err *e);
void load_run(struct job *job, void *arg);
void person_run(struct job *job, void *arg);
void purge_run(struct job *job, void *arg);

/* write.c */
/* Run a job in a savepoint: all of it counts, or nothing. */
void run_whole(struct db *db, struct job *job,
    int (*run)(struct db *db, struct job *job, struct err *e));
void unit_run(struct job *job, void *arg);
void put_account_run(struct job *job, void *arg);
int put_audit(struct db *db, const struct store_audit_row *a, int64_t at_ms,
    struct err *e);

/* report.c */
void report_run(struct job *job, void *arg);
void audit_run(struct job *job, void *arg);
void draft_run(struct job *job, void *arg);

#endif
