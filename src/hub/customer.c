/* What a customer may do on a conversation: message, typing, feedback, bye. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"

#include <stdlib.h>

enum { MATCH_BUDGET_US = 5000 }; /* per message over all patterns */

struct budget {
	int64_t until_us, paused_us; /* of the thread's processor time */
};

static bool is_late(void *arg)
{
	return clock_cpu_us() > ((const struct budget *)arg)->until_us;
}

static void pause_budget(void *arg, bool on)
{
	struct budget *b = arg;
	if (on)
		b->paused_us = clock_cpu_us();
	else
		b->until_us += clock_cpu_us() - b->paused_us;
}

/* By conversation: an HTTP client has a connection for each message. */
static bool over_rate(const struct hub *h, struct conv *c)
{
	int most = h->config.messages_per_minute;
	int64_t now_ms = clock_steady_ms();
	if (most == 0 || c == NULL)
		return false;
	if (now_ms - c->window_ms > 60000) {
		c->window_ms = now_ms;
		c->in_window = 0;
	}
	return ++c->in_window > most;
}

static bool is_over_rate(struct peer *p, struct str re)
{
	if (!over_rate(p->hub, p->conv))
		return false;
	hub_refuse(p, re, ERROR_RATE_LIMITED,
	    "more than %d messages in a minute; wait a little",
	    p->hub->config.messages_per_minute);
	return true;
}

/* The same id again: the same answer, read from the store. */
struct repeating {
	struct store_load load; /* first */
	struct peer *peer;
	struct conv *conv;
	char re[LIMIT_ID_BYTES + 1];
};

static void repeat_done(struct job *job, void *owner)
{
	(void)owner; /* the peer knows its hub */
	struct repeating *r = (struct repeating *)job;
	struct peer *p = r->peer;
	bool there = !job->failed && r->load.n_events > 0;
	r->conv->pending--;
	if (!p->gone && there)
		p->ops->send(p->conn,
		    &(struct hub_said){ .json = buf_str(&r->load.events[0]),
			.type = EVENT_MESSAGE,
			.seq = r->load.events_end,
			.answers = true });
	else if (!p->gone)
		hub_refuse(p, str_of(r->re), ERROR_STORAGE,
		    "the answer to this id cannot be read; send it with a "
		    "new id");
	store_load_clear(&r->load);
	free(r);
	peer_release(p);
}

void repeat_answer(
    struct peer *p, struct conv *c, const struct store_id *known, struct str re)
{
	struct hub *h = p->hub;
	if (known->reply_seq == 0) {
		/* it got an ack; the empty step keeps it behind the first */
		struct pending *pend = pending_new(h, c, p, re);
		struct event ack = {
			.type = EVENT_ACK, .re = re, .seq = known->seq
		};
		pending_say(pend, &ack, OUT_PEER);
		pending_submit(pend);
		return;
	}
	struct repeating *x = xcalloc(1, sizeof(*x));
	store_load_init(&x->load);
	x->load.job.done = repeat_done;
	x->load.after = known->reply_seq - 1;
	x->load.first = 1;
	x->peer = p;
	x->conv = c;
	FIELD_SET(x->load.public_id, c->id, strlen(c->id));
	FIELD_SET(x->re, re.p, re.n);
	peer_hold(p);
	c->pending++;
	if (!store_submit(h->store, &x->load.job)) {
		peer_unhold(p);
		c->pending--;
		free(x);
		(void)hub_refuse_busy(p, re); /* it is */
	}
}

/* What the customer wrote, as everybody on the conversation will see it. */
static struct store_event *store_message(
    struct pending *pend, struct str re, struct str text, enum out_to to)
{
	struct conv *c = pend->conv;
	struct event ev = { .type = EVENT_MESSAGE,
		.from = SPEAKER_CUSTOMER,
		.from_name = c->talk.name,
		.id = re,
		.text = text };
	struct store_event *s = pending_store(pend, &ev, to);
	if (re.p != NULL) {
		FIELD_SET(s->client_id, re.p, re.n);
		s->text_hash = (int64_t)hash_bytes(0, text.p, text.n);
	}
	return s;
}

/* The bot is silent and hears all the same: how the customer feels, and what
 * they say of numbers. */
static void hear(
    struct hub *h, struct conv *c, struct ticket *t, struct str text)
{
	struct talk_view view = { .rs = h->rs,
		.scratch = h->scratch,
		.now_ms = clock_wall_ms(),
		.rng = &h->rng };
	struct budget budget = { clock_cpu_us() + MATCH_BUDGET_US, 0 };
	match_scratch_budget(h->scratch,
	    (struct match_budget){ is_late, pause_budget, &budget });
	t->mood_end = talk_hear(&c->talk, text, &view);
	match_scratch_budget(h->scratch, (struct match_budget){ 0 });
}

/* A person holds the conversation: pass it on. */
static void relay(
    struct peer *p, struct ticket *t, struct str re, struct str text)
{
	struct conv *c = p->conv;
	hear(p->hub, c, t, text);
	struct pending *pend = pending_new(p->hub, c, p, re);
	FIELD_SET(pend->agent, t->agent, strlen(t->agent));
	struct store_event *s = store_message(pend, re, text, OUT_OTHERS);
	struct event to_agent = { .type = EVENT_MESSAGE,
		.seq = s->seq,
		.from = SPEAKER_CUSTOMER,
		.from_name = c->talk.name,
		.ticket = t,
		.mood = mood_name(t->mood_end),
		.text = text };
	pending_say(pend, &to_agent, OUT_HOLDER);
	struct event ack = { .type = EVENT_ACK, .re = re, .seq = s->seq };
	pending_say(pend, &ack, OUT_PEER);
	if (re.p != NULL)
		conv_remember_id(c, s->client_id, s->seq, s->text_hash, 0);
	pending_submit(pend);
}

static void count_step(const struct step *step)
{
	count_up(step->reply.decision == DECISION_ANSWER    ? COUNT_ANSWERED
		 : step->reply.decision == DECISION_CLARIFY ? COUNT_CLARIFIED
							    : COUNT_UNSURE);
	if (step->limit_hits > 0)
		count_add(COUNT_LIMIT_HITS, step->limit_hits);
}

void customer_step(struct hub *h, const struct conv *c,
    struct conversation *talk, struct str text, struct step *step)
{
	struct talk_view view = { .rs = h->rs,
		.scratch = h->scratch,
		.now_ms = clock_wall_ms(),
		.rng = &h->rng };
	struct ticket *t = desk_find_conversation(h->desk, c->id);
	duty_view(h, talk, t, &view.desk);
	struct budget budget = { clock_cpu_us() + MATCH_BUDGET_US, 0 };
	match_scratch_budget(h->scratch,
	    (struct match_budget){ is_late, pause_budget, &budget });
	struct talk_event te = { TALK_MESSAGE, text, NULL };
	talk_step(talk, &te, &view, step);
	match_scratch_budget(h->scratch, (struct match_budget){ 0 });
}

/* The bot answers what was said, of which text is the last part. */
static void reply(struct peer *p, struct str re, struct str text,
    struct str said, bool explain)
{
	struct hub *h = p->hub;
	struct conv *c = p->conv;
	struct step step = { 0 };
	customer_step(h, c, &c->talk, said, &step);
	count_step(&step);
	struct pending *pend = pending_new(h, c, p, re);
	struct store_event *s = store_message(pend, re, text, OUT_OTHERS);
	struct event ev = { .type = EVENT_MESSAGE,
		.re = re,
		.from = SPEAKER_BOT,
		.from_name = step.reply.persona,
		.text = buf_str(&step.reply.text),
		.step = &step,
		.explain = explain };
	struct store_event *answer = pending_store(pend, &ev, OUT_ALL);
	answer->why = step.reply.why;
	step.reply.why = (struct buf){ 0 };
	s->reply_seq = answer->seq;
	if (re.p != NULL)
		conv_remember_id(
		    c, s->client_id, s->seq, s->text_hash, s->reply_seq);
	struct ticket *t = desk_find_conversation(h->desk, c->id);
	if (step.opens_ticket)
		ticket_open(pend, &step);
	else if (step.closes_ticket)
		ticket_withdraw(pend);
	else if (t != NULL && t->snooze_ms > 0)
		ticket_wake(pend, t, "the customer has written");
	step_clear(&step);
	pending_submit(pend);
}

void customer_answer(struct peer *p, struct str re, struct str text,
    struct str said, bool explain)
{
	struct ticket *t = desk_find_conversation(p->hub->desk, p->conv->id);
	if (t != NULL && t->state == TICKET_HELD)
		relay(p, t, re, text);
	else
		reply(p, re, text, said, explain);
}

void customer_acknowledge(struct peer *p, struct str re, struct str text)
{
	struct conv *c = p->conv;
	struct ticket *t = desk_find_conversation(p->hub->desk, c->id);
	if (t != NULL && t->state == TICKET_HELD) {
		relay(p, t, re, text); /* it acknowledges too */
		return;
	}
	struct pending *pend = pending_new(p->hub, c, p, re);
	const struct store_event *s = store_message(pend, re, text, OUT_OTHERS);
	struct event ack = { .type = EVENT_ACK, .re = re, .seq = s->seq };
	pending_say(pend, &ack, OUT_PEER);
	if (re.p != NULL)
		conv_remember_id(c, s->client_id, s->seq, s->text_hash, 0);
	pending_submit(pend);
}

static void take_message(
    struct peer *p, struct str re, struct str text, bool explain)
{
	struct conv *c = p->conv;
	burst_end_others(p); /* it may store this very id */
	struct store_id *known = re.p != NULL ? map_get(&c->ids, re) : NULL;
	int64_t hash = (int64_t)hash_bytes(0, text.p, text.n);
	if (known != NULL && known->text_hash != hash) {
		hub_refuse(p, re, ERROR_CONFLICT,
		    "this id was used for another text; give every message "
		    "an id of its own");
		return;
	}
	if (known != NULL) {
		repeat_answer(p, c, known, re);
		return;
	}
	count_up(COUNT_MESSAGES);
	if (!burst_takes(p, re, text, explain))
		customer_answer(p, re, text, text, explain);
}

/* May this peer's conversation be written to now? */
static bool may_write(struct peer *p, struct str re)
{
	if (hub_refuse_busy(p, re))
		return false;
	if (p->conv != NULL && p->conv->forgotten) {
		hub_refuse(p, re, ERROR_CLOSED,
		    "this conversation has been erased; send hello to start "
		    "anew");
		return false;
	}
	if (p->conv != NULL && p->conv->broken) {
		if (p->conv->pending == 0)
			conv_mend(p->hub, p->conv);
		hub_refuse(p, re, ERROR_STORAGE,
		    "the conversation is being read again; send it once "
		    "more");
		return false;
	}
	return true;
}

void customer_message(
    struct peer *p, struct str re, struct str text, bool explain)
{
	if (!may_write(p, re))
		return;
	if (is_over_rate(p, re))
		return;
	struct buf clean = { 0 };
	utf8_add_clean(&clean, str_trim(text));
	if (clean.n == 0) {
		hub_refuse(p, re, ERROR_MISSING_FIELD,
		    "\"text\" is empty; write something");
	} else {
		if (p->conv == NULL)
			hello_silent(p);
		take_message(
		    p, re, buf_str(&clean), explain && p->hub->config.explains);
	}
	buf_clear(&clean);
}

static void typing(struct peer *p)
{
	const struct ticket *t =
	    p->conv == NULL ? NULL
			    : desk_find_conversation(p->hub->desk, p->conv->id);
	if (t == NULL || t->state != TICKET_HELD)
		return;
	struct event ev = { .type = EVENT_TYPING,
		.from = SPEAKER_CUSTOMER,
		.from_name = p->conv->talk.name,
		.ticket = t };
	for (struct peer *x = p->hub->peers; x != NULL; x = x->next)
		if (x->role == PEER_AGENT && strcmp(x->agent, t->agent) == 0)
			peer_send(x, &ev);
}

static void feedback(struct peer *p, const struct request *r)
{
	struct str re = r->id;
	if (p->conv == NULL || r->rating < 1 || r->rating > 5) {
		hub_refuse(p, re, ERROR_MISSING_FIELD,
		    "feedback needs a conversation and a \"rating\" from 1 "
		    "to 5");
		return;
	}
	if (!may_write(p, re) || is_over_rate(p, re))
		return;
	struct buf clean = { 0 };
	utf8_add_clean(
	    &clean, r->text.p != NULL ? r->text : ((struct str){ "", 0 }));
	struct pending *pend = pending_new(p->hub, p->conv, p, re);
	struct event ev = { .type = EVENT_FEEDBACK,
		.from = SPEAKER_CUSTOMER,
		.rating = r->rating,
		.text = buf_str(&clean) };
	const struct store_event *s = pending_store(pend, &ev, OUT_OTHERS);
	struct event ack = { .type = EVENT_ACK, .re = re, .seq = s->seq };
	pending_say(pend, &ack, OUT_PEER);
	pend->unit.rating = (int)r->rating;
	pending_submit(pend);
	buf_clear(&clean);
}

/* What the page knows already need not be asked. */
static void attributes(struct peer *p, const struct request *r)
{
	if (p->conv == NULL || r->n_attributes == 0) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "attributes need a conversation, and an object "
		    "\"attributes\" with texts");
		return;
	}
	if (!may_write(p, r->id) || is_over_rate(p, r->id))
		return;
	for (size_t i = 0; i < r->n_attributes; i++) {
		struct buf clean = { 0 };
		utf8_add_clean(&clean, str_trim(r->attributes[i].value));
		talk_know(
		    &p->conv->talk, r->attributes[i].name, buf_str(&clean));
		buf_clear(&clean);
	}
	struct pending *pend = pending_new(p->hub, p->conv, p, r->id);
	struct event ack = { .type = EVENT_ACK, .re = r->id };
	pending_say(pend, &ack, OUT_PEER);
	pending_submit(pend);
}

void customer_request(struct peer *p, const struct request *r)
{
	bool as_agent = r->type == REQUEST_HELLO && r->role.p != NULL &&
			str_is(r->role, "agent");
	if (r->type == REQUEST_SIGN_IN && p->door == DOOR_DESK) {
		session_sign_in(p, r);
		return;
	}
	if (p->door == (as_agent ? DOOR_WEB : DOOR_DESK)) {
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    as_agent ? "agents sign in at /v1/desk, customers here"
			     : "this is the agents' door; say hello with role "
			       "\"agent\", customers talk at /v1/chat");
		return;
	}
	if (r->conversation.p != NULL && r->type == REQUEST_MESSAGE &&
	    (p->conv == NULL || !str_is(r->conversation, p->conv->id))) {
		hub_refuse(p, r->id, ERROR_NOT_FOUND,
		    "this connection has no such conversation; say hello "
		    "with its resume token");
		return;
	}
	switch (r->type) {
	case REQUEST_HELLO:
		hello_request(p, r);
		return;
	case REQUEST_MESSAGE:
		customer_message(p, r->id, r->text, r->explain);
		return;
	case REQUEST_TYPING:
		typing(p);
		return;
	case REQUEST_FEEDBACK:
		feedback(p, r);
		return;
	case REQUEST_ATTRIBUTES:
		attributes(p, r);
		return;
	case REQUEST_BYE:
		burst_end_of(p);
		p->ops->close(p->conn);
		return;
	case REQUEST_PING:
		peer_send(
		    p, &(struct event){ .type = EVENT_PONG, .re = r->id });
		return;
	case REQUEST_CLAIM:
	case REQUEST_NOTE:
	case REQUEST_TRANSFER:
	case REQUEST_RELEASE:
	case REQUEST_RESOLVE:
	case REQUEST_RETURN_TO_BOT:
	case REQUEST_SNOOZE:
	case REQUEST_DRAFT:
	case REQUEST_VIEW:
	case REQUEST_CANNED:
	case REQUEST_STATS:
	case REQUEST_ENDED:
	case REQUEST_AUDIT:
	case REQUEST_STATUS:
	case REQUEST_RELOAD:
	case REQUEST_TICKETS:
	case REQUEST_AGENT_ADD:
	case REQUEST_AGENT_LIST:
	case REQUEST_AGENT_TOKEN:
	case REQUEST_AGENT_PASSWD:
	case REQUEST_AGENT_SET:
	case REQUEST_SIGN_IN:
	case REQUEST_AGENT_DISABLE:
	case REQUEST_EXPORT:
	case REQUEST_FORGET:
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "this is for agents; say hello with role agent and a "
		    "token");
	}
}
