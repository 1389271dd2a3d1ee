/* What changes: one unit at a time, each in a savepoint of the batch's
 * transaction, so that a bad row cannot fail its neighbours. */
#include "store/db.h"

static int put_conversation(
    struct db *db, const struct store_unit *u, struct err *e)
{
	sqlite3_stmt *s;
	if (u->is_new) {
		s = db_statement(db, SQL_NEW_CONVERSATION);
		sqlite3_bind_int64(s, 1, u->conversation);
		db_bind_text(s, 2, u->public_id);
		sqlite3_bind_blob(
		    s, 3, u->resume_hash, SECRET_HASH_BYTES, SQLITE_STATIC);
		sqlite3_bind_int64(s, 4, u->seq);
		db_bind_str(s, 5, buf_str(&u->state));
		sqlite3_bind_int64(s, 6, u->at_ms);
		db_bind_text(s, 7, u->customer);
		return db_run(db, s, e);
	}
	s = db_statement(db, SQL_SET_CONVERSATION);
	sqlite3_bind_int64(s, 1, u->conversation);
	sqlite3_bind_int64(s, 2, u->base_seq);
	sqlite3_bind_int64(s, 3, u->seq);
	db_bind_str(s, 4, buf_str(&u->state));
	sqlite3_bind_int64(s, 5, u->at_ms);
	if (db_run(db, s, e) != 0)
		return -1;
	if (sqlite3_changes(db->handle) != 1)
		return err_set(e,
		    "conversation %lld is not at seq %lld any "
		    "more",
		    (long long)u->conversation, (long long)u->base_seq);
	return 0;
}

static int put_event(struct db *db, const struct store_unit *u,
    const struct store_event *ev, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_ADD_EVENT);
	sqlite3_bind_int64(s, 1, u->conversation);
	sqlite3_bind_int64(s, 2, ev->seq);
	sqlite3_bind_int64(s, 3, ev->at_ms);
	if (ev->client_id[0] != '\0') {
		db_bind_text(s, 4, ev->client_id);
		sqlite3_bind_int64(s, 5, ev->text_hash);
		sqlite3_bind_int64(s, 6, ev->reply_seq);
	}
	db_bind_str(s, 7, buf_str(&ev->body));
	if (ev->why.n != 0)
		db_bind_str(s, 8, buf_str(&ev->why));
	return db_run(db, s, e);
}

static int put_ticket(struct db *db, const struct store_unit *u, struct err *e)
{
	const struct ticket *t = &u->ticket;
	bool is_new = u->ticket_was < 0;
	sqlite3_stmt *s =
	    db_statement(db, is_new ? SQL_NEW_TICKET : SQL_SET_TICKET);
	sqlite3_bind_int64(s, 1, t->id);
	if (is_new) {
		db_bind_text(s, 2, t->conversation);
		sqlite3_bind_int64(s, 11, t->opened_ms);
	}
	db_bind_text(s, 3, ticket_state_name(t->state));
	db_bind_text(s, 4, reason_name(t->reason));
	sqlite3_bind_int(s, 5, (int)t->urgency);
	db_bind_text(s, 6, t->lang);
	db_bind_text(s, 7, t->agent);
	db_bind_text(s, 8, t->outcome);
	sqlite3_bind_int64(s, 9, t->generation);
	sqlite3_bind_int(s, 10, t->front);
	sqlite3_bind_int64(s, 12, t->queued_ms);
	sqlite3_bind_int64(s, 13, t->claimed_ms);
	sqlite3_bind_int64(s, 14, t->ended_ms);
	db_bind_text(s, 15, t->topic);
	db_bind_text(s, 16, t->prefer);
	sqlite3_bind_int64(s, 17, t->snooze_ms);
	sqlite3_bind_int64(s, 18, t->first_ms);
	if (is_new)
		db_bind_text(s, 19, mood_name(t->mood_open));
	db_bind_text(s, 20, mood_name(t->mood_end));
	if (!is_new)
		sqlite3_bind_int64(s, 21, u->ticket_was);
	if (db_run(db, s, e) != 0)
		return -1;
	if (sqlite3_changes(db->handle) != 1)
		return err_set(e,
		    "ticket t_%lld is not at generation %lld "
		    "any more",
		    (long long)t->id, (long long)u->ticket_was);
	return 0;
}

static int put_note(struct db *db, const struct store_unit *u, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_ADD_NOTE);
	sqlite3_bind_int64(s, 1, u->ticket.id);
	sqlite3_bind_int64(s, 2, u->at_ms);
	db_bind_text(s, 3, u->note_by);
	db_bind_str(s, 4, buf_str(&u->note));
	return db_run(db, s, e);
}

static int put_rating(struct db *db, const struct store_unit *u, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_RATE_TICKET);
	sqlite3_bind_int64(s, 1, u->conversation);
	sqlite3_bind_int(s, 2, u->rating);
	return db_run(db, s, e);
}

/* Of every agent: the ticket has ended. */
static int drop_drafts(struct db *db, int64_t ticket, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_DROP_DRAFT);
	sqlite3_bind_int64(s, 1, ticket);
	db_bind_text(s, 2, "");
	return db_run(db, s, e);
}

static int put_unit(struct db *db, const struct store_unit *u, struct err *e)
{
	if (put_conversation(db, u, e) != 0)
		return -1;
	for (size_t i = 0; i < u->n_events; i++)
		if (put_event(db, u, &u->events[i], e) != 0)
			return -1;
	if (u->has_ticket && put_ticket(db, u, e) != 0)
		return -1;
	for (size_t i = 0; i < u->n_audits; i++)
		if (put_audit(db, &u->audits[i], u->at_ms, e) != 0)
			return -1;
	if (u->rating > 0 && put_rating(db, u, e) != 0)
		return -1;
	if (u->has_ticket && u->ticket.ended_ms > 0 &&
	    drop_drafts(db, u->ticket.id, e) != 0)
		return -1;
	return u->note.n != 0 ? put_note(db, u, e) : 0;
}

void unit_run(struct job *job, void *arg)
{
	struct db *db = arg;
	const struct store_unit *u = (const struct store_unit *)job;
	struct err *e = &job->err;
	if (db_run(db, db_statement(db, SQL_SAVEPOINT), e) != 0) {
		job->failed = true;
		return;
	}
	if (put_unit(db, u, e) != 0) {
		job->failed = true;
		struct err ignored = ERR_NONE;
		/* if even this fails, the batch's COMMIT will too */
		(void)db_run(db, db_statement(db, SQL_ROLLBACK_TO), &ignored);
	}
	if (db_run(db, db_statement(db, SQL_RELEASE), e) != 0)
		job->failed = true;
}

void run_whole(struct db *db, struct job *job,
    int (*run)(struct db *db, struct job *job, struct err *e))
{
	struct err ignored = ERR_NONE;
	job->failed =
	    db_run(db, db_statement(db, SQL_SAVEPOINT), &job->err) != 0;
	if (job->failed)
		return;
	job->failed = run(db, job, &job->err) != 0;
	if (job->failed)
		(void)db_run(db, db_statement(db, SQL_ROLLBACK_TO), &ignored);
	if (db_run(db, db_statement(db, SQL_RELEASE), &job->err) != 0)
		job->failed = true;
}

static int put_account(struct db *db, struct job *job, struct err *e)
{
	const struct store_put_account *p =
	    (const struct store_put_account *)job;
	const struct store_account *a = &p->account;
	sqlite3_stmt *s = db_statement(db, SQL_PUT_ACCOUNT);
	db_bind_text(s, 1, a->who.name);
	sqlite3_bind_blob(
	    s, 2, a->token_hash, SECRET_HASH_BYTES, SQLITE_STATIC);
	sqlite3_bind_int(s, 3, a->disabled);
	sqlite3_bind_int64(s, 4, a->created_ms);
	sqlite3_bind_int(s, 5, (int)a->kind);
	db_bind_text(s, 6, a->password);
	sqlite3_bind_int(s, 7, a->who.supervisor);
	sqlite3_bind_int(s, 8, a->who.capacity);
	db_bind_text(s, 9, a->who.langs);
	db_bind_text(s, 10, a->who.topics);
	if (db_run(db, s, e) != 0)
		return -1;
	return p->audit.what != NULL ? put_audit(db, &p->audit, p->at_ms, e)
				     : 0;
}

void put_account_run(struct job *job, void *arg)
{
	run_whole(arg, job, put_account);
}
