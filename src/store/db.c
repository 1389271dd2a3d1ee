/* The SQLite connection: opening it safely, statements, errors. */
#include "store/db.h"

#include <stdio.h>
#include <string.h>

enum { BUSY_MS = 5000, JOURNAL_LIMIT = 64 * 1024 * 1024 };

int db_fail(struct db *db, struct err *e)
{
	return err_set(e, "%s: %s", db->path, sqlite3_errmsg(db->handle));
}

sqlite3_stmt *db_statement(struct db *db, enum statement s)
{
	sqlite3_stmt *st = db->statements[s];
	(void)sqlite3_reset(st); /* repeats the last error, told already */
	(void)sqlite3_clear_bindings(st); /* cannot fail */
	return st;
}

int db_row(struct db *db, sqlite3_stmt *s, struct err *e)
{
	int code = sqlite3_step(s);
	if (code == SQLITE_ROW)
		return 1;
	int bad = code == SQLITE_DONE ? 0 : db_fail(db, e);
	(void)sqlite3_reset(s); /* an open statement would pin the WAL */
	return bad;
}

int db_run(struct db *db, sqlite3_stmt *s, struct err *e)
{
	int code;
	while ((code = db_row(db, s, e)) == 1)
		continue;
	return code;
}

void db_bind_str(sqlite3_stmt *s, int at, struct str text)
{
	(void)sqlite3_bind_text(s, at, text.p != NULL ? text.p : "",
	    (int)text.n, SQLITE_STATIC); /* fails only for a wrong index */
}

void db_bind_text(sqlite3_stmt *s, int at, const char *z)
{
	db_bind_str(s, at, str_of(z));
}

struct str db_column(sqlite3_stmt *s, int at)
{
	const void *p = sqlite3_column_blob(s, at);
	int n = sqlite3_column_bytes(s, at);
	return (struct str){ p != NULL ? p : "", n > 0 ? (size_t)n : 0 };
}

/* Run a PRAGMA and compare its one answer, in text, with what is wanted. */
static int pragma(
    struct db *db, const char *sql, const char *want, struct err *e)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(db->handle, sql, -1, &s, NULL) != SQLITE_OK)
		return db_fail(db, e);
	int code = sqlite3_step(s);
	char got[64] = "";
	if (code == SQLITE_ROW && sqlite3_column_text(s, 0) != NULL)
		(void)snprintf(got, sizeof(got), "%s",
		    (const char *)sqlite3_column_text(s, 0)); /* cut is fine */
	int bad =
	    code == SQLITE_ROW || code == SQLITE_DONE ? 0 : db_fail(db, e);
	(void)sqlite3_finalize(s); /* its error was read */
	if (bad == 0 && want != NULL && strcmp(got, want) != 0)
		return err_set(e,
		    "%s: \"%s\" answers \"%s\", not \"%s\"; "
		    "use a local file system and a stock SQLite",
		    db->path, sql, got, want);
	return bad;
}

/* Durable or not at all: an acknowledged message survives power loss only
 * with synchronous=FULL, so a build that answers otherwise is refused. */
static int set_up(struct db *db, struct err *e)
{
	(void)sqlite3_busy_timeout(db->handle, BUSY_MS); /* cannot fail */
	if (pragma(db, "PRAGMA quick_check(1)", "ok", e) != 0 ||
	    pragma(db, "PRAGMA journal_mode=WAL", "wal", e) != 0 ||
	    pragma(db, "PRAGMA synchronous=FULL", NULL, e) != 0 ||
	    pragma(db, "PRAGMA synchronous", "2", e) != 0 ||
	    pragma(db, "PRAGMA secure_delete=ON", NULL, e) != 0)
		return -1;
	char sql[64];
	(void)snprintf(sql, sizeof(sql), "PRAGMA journal_size_limit=%d",
	    JOURNAL_LIMIT); /* fits */
	return pragma(db, sql, NULL, e);
}

int db_open(struct db *db, const char *path, struct err *e)
{
	*db = (struct db){ .path = path };
	if (sqlite3_open_v2(path, &db->handle,
		SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE |
		    SQLITE_OPEN_NOMUTEX,
		NULL) != SQLITE_OK)
		return err_set(e,
		    "%s: %s; make it and its directory writable "
		    "for this user",
		    path, sqlite3_errmsg(db->handle));
	if (sqlite3_db_readonly(db->handle, "main") == 1)
		return err_set(e,
		    "%s: is read-only; make it writable for "
		    "this user",
		    path);
	if (set_up(db, e) != 0 || schema_migrate(db, e) != 0)
		return -1;
	return db_prepare(db, e);
}

int db_prepare(struct db *db, struct err *e)
{
	for (int i = 0; i < STATEMENTS; i++)
		if (sqlite3_prepare_v3(db->handle, statement_sql[i], -1,
			SQLITE_PREPARE_PERSISTENT, &db->statements[i],
			NULL) != SQLITE_OK)
			return db_fail(db, e);
	return 0;
}

void db_close(struct db *db)
{
	for (int i = 0; i < STATEMENTS; i++)
		(void)sqlite3_finalize(db->statements[i]); /* told already */
	(void)sqlite3_close(db->handle); /* nothing is left open */
	*db = (struct db){ 0 };
}
