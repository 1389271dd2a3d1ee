/* Tables, migrations and every SQL text of the program.  Keys append (a
 * conversation's number, then seq), since indexes on random keys cost four
 * times as much. */
#include "store/db.h"

enum { SCHEMA_VERSION = 3 };

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
	/* 3: what the desk knows of tickets and agents; drafts; who did what */
	"ALTER TABLE ticket ADD COLUMN topic TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE ticket ADD COLUMN prefer TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE ticket ADD COLUMN snooze_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket ADD COLUMN first_ms INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE ticket ADD COLUMN mood_open TEXT NOT NULL"
	" DEFAULT 'neutral';"
	"ALTER TABLE ticket ADD COLUMN mood_end TEXT NOT NULL"
	" DEFAULT 'neutral';"
	"ALTER TABLE ticket ADD COLUMN rating INTEGER NOT NULL DEFAULT 0;"
	"CREATE INDEX ticket_opened ON ticket(opened_ms);"
	"CREATE INDEX ticket_ended ON ticket(ended_ms);"
	"CREATE INDEX ticket_first ON ticket(first_ms);"
	"ALTER TABLE agent ADD COLUMN supervisor INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE agent ADD COLUMN capacity INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE agent ADD COLUMN langs TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE agent ADD COLUMN topics TEXT NOT NULL DEFAULT '';"
	"CREATE TABLE draft("
	" ticket INTEGER NOT NULL,"
	" agent TEXT NOT NULL,"
	" text TEXT NOT NULL,"
	" PRIMARY KEY(ticket, agent)) WITHOUT ROWID;"
	"CREATE TABLE audit("
	" id INTEGER PRIMARY KEY,"
	" at_ms INTEGER NOT NULL,"
	" who TEXT NOT NULL,"
	" what TEXT NOT NULL,"
	" ticket INTEGER NOT NULL,"
	" detail TEXT NOT NULL);"
	"CREATE INDEX audit_ticket ON audit(ticket) WHERE ticket <> 0;"
	"CREATE INDEX audit_who ON audit(who, id);"
	"CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN"
	" SELECT raise(ABORT, 'the audit log is only added to'); END;"
	"CREATE TRIGGER audit_keeps BEFORE DELETE ON audit BEGIN"
	" SELECT raise(ABORT, 'the audit log is only added to'); END;",
};

#define TICKET_COLUMNS                                                         \
	"id, conversation, state, reason, urgency, lang, agent, outcome, "     \
	"generation, front, opened_ms, queued_ms, claimed_ms, ended_ms, "      \
	"topic, prefer, snooze_ms, first_ms, mood_open, mood_end, rating"

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
	    " ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
	    " ?19, ?20, 0)",
	[SQL_SET_TICKET] =
	    "UPDATE ticket SET state = ?3, reason = ?4, urgency = ?5,"
	    " lang = ?6, agent = ?7, outcome = ?8, generation = ?9,"
	    " front = ?10, queued_ms = ?12, claimed_ms = ?13, ended_ms = ?14,"
	    " topic = ?15, prefer = ?16, snooze_ms = ?17, first_ms = ?18,"
	    " mood_end = ?20 WHERE id = ?1 AND generation = ?21"
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
	    " password, supervisor, capacity, langs, topics) VALUES(?1, ?2, ?3,"
	    " ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT(name) DO UPDATE"
	    " SET token_hash = ?2, disabled = ?3, password = ?6,"
	    " supervisor = ?7, capacity = ?8, langs = ?9, topics = ?10",
	[SQL_GET_ACCOUNTS] =
	    "SELECT name, token_hash, disabled, created_ms, kind, password,"
	    " supervisor, capacity, langs, topics FROM agent ORDER BY name",
	[SQL_MAX_IDS] =
	    /* numbers that the audit log names are not given again */
	"SELECT (SELECT coalesce(max(id), 0) FROM conversation),"
	" max((SELECT coalesce(max(id), 0) FROM ticket),"
	" (SELECT coalesce(max(ticket), 0) FROM audit))",
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
	[SQL_GET_TICKET] =
	    "SELECT " TICKET_COLUMNS " FROM ticket WHERE id = ?1",
	/* the best three of the last message that the bot read */
	[SQL_GET_CANDIDATES] =
	    "SELECT json_group_array(json_object('intent',"
	    " json_extract(value, '$.intent'), 'confidence',"
	    " json_extract(value, '$.confidence'))) FROM (SELECT why FROM event"
	    " WHERE conversation = ?1 AND why IS NOT NULL ORDER BY seq DESC"
	    " LIMIT 1), json_each(why, '$.candidates') WHERE key < 3",
	[SQL_RATE_TICKET] =
	    "UPDATE ticket SET rating = ?2 WHERE id = (SELECT max(id) FROM"
	    " ticket WHERE state = 'resolved' AND conversation = (SELECT"
	    " public_id FROM conversation WHERE id = ?1))",
	[SQL_PUT_DRAFT] =
	    "INSERT INTO draft(ticket, agent, text) SELECT ?1, ?2, ?3"
	    " WHERE EXISTS (SELECT 1 FROM ticket WHERE id = ?1 AND"
	    " state = 'held') ON CONFLICT(ticket, agent) DO UPDATE SET text = "
	    "?3",
	[SQL_DROP_DRAFT] =
	    "DELETE FROM draft WHERE ticket = ?1 AND (agent = ?2 OR ?2 = '')",
	[SQL_GET_DRAFT] =
	    "SELECT text FROM draft WHERE ticket = ?1 AND agent = ?2",
	[SQL_ADD_AUDIT] = "INSERT INTO audit(at_ms, who, what, ticket, detail)"
			  " VALUES(?1, ?2, ?3, ?4, ?5)",
	[SQL_REPORT_AUDIT] =
	    "SELECT json_group_array(json_object('at_ms', at_ms, 'who', who,"
	    " 'what', what, 'ticket', CASE ticket WHEN 0 THEN NULL ELSE"
	    " 't_' || ticket END, 'detail', detail)) FROM (SELECT * FROM"
	    " (SELECT * FROM audit WHERE at_ms >= ?1 AND (?2 = 0 OR"
	    " ticket = ?2) AND (?4 = '' OR who = ?4) ORDER BY id DESC LIMIT ?3)"
	    " ORDER BY id)",
	[SQL_REPORT_ENDED] =
	    "SELECT json_group_array(json_object('ticket', 't_' || id,"
	    " 'state', state, 'reason', reason, 'lang', lang, 'topic', topic,"
	    " 'agent', agent, 'outcome', outcome, 'rating', rating,"
	    " 'opened_ms', opened_ms, 'ended_ms', ended_ms)) FROM (SELECT *"
	    " FROM ticket WHERE state IN ('resolved', 'back') AND"
	    " ended_ms >= ?1 AND (?4 = '' OR agent = ?4)"
	    " ORDER BY ended_ms DESC LIMIT ?3)",
	[SQL_REPORT_STATS] =
	    "SELECT json_object("
	    "'opened', (SELECT count(*) FROM ticket WHERE opened_ms >= ?1),"
	    "'taken', (SELECT count(*) FROM ticket WHERE first_ms >= ?1),"
	    "'resolved', (SELECT count(*) FROM ticket WHERE ended_ms >= ?1 AND"
	    " state = 'resolved'),"
	    "'back', (SELECT count(*) FROM ticket WHERE ended_ms >= ?1 AND"
	    " state = 'back'),"
	    /* the median */
	    "'first_response_ms', (SELECT first_ms - opened_ms FROM ticket"
	    " WHERE first_ms >= ?1 ORDER BY first_ms - opened_ms LIMIT 1 OFFSET"
	    " (SELECT count(*) / 2 FROM ticket WHERE first_ms >= ?1)),"
	    "'ratings', (SELECT count(*) FROM ticket WHERE ended_ms >= ?1 AND"
	    " rating > 0),"
	    "'rating', (SELECT round(avg(rating), 2) FROM ticket WHERE"
	    " ended_ms >= ?1 AND rating > 0),"
	    "'mood_open', (SELECT json_group_object(mood_open, n) FROM (SELECT"
	    " mood_open, count(*) AS n FROM ticket WHERE ended_ms >= ?1 AND"
	    " first_ms > 0 GROUP BY mood_open)),"
	    "'mood_end', (SELECT json_group_object(mood_end, n) FROM (SELECT"
	    " mood_end, count(*) AS n FROM ticket WHERE ended_ms >= ?1 AND"
	    " first_ms > 0 GROUP BY mood_end)))",
	[SQL_FORGET_DRAFTS] =
	    "DELETE FROM draft WHERE ticket IN"
	    " (SELECT id FROM ticket WHERE conversation = ?1)",
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
