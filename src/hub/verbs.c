/* What an agent does with a ticket.  Every verb goes through the same guard:
 * holder and generation, decided by the desk. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"

#include <stdio.h>
#include <stdlib.h>

/* Say that a person comes or goes, as the conversation's language has it. */
static void say_person(
    struct pending *p, enum event_type type, const char *key, const char *agent)
{
	struct buf text = { 0 };
	talk_notice(p->hub->rs, &p->conv->talk, key, agent, &text);
	struct event ev = { .type = type,
		.from = SPEAKER_HUMAN,
		.from_name = agent,
		.text = buf_str(&text) };
	(void)pending_store(p, &ev, OUT_ALL); /* nothing to add to the row */
	buf_clear(&text);
}

/* It changes hands from who holds it to another who is here. */
static struct pending *change_hands(struct peer *p, struct ticket *t,
    struct conv *c, const char *from, int64_t was, struct str re)
{
	struct pending *pend = pending_new(p->hub, c, p, re);
	FIELD_SET(pend->agent, from, strlen(from));
	say_person(pend, EVENT_LEFT, "agent_left", from);
	say_person(pend, EVENT_JOINED, "agent_joined", t->agent);
	pending_ticket(pend, t, was);
	return pend;
}

static void take_over(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c)
{
	struct hub *h = p->hub;
	int64_t was = t->generation;
	char from[LIMIT_NAME_BYTES];
	memcpy(from, t->agent, sizeof(from));
	desk_take_over(h->desk, t, p->agent, clock_wall_ms());
	struct pending *pend = change_hands(p, t, c, from, was, r->id);
	struct event lost = { .type = EVENT_LEASE_LOST,
		.ticket = t,
		.waited_ms = pend->unit.at_ms - t->opened_ms };
	pending_say(pend, &lost, OUT_HOLDER);
	audit_step(pend, p->agent, "take_over", t, from);
	log_line(LOG_INFO, "hub",
	    "ticket=t_%lld agent=\"%s\" took it from=\"%s\"", (long long)t->id,
	    p->agent, from);
	pending_submit(pend);
	card_of_claim(p, c, t, r->id, r->after);
}

static void refuse_claim(struct peer *p, struct str re, const struct ticket *t,
    enum desk_refusal why)
{
	if (why == DESK_FULL)
		hub_refuse(p, re, ERROR_BUSY,
		    "you hold as many tickets as you may; resolve one, or "
		    "release it");
	else
		hub_refuse(p, re, ERROR_TAKEN,
		    "\"%s\" holds this ticket already; choose another%s",
		    t->agent,
		    p->supervisor ? ", or claim it with take_over" : "");
}

static void claim(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c)
{
	struct hub *h = p->hub;
	int64_t was = t->generation;
	if (desk_may_act(t, p->agent, was) == DESK_OK) {
		/* back from a lost connection: the card again */
		card_of_claim(p, c, t, r->id, r->after);
		return;
	}
	if (t->state == TICKET_HELD && r->take_over && p->supervisor) {
		take_over(p, r, t, c);
		return;
	}
	enum desk_refusal why =
	    desk_claim(h->desk, t, p->agent, clock_wall_ms());
	if (why != DESK_OK) {
		refuse_claim(p, r->id, t, why);
		return;
	}
	c->talk.holder = HOLDER_AGENT;
	struct pending *pend = pending_new(h, c, p, r->id);
	FIELD_SET(pend->agent, p->agent, strlen(p->agent));
	say_person(pend, EVENT_JOINED, "agent_joined", p->agent);
	pending_handoff(pend, "held", NULL);
	pending_ticket(pend, t, was);
	audit_step(pend, p->agent, "claim", t, "");
	log_line(LOG_INFO, "hub", "ticket=t_%lld agent=\"%s\" claimed",
	    (long long)t->id, p->agent);
	pending_submit(pend);
	card_of_claim(p, c, t, r->id, r->after);
}

/* The words of a request, cleaned; false (and refused) when none are left. */
static bool clean_text(
    struct peer *p, const struct request *r, struct buf *clean)
{
	utf8_add_clean(clean, str_trim(r->text));
	if (clean->n > 0)
		return true;
	hub_refuse(p, r->id, ERROR_MISSING_FIELD,
	    "\"text\" is empty; write something");
	buf_clear(clean);
	return false;
}

/* A person writes. */
static void write_message(struct peer *p, const struct request *r,
    const struct ticket *t, struct conv *c)
{
	struct buf clean = { 0 };
	if (!clean_text(p, r, &clean))
		return;
	char key[CLIENT_ID_BYTES] = "";
	int64_t hash = (int64_t)hash_bytes(0, clean.p, clean.n);
	if (r->id.p != NULL)
		(void)snprintf(key, sizeof(key), "\x1f%lld:%.*s",
		    (long long)t->generation, STR_ARG(r->id)); /* fits */
	const struct store_id *known =
	    key[0] != '\0' ? map_get(&c->ids, str_of(key)) : NULL;
	if (known != NULL) {
		if (known->text_hash == hash)
			repeat_answer(p, c, known, r->id);
		else
			hub_refuse(p, r->id, ERROR_CONFLICT,
			    "this id was used for another text; give every "
			    "message an id of its own");
		buf_clear(&clean);
		return;
	}
	struct pending *pend = pending_new(p->hub, c, p, r->id);
	struct event ev = { .type = EVENT_MESSAGE,
		.from = SPEAKER_HUMAN,
		.from_name = p->agent,
		.text = buf_str(&clean) };
	struct store_event *s = pending_store(pend, &ev, OUT_ALL);
	if (key[0] != '\0') {
		FIELD_SET(s->client_id, key, strlen(key));
		s->text_hash = hash;
		conv_remember_id(c, key, s->seq, hash, 0);
	}
	struct event ack = { .type = EVENT_ACK, .re = r->id, .seq = s->seq };
	pending_say(pend, &ack, OUT_PEER);
	pending_submit(pend);
	buf_clear(&clean);
}

static void add_note(struct peer *p, const struct request *r,
    const struct ticket *t, struct conv *c)
{
	struct buf clean = { 0 };
	if (!clean_text(p, r, &clean))
		return;
	struct pending *pend = pending_new(p->hub, c, p, r->id);
	pend->unit.note = clean; /* the unit's now */
	FIELD_SET(pend->unit.note_by, p->agent, strlen(p->agent));
	pend->unit.ticket = *t;
	audit_step(pend, p->agent, "note", t, "");
	struct event ack = { .type = EVENT_ACK, .re = r->id };
	pending_say(pend, &ack, OUT_PEER);
	pending_submit(pend);
}

static void transfer(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c)
{
	struct hub *h = p->hub;
	const struct store_account *to =
	    r->to.p != NULL ? people_find(h, r->to) : NULL;
	if (to == NULL || !desk_is_here(h->desk, to->who.name) ||
	    strcmp(to->who.name, p->agent) == 0) {
		hub_refuse(p, r->id, ERROR_NOT_FOUND,
		    "\"to\" is no other agent who is signed in; release the "
		    "ticket, or choose one who is here");
		return;
	}
	int64_t was = t->generation;
	const char *name = to->who.name;
	desk_transfer(h->desk, t, name, clock_wall_ms());
	struct pending *pend = change_hands(p, t, c, p->agent, was, r->id);
	if (r->text.p != NULL)
		utf8_add_clean(&pend->unit.note, str_trim(r->text));
	FIELD_SET(pend->unit.note_by, p->agent, strlen(p->agent));
	audit_step(pend, p->agent, "transfer", t, name);
	struct event ack = { .type = EVENT_ACK, .re = r->id };
	pending_say(pend, &ack, OUT_PEER);
	log_line(LOG_INFO, "hub",
	    "ticket=t_%lld agent=\"%s\" gave it to=\"%s\"", (long long)t->id,
	    p->agent, name);
	pending_submit(pend);
	for (struct peer *x = h->peers; x != NULL; x = x->next)
		if (x->role == PEER_AGENT && strcmp(x->agent, name) == 0) {
			card_of_claim(x, c, t, STR_NONE, -1);
			break;
		}
}

static void snooze(struct peer *p, const struct request *r, struct ticket *t)
{
	enum { LEAST_S = 60, MOST_S = 14 * 24 * 3600 };
	if (r->wait_s < LEAST_S || r->wait_s > MOST_S) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"wait_s\" says for how long: from %d to %d seconds",
		    LEAST_S, MOST_S);
		return;
	}
	ticket_leave(p->hub, t,
	    &(struct ticket_leaving){ .why = TICKET_PUT_OFF,
		.by = p,
		.re = r->id,
		.until_ms = clock_wall_ms() + r->wait_s * 1000 });
}

/* A draft on its way to the disk. */
struct drafting {
	struct store_draft draft; /* first */
	struct peer *peer;
	char re[LIMIT_ID_BYTES + 1];
};

static void draft_done(struct job *job, void *owner)
{
	(void)owner; /* the peer knows its hub */
	struct drafting *x = (struct drafting *)job;
	struct peer *p = x->peer;
	if (!p->gone && job->failed)
		hub_refuse(
		    p, str_of(x->re), ERROR_STORAGE, "%s", job->err.text);
	else if (!p->gone)
		peer_send(p,
		    &(struct event){ .type = EVENT_ACK, .re = str_of(x->re) });
	store_draft_clear(&x->draft);
	free(x);
	peer_release(p);
}

static void keep_draft(
    struct peer *p, const struct request *r, const struct ticket *t)
{
	struct drafting *x = xcalloc(1, sizeof(*x));
	store_draft_init(&x->draft);
	x->draft.job.done = draft_done;
	x->draft.ticket = t->id;
	memcpy(x->draft.agent, p->agent, sizeof(x->draft.agent));
	if (r->text.p != NULL)
		utf8_add_clean(&x->draft.text, r->text);
	x->peer = p;
	FIELD_SET(x->re, r->id.p != NULL ? r->id.p : "", r->id.n);
	peer_hold(p);
	if (store_submit(p->hub->store, &x->draft.job))
		return;
	peer_unhold(p);
	store_draft_clear(&x->draft);
	free(x);
	(void)hub_refuse_busy(p, r->id); /* it is */
}

static void typing(struct peer *p, struct conv *c)
{
	for (struct peer *x = c->peers; x != NULL; x = x->next_in_conv)
		peer_send(x, &(struct event){ .type = EVENT_TYPING,
				 .from = SPEAKER_HUMAN,
				 .from_name = p->agent });
}

/* May this agent act on the ticket?  Says why not. */
static bool may_act(
    struct peer *p, const struct request *r, const struct ticket *t)
{
	switch (desk_may_act(t, p->agent, r->generation)) {
	case DESK_OK:
		return true;
	case DESK_STALE:
	case DESK_NOT_WAITING:
	case DESK_FULL:
		hub_refuse(p, r->id, ERROR_STALE_GENERATION,
		    "the ticket has moved on since generation %lld; claim it "
		    "again",
		    (long long)r->generation);
		return false;
	case DESK_NOT_HOLDER:
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "you do not hold this ticket; claim it first");
		return false;
	}
	return false;
}

void verb_request(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c)
{
	if (r->type == REQUEST_CLAIM) {
		claim(p, r, t, c);
		return;
	}
	if (!may_act(p, r, t))
		return;
	if (r->type == REQUEST_MESSAGE)
		write_message(p, r, t, c);
	else if (r->type == REQUEST_NOTE)
		add_note(p, r, t, c);
	else if (r->type == REQUEST_TRANSFER)
		transfer(p, r, t, c);
	else if (r->type == REQUEST_SNOOZE)
		snooze(p, r, t);
	else if (r->type == REQUEST_DRAFT)
		keep_draft(p, r, t);
	else if (r->type == REQUEST_TYPING)
		typing(p, c);
	else
		ticket_leave(p->hub, t,
		    &(struct ticket_leaving){
			.why = r->type == REQUEST_RELEASE   ? TICKET_GIVEN_BACK
			       : r->type == REQUEST_RESOLVE ? TICKET_SOLVED
							    : TICKET_TO_BOT,
			.by = p,
			.re = r->id,
			.outcome = r->outcome });
}
