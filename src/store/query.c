/* What is read: at start, a conversation with its events, one customer's
 * export; and the erasing of one customer. */
#include "base/mem.h"
#include "store/db.h"

#include <stdlib.h>

static int enum_or(int value, int otherwise)
{
	return value >= 0 ? value : otherwise;
}

static void field_from(sqlite3_stmt *s, int at, char *field, size_t size)
{
	struct str v = db_column(s, at);
	field_set(field, size, v.p, v.n);
}

void ticket_from_row(sqlite3_stmt *s, struct ticket *t)
{
	char name[32];
	*t = (struct ticket){ .id = sqlite3_column_int64(s, 0) };
	field_from(s, 1, t->conversation, sizeof(t->conversation));
	field_from(s, 2, name, sizeof(name));
	t->state = (enum ticket_state)enum_or(
	    ticket_state_from_name(name), TICKET_WAITING);
	field_from(s, 3, name, sizeof(name));
	t->reason = (enum reason)enum_or(reason_from_name(name), REASON_UNSURE);
	int urgency = sqlite3_column_int(s, 4);
	t->urgency = urgency >= 0 && urgency < URGENCY_COUNT
			 ? (enum urgency)urgency
			 : URGENCY_NORMAL;
	field_from(s, 5, t->lang, sizeof(t->lang));
	field_from(s, 6, t->agent, sizeof(t->agent));
	field_from(s, 7, t->outcome, sizeof(t->outcome));
	t->generation = sqlite3_column_int64(s, 8);
	t->front = sqlite3_column_int(s, 9) != 0;
	t->opened_ms = sqlite3_column_int64(s, 10);
	t->queued_ms = sqlite3_column_int64(s, 11);
	t->claimed_ms = sqlite3_column_int64(s, 12);
	t->ended_ms = sqlite3_column_int64(s, 13);
	field_from(s, 14, t->topic, sizeof(t->topic));
	field_from(s, 15, t->prefer, sizeof(t->prefer));
	t->snooze_ms = sqlite3_column_int64(s, 16);
	t->first_ms = sqlite3_column_int64(s, 17);
	field_from(s, 18, name, sizeof(name));
	t->mood_open = (enum mood)enum_or(mood_from_name(name), MOOD_NEUTRAL);
	field_from(s, 19, name, sizeof(name));
	t->mood_end = (enum mood)enum_or(mood_from_name(name), MOOD_NEUTRAL);
	t->rating = sqlite3_column_int(s, 20);
}

static void hash_from(sqlite3_stmt *s, int at, uint8_t *hash)
{
	struct str v = db_column(s, at);
	memset(hash, 0, SECRET_HASH_BYTES);
	if (v.n == SECRET_HASH_BYTES)
		memcpy(hash, v.p, SECRET_HASH_BYTES);
}

int start_read(struct db *db, struct store_start *start, struct err *e)
{
	size_t cap = 0;
	int code;
	*start = (struct store_start){ 0 };
	sqlite3_stmt *s = db_statement(db, SQL_MAX_IDS);
	if (db_row(db, s, e) != 1)
		return -1;
	start->next_conversation = sqlite3_column_int64(s, 0) + 1;
	start->next_ticket = sqlite3_column_int64(s, 1) + 1;
	(void)sqlite3_reset(s); /* it was read */
	s = db_statement(db, SQL_GET_TICKETS);
	while ((code = db_row(db, s, e)) == 1) {
		VEC_ROOM(start->tickets, start->n_tickets, cap);
		ticket_from_row(s, &start->tickets[start->n_tickets++]);
	}
	if (code != 0)
		return -1;
	cap = 0;
	s = db_statement(db, SQL_GET_ACCOUNTS);
	while ((code = db_row(db, s, e)) == 1) {
		VEC_ROOM(start->accounts, start->n_accounts, cap);
		struct store_account *a = &start->accounts[start->n_accounts++];
		field_from(s, 0, a->who.name, sizeof(a->who.name));
		hash_from(s, 1, a->token_hash);
		a->disabled = sqlite3_column_int(s, 2) != 0;
		a->created_ms = sqlite3_column_int64(s, 3);
		a->kind = (enum account_kind)sqlite3_column_int(s, 4);
		field_from(s, 5, a->password, sizeof(a->password));
		a->who.supervisor = sqlite3_column_int(s, 6) != 0;
		a->who.capacity = sqlite3_column_int(s, 7);
		field_from(s, 8, a->who.langs, sizeof(a->who.langs));
		field_from(s, 9, a->who.topics, sizeof(a->who.topics));
	}
	return code;
}

static int load_ids(struct db *db, struct store_load *l, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_GET_IDS);
	size_t cap = 0;
	int code;
	sqlite3_bind_int64(s, 1, l->conversation);
	while ((code = db_row(db, s, e)) == 1) {
		VEC_ROOM(l->ids, l->n_ids, cap);
		struct store_id *id = &l->ids[l->n_ids++];
		field_from(s, 0, id->client_id, sizeof(id->client_id));
		id->seq = sqlite3_column_int64(s, 1);
		id->text_hash = sqlite3_column_int64(s, 2);
		id->reply_seq = sqlite3_column_int64(s, 3);
	}
	return code;
}

static int load_events(struct db *db, struct store_load *l, struct err *e)
{
	sqlite3_stmt *s = db_statement(
	    db, l->last > 0 ? SQL_GET_LAST_EVENTS : SQL_GET_EVENTS);
	size_t cap = 0;
	int code;
	sqlite3_bind_int64(s, 1, l->conversation);
	sqlite3_bind_int64(s, 2, l->after);
	sqlite3_bind_int64(s, 3,
	    l->last > 0    ? l->last
	    : l->first > 0 ? l->first
			   : -1);
	while ((code = db_row(db, s, e)) == 1) {
		VEC_ROOM(l->events, l->n_events, cap);
		struct buf *b = &l->events[l->n_events++];
		*b = (struct buf){ 0 };
		buf_adds(b, db_column(s, 0));
		l->events_end = sqlite3_column_int64(s, 1);
	}
	return code;
}

/* The name of the customer's last conversation: 1, or 0 when there is none. */
static int find_last(struct db *db, struct store_load *l, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_GET_CONVERSATIONS_OF);
	db_bind_text(s, 1, l->customer);
	sqlite3_bind_int64(s, 2, 1);
	int code = db_row(db, s, e);
	if (code == 1)
		field_from(s, 0, l->public_id, sizeof(l->public_id));
	(void)sqlite3_reset(s); /* it was read */
	return code;
}

/* The ticket of a card, and its conversation: 1, or 0 when there is none. */
static int find_ticket(struct db *db, struct store_load *l, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_GET_TICKET);
	sqlite3_bind_int64(s, 1, l->card_ticket);
	int code = db_row(db, s, e);
	l->has_ticket = code == 1;
	if (code == 1) {
		ticket_from_row(s, &l->ticket);
		FIELD_SET(l->public_id, l->ticket.conversation,
		    strlen(l->ticket.conversation));
	}
	(void)sqlite3_reset(s); /* it was read */
	return code;
}

/* Notes, candidates and draft of a card. */
static int load_card(struct db *db, struct store_load *l, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_EXPORT_NOTES);
	db_bind_text(s, 1, l->public_id);
	if (db_row(db, s, e) != 1)
		return -1;
	buf_adds(&l->notes, db_column(s, 0));
	(void)sqlite3_reset(s); /* it was read */
	s = db_statement(db, SQL_GET_CANDIDATES);
	sqlite3_bind_int64(s, 1, l->conversation);
	if (db_row(db, s, e) != 1)
		return -1;
	buf_adds(&l->candidates, db_column(s, 0));
	(void)sqlite3_reset(s); /* it was read */
	s = db_statement(db, SQL_GET_DRAFT);
	sqlite3_bind_int64(s, 1, l->card_ticket);
	db_bind_text(s, 2, l->card_agent);
	int code = db_row(db, s, e);
	if (code == 1)
		buf_adds(&l->draft, db_column(s, 0));
	(void)sqlite3_reset(s); /* it was read */
	return code < 0 ? -1 : 0;
}

static int find(struct db *db, struct store_load *l, struct err *e)
{
	if (l->public_id[0] != '\0')
		return 1;
	return l->card_ticket > 0 ? find_ticket(db, l, e) : find_last(db, l, e);
}

static int load(struct db *db, struct store_load *l, struct err *e)
{
	int there = find(db, l, e);
	if (there != 1)
		return there;
	sqlite3_stmt *s = db_statement(db, SQL_GET_CONVERSATION);
	db_bind_text(s, 1, l->public_id);
	int code = db_row(db, s, e);
	if (code != 1)
		return code;
	l->found = true;
	l->conversation = sqlite3_column_int64(s, 0);
	l->seq = sqlite3_column_int64(s, 1);
	hash_from(s, 2, l->resume_hash);
	buf_adds(&l->state, db_column(s, 3));
	field_from(s, 4, l->customer, sizeof(l->customer));
	(void)sqlite3_reset(s); /* it was read */
	if (l->want_state && l->card_ticket == 0) {
		s = db_statement(db, SQL_GET_TICKET_OF);
		db_bind_text(s, 1, l->public_id);
		code = db_row(db, s, e);
		if (code == 1)
			ticket_from_row(s, &l->ticket);
		l->has_ticket = code == 1;
		(void)sqlite3_reset(s); /* it was read */
		if (code < 0 || load_ids(db, l, e) != 0)
			return -1;
	}
	if (l->card_ticket > 0 && load_card(db, l, e) != 0)
		return -1;
	return l->after >= 0 ? load_events(db, l, e) : 0;
}

void load_run(struct job *job, void *arg)
{
	job->failed = load(arg, (struct store_load *)job, &job->err) != 0;
}

static int export_part(struct db *db, enum statement which, const char *name,
    const char *public_id, int64_t id, struct buf *out, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, which);
	if (which == SQL_EXPORT_EVENTS)
		sqlite3_bind_int64(s, 1, id);
	else
		db_bind_text(s, 1, public_id);
	if (db_row(db, s, e) != 1)
		return -1;
	buf_addf(out, ",\"%s\":", name);
	buf_adds(out, db_column(s, 0));
	(void)sqlite3_reset(s); /* it was read */
	return 0;
}

static int forget(
    struct db *db, const char *public_id, int64_t id, struct err *e)
{
	static const enum statement all[] = { SQL_FORGET_DRAFTS,
		SQL_FORGET_NOTES, SQL_FORGET_TICKETS, SQL_FORGET_EVENTS,
		SQL_FORGET_CONVERSATION };
	for (size_t i = 0; i < HG_COUNT(all); i++) {
		sqlite3_stmt *s = db_statement(db, all[i]);
		if (all[i] == SQL_FORGET_EVENTS ||
		    all[i] == SQL_FORGET_CONVERSATION)
			sqlite3_bind_int64(s, 1, id);
		else
			db_bind_text(s, 1, public_id);
		if (db_run(db, s, e) != 0)
			return -1;
	}
	db->erased = true;
	return 0;
}

/* One conversation of a person's: 1, or 0 when there is no such. */
static int one_of(
    struct db *db, struct store_person *p, const char *public_id, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_GET_CONVERSATION);
	db_bind_text(s, 1, public_id);
	int code = db_row(db, s, e);
	if (code != 1)
		return code;
	int64_t id = sqlite3_column_int64(s, 0);
	buf_addf(&p->json,
	    "%s{\"conversation\":\"%s\",\"state\":", p->found ? "," : "",
	    public_id);
	buf_adds(&p->json, db_column(s, 3));
	(void)sqlite3_reset(s); /* it was read */
	p->found = true;
	if (p->forget)
		return forget(db, public_id, id, e) == 0 ? 1 : -1;
	if (export_part(db, SQL_EXPORT_EVENTS, "events", public_id, id,
		&p->json, e) != 0 ||
	    export_part(db, SQL_EXPORT_TICKETS, "tickets", public_id, id,
		&p->json, e) != 0 ||
	    export_part(
		db, SQL_EXPORT_NOTES, "notes", public_id, id, &p->json, e) != 0)
		return -1;
	buf_addc(&p->json, '}');
	return 1;
}

static int person(struct db *db, struct store_person *p, struct err *e)
{
	if (str_starts(str_of(p->name), STR("c_")))
		return one_of(db, p, p->name, e) < 0 ? -1 : 0;
	sqlite3_stmt *s = db_statement(db, SQL_GET_CONVERSATIONS_OF);
	struct buf names = { 0 };
	int code;
	db_bind_text(s, 1, p->name);
	sqlite3_bind_int64(s, 2, -1);
	while ((code = db_row(db, s, e)) == 1) {
		buf_adds(&names, db_column(s, 0));
		buf_addc(&names, '\0');
	}
	buf_addc(&p->json, '[');
	for (const char *at = names.p; code == 0 && at != NULL && *at != '\0';
	     at += strlen(at) + 1)
		code = one_of(db, p, at, e) < 0 ? -1 : 0;
	buf_addc(&p->json, ']');
	buf_clear(&names);
	return code;
}

static int purge(struct db *db, struct store_purge *p, struct err *e)
{
	sqlite3_stmt *s = db_statement(db, SQL_OLD_CONVERSATIONS);
	int64_t ids[STORE_PURGE];
	int code;
	sqlite3_bind_int64(s, 1, p->before_ms);
	sqlite3_bind_int64(s, 2, STORE_PURGE);
	while (p->n < STORE_PURGE && (code = db_row(db, s, e)) == 1) {
		struct str id = db_column(s, 1);
		ids[p->n] = sqlite3_column_int64(s, 0);
		FIELD_SET(p->gone[p->n], id.p, id.n);
		p->n++;
	}
	(void)sqlite3_reset(s); /* it was read */
	for (size_t i = 0; i < p->n; i++)
		if (forget(db, p->gone[i], ids[i], e) != 0)
			return -1;
	return 0;
}

static int run_person(struct db *db, struct job *job, struct err *e)
{
	return person(db, (struct store_person *)job, e);
}

static int run_purge(struct db *db, struct job *job, struct err *e)
{
	return purge(db, (struct store_purge *)job, e);
}

void person_run(struct job *job, void *arg)
{
	run_whole(arg, job, run_person);
}

void purge_run(struct job *job, void *arg)
{
	run_whole(arg, job, run_purge);
}
