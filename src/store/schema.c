/* Tables, migrations and every SQL text of the program.  Keys append (a
 * conversation's number, then seq), since indexes on random keys cost four
 * times as much. */
#include "store/db.h"

enum { SCHEMA_VERSION = 2 };

static const char *const migrations[SCHEMA_VERSION] = {
	"CREATE TABLE conversation("
	" id INTEGER PRIMARY KEY,"
	" public_id TEXT NOT NULL UNIQUE,"
	" resume_hash BLOB NOT NULL,"
	" seq INTEGER NOT NULL,"
	" state TEXT NOT NULL,"
	" created_ms INTEGER NOT NULL,"
	" updated_ms INTEGER NOT NULL);"
	"CREATE TABLE event("
	" conversation INTEGER NOT NULL,"
	" seq INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" client_id TEXT,"
	" text_hash INTEGER,"
	" reply_seq INTEGER,"
	" body TEXT NOT NULL,"
	" why TEXT,"
	" PRIMARY KEY(conversation, seq)) WITHOUT ROWID;"
	"CREATE UNIQUE INDEX event_client_id ON event(conversation, client_id)"
	" WHERE client_id IS NOT NULL;"
	"CREATE TABLE ticket("
	" id INTEGER PRIMARY KEY,"
	" conversation TEXT NOT NULL,"
	" state TEXT NOT NULL,"
	" reason TEXT NOT NULL,"
	" urgency INTEGER NOT NULL,"
	" lang TEXT NOT NULL,"
	" agent TEXT NOT NULL,"
	" outcome TEXT NOT NULL,"
	" generation INTEGER NOT NULL,"
	" front INTEGER NOT NULL,"
	" opened_ms INTEGER NOT NULL,"
	" queued_ms INTEGER NOT NULL,"
	" claimed_ms INTEGER NOT NULL,"
	" ended_ms INTEGER NOT NULL);"
	"CREATE INDEX ticket_conversation ON ticket(conversation);"
	"CREATE INDEX ticket_open ON ticket(state)"
	" WHERE state IN ('waiting', 'held');"
	"CREATE TABLE note("
	" id INTEGER PRIMARY KEY,"
	" ticket INTEGER NOT NULL,"
	" at_ms INTEGER NOT NULL,"
	" agent TEXT NOT NULL,"
	" text TEXT NOT NULL);"
	"CREATE TABLE agent("
	" name TEXT PRIMARY KEY,"
	" token_hash BLOB NOT NULL,"
	" disabled INTEGER NOT NULL,"
	" created_ms INTEGER NOT NULL) WITHOUT ROWID;",
	/* 2: tokens of gateways and operators */
	"ALTER TABLE agent ADD COLUMN kind INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE agent ADD COLUMN password TEXT NOT NULL DEFAULT '';"
	/* and the customers whom the shop's server has signed for */
	"ALTER TABLE conversation ADD COLUMN customer TEXT NOT NULL"
	" DEFAULT '';"
	"CREATE INDEX conversation_customer ON conversation(customer)"
	" WHERE customer <> '';",
};

#define TICKET_COLUMNS                                                         \
	"id, conversation, state, reason, urgency, lang, agent, outcome, "     \
	"generation, front, opened_ms, queued_ms, claimed_ms, ended_ms"

const char *const statement_sql[STATEMENTS] = {
	[SQL_BEGIN] = "BEGIN IMMEDIATE",
	[SQL_COMMIT] = "COMMIT",
	[SQL_ROLLBACK] = "ROLLBACK",
	[SQL_SAVEPOINT] = "SAVEPOINT unit",
	[SQL_RELEASE] = "RELEASE unit",
	[SQL_ROLLBACK_TO] = "ROLLBACK TO unit",
	[SQL_NEW_CONVERSATION] =
	    "INSERT INTO conversation(id, public_id, resume_hash, seq, state,"
	    " created_ms, updated_ms, customer)"
	    " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?6, ?7)",
	[SQL_SET_CONVERSATION] =
	    "UPDATE conversation SET seq = ?3, state = ?4, updated_ms = ?5"
	    " WHERE id = ?1 AND seq = ?2",
	[SQL_GET_CONVERSATION] =
	    "SELECT id, seq, resume_hash, state, customer FROM conversation"
	    " WHERE public_id = ?1",
	[SQL_GET_CONVERSATIONS_OF] =
	    "SELECT public_id FROM conversation WHERE customer = ?1 AND"
	    " customer <> '' ORDER BY id DESC LIMIT ?2",
	[SQL_ADD_EVENT] =
	    "INSERT INTO event(conversation, seq, at_ms, client_id, text_hash,"
	    " reply_seq, body, why) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
	[SQL_GET_EVENTS] =
	    "SELECT body, seq FROM event WHERE conversation = ?1 AND seq > ?2"
	    " ORDER BY seq LIMIT ?3",
	[SQL_GET_LAST_EVENTS] =
	    "SELECT body, seq FROM (SELECT seq, body FROM event"
	    " WHERE conversation = ?1 AND seq > ?2 AND"
	    " body LIKE '{\"type\":\"message\"%' ORDER BY seq DESC LIMIT ?3)"
	    " ORDER BY seq",
	[SQL_GET_IDS] = "SELECT client_id, seq, text_hash, reply_seq FROM event"
			" WHERE conversation = ?1 AND client_id IS NOT NULL",
	[SQL_NEW_TICKET] =
	    "INSERT INTO ticket(" TICKET_COLUMNS ") VALUES(?1, ?2, ?3, ?4, ?5,"
	    " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
	[SQL_SET_TICKET] =
	    "UPDATE ticket SET state = ?3, reason = ?4, urgency = ?5,"
	    " lang = ?6, agent = ?7, outcome = ?8, generation = ?9,"
	    " front = ?10, queued_ms = ?12, claimed_ms = ?13, ended_ms = ?14"
	    " WHERE id = ?1 AND generation = ?15"
	    " AND state IN ('waiting', 'held')",
	[SQL_GET_TICKETS] = "SELECT " TICKET_COLUMNS " FROM ticket"
			    " WHERE state IN ('waiting', 'held') ORDER BY id",
	[SQL_GET_TICKET_OF] =
	    "SELECT " TICKET_COLUMNS " FROM ticket WHERE conversation = ?1"
	    " AND state IN ('waiting', 'held') ORDER BY id DESC LIMIT 1",
	[SQL_ADD_NOTE] = "INSERT INTO note(ticket, at_ms, agent, text)"
			 " VALUES(?1, ?2, ?3, ?4)",
	[SQL_PUT_ACCOUNT] =
	    "INSERT INTO agent(name, token_hash, disabled, created_ms, kind,"
	    " password) VALUES(?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT(name) DO "
	    "UPDATE"
	    " SET token_hash = ?2, disabled = ?3, password = ?6",
	[SQL_GET_ACCOUNTS] =
	    "SELECT name, token_hash, disabled, created_ms, kind, password"
	    " FROM agent"
	    " ORDER BY name",
	[SQL_MAX_IDS] =
	    "SELECT (SELECT coalesce(max(id), 0) FROM conversation),"
	    " (SELECT coalesce(max(id), 0) FROM ticket)",
	[SQL_EXPORT_EVENTS] =
	    "SELECT json_group_array(json_object('at_ms', at_ms, 'event',"
	    " json(body), 'why', json(why)))"
	    " FROM (SELECT * FROM event WHERE conversation = ?1 ORDER BY seq)",
	[SQL_EXPORT_TICKETS] =
	    "SELECT json_group_array(json_object('ticket', 't_' || id,"
	    " 'state', state, 'reason', reason, 'agent', agent, 'outcome',"
	    " outcome, 'opened_ms', opened_ms, 'claimed_ms', claimed_ms,"
	    " 'ended_ms', ended_ms)) FROM ticket WHERE conversation = ?1",
	[SQL_EXPORT_NOTES] =
	    "SELECT json_group_array(json_object('ticket', 't_' || ticket,"
	    " 'at_ms', at_ms, 'agent', agent, 'text', text)) FROM note"
	    " WHERE ticket IN (SELECT id FROM ticket WHERE conversation = ?1)",
	[SQL_FORGET_NOTES] = "DELETE FROM note WHERE ticket IN"
			     " (SELECT id FROM ticket WHERE conversation = ?1)",
	[SQL_FORGET_TICKETS] = "DELETE FROM ticket WHERE conversation = ?1",
	[SQL_FORGET_EVENTS] = "DELETE FROM event WHERE conversation = ?1",
	[SQL_FORGET_CONVERSATION] = "DELETE FROM conversation WHERE id = ?1",
	[SQL_OLD_CONVERSATIONS] =
	    "SELECT id, public_id FROM conversation WHERE updated_ms < ?1 AND"
	    " NOT EXISTS (SELECT 1 FROM ticket WHERE"
	    " ticket.conversation = public_id AND"
	    " ticket.state IN ('waiting', 'held')) LIMIT ?2",
};

static int exec(struct db *db, const char *sql, struct err *e)
{
	if (sqlite3_exec(db->handle, sql, NULL, NULL, NULL) == SQLITE_OK)
		return 0;
	return db_fail(db, e);
}

static int read_version(struct db *db, int *version, struct err *e)
{
	sqlite3_stmt *s = NULL;
	if (sqlite3_prepare_v2(
		db->handle, "PRAGMA user_version", -1, &s, NULL) != SQLITE_OK ||
	    sqlite3_step(s) != SQLITE_ROW) {
		(void)sqlite3_finalize(s); /* the error is read next */
		return db_fail(db, e);
	}
	*version = sqlite3_column_int(s, 0);
	(void)sqlite3_finalize(s); /* it has been read */
	return 0;
}

int schema_migrate(struct db *db, struct err *e)
{
	int version = 0;
	if (read_version(db, &version, e) != 0)
		return -1;
	if (version > SCHEMA_VERSION)
		return err_set(e,
		    "%s: was written by a newer hangatd (schema "
		    "%d, this one knows %d); install that one",
		    db->path, version, SCHEMA_VERSION);
	for (; version < SCHEMA_VERSION; version++) {
		struct buf sql = { 0 };
		buf_addf(&sql,
		    "BEGIN IMMEDIATE;%s;PRAGMA user_version = %d;COMMIT;",
		    migrations[version], version + 1);
		int bad = exec(db, sql.p, e);
		buf_clear(&sql);
		if (bad != 0) {
			struct err ignored = ERR_NONE;
			(void)exec(db, "ROLLBACK", &ignored); /* may be none */
			return -1;
		}
	}
	return 0;
}
