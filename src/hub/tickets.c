/* Steps on their way to the disk, and what happens to tickets in them.  What
 * is said leaves only when the step is committed. */
#include "base/mem.h"
#include "hub/inner.h"

#include <assert.h>
#include <stdlib.h>

static void deliver_to(struct peer *p, const struct out *o, struct str json,
    const struct peer *asked)
{
	if (p == NULL || p->gone)
		return;
	p->ops->send(p->conn, &(struct hub_said){ .json = json,
				  .plain = buf_str(&o->plain),
				  .type = o->type,
				  .seq = o->seq,
				  .answers = o->answers && p == asked });
}

static void deliver(struct hub *h, const struct pending *p, const struct out *o)
{
	struct str json = o->stored ? buf_str(&p->unit.events[o->index].body)
				    : buf_str(&o->json);
	if (o->to == OUT_PEER) {
		deliver_to(p->peer, o, json, p->peer);
		return;
	}
	if (o->to == OUT_ALL || o->to == OUT_OTHERS) {
		for (struct peer *x = p->conv->peers; x != NULL;
		     x = x->next_in_conv)
			if (o->to == OUT_ALL || x != p->peer)
				deliver_to(x, o, json, p->peer);
		return;
	}
	for (struct peer *x = h->peers; x != NULL; x = x->next)
		if (x->role == PEER_AGENT &&
		    (o->to == OUT_AGENTS || strcmp(x->agent, p->agent) == 0))
			deliver_to(x, o, json, NULL);
}

static void pending_free(struct pending *p)
{
	store_unit_clear(&p->unit);
	for (size_t i = 0; i < p->n_outs; i++) {
		buf_clear(&p->outs[i].json);
		buf_clear(&p->outs[i].plain);
	}
	free(p);
}

static void pending_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct pending *p = (struct pending *)job;
	struct conv *c = p->conv;
	struct peer *peer = p->peer;
	c->pending--;
	if (job->failed) {
		count_up(COUNT_STORAGE);
		log_line(LOG_ERROR, "hub",
		    "conversation=%s not stored reason=\"%s\"", c->id,
		    job->err.text);
		if (!c->broken)
			conv_mend(h, c);
		if (peer != NULL && !peer->gone)
			hub_refuse(peer, str_of(p->re), ERROR_STORAGE,
			    "this could not be stored; nothing is lost on "
			    "your side, please send it again");
	} else {
		for (size_t i = 0; i < p->n_outs; i++)
			deliver(h, p, &p->outs[i]);
	}
	if (peer != NULL) {
		if (p->closes && !peer->gone)
			peer->ops->close(peer->conn);
		peer_release(peer);
	}
	pending_free(p);
}

struct pending *pending_new(
    struct hub *h, struct conv *c, struct peer *peer, struct str re)
{
	struct pending *p = xcalloc(1, sizeof(*p));
	p->hub = h;
	store_unit_init(&p->unit);
	p->unit.job.done = pending_done;
	p->unit.conversation = c->number;
	p->unit.base_seq = c->seq;
	p->unit.at_ms = clock_wall_ms();
	p->conv = c;
	p->peer = peer;
	FIELD_SET(p->re, re.p != NULL ? re.p : "", re.n);
	c->pending++;
	c->used_ms = clock_steady_ms();
	if (peer != NULL)
		peer_hold(peer);
	return p;
}

static struct out *new_out(
    struct pending *p, const struct event *ev, enum out_to to)
{
	assert(p->n_outs < PENDING_OUTS);
	struct out *o = &p->outs[p->n_outs++];
	o->to = to;
	o->type = ev->type;
	o->answers = to == OUT_PEER || ev->step != NULL;
	if (to == OUT_PEER || to == OUT_ALL || to == OUT_OTHERS)
		event_plain(ev, &o->plain);
	return o;
}

struct store_event *pending_store(
    struct pending *p, struct event *ev, enum out_to to)
{
	assert(p->unit.n_events < UNIT_EVENTS);
	struct store_event *s = &p->unit.events[p->unit.n_events];
	ev->seq = s->seq = ++p->conv->seq;
	s->at_ms = p->unit.at_ms;
	event_json(ev, &s->body);
	struct out *o = new_out(p, ev, to);
	o->stored = true;
	o->seq = ev->seq;
	o->index = p->unit.n_events++;
	return s;
}

void pending_say(struct pending *p, const struct event *ev, enum out_to to)
{
	event_json(ev, &new_out(p, ev, to)->json);
}

void pending_submit(struct pending *p)
{
	struct hub *h = p->hub;
	talk_save(&p->conv->talk, &p->unit.state);
	p->unit.seq = p->conv->seq;
	if (store_submit(h->store, &p->unit.job))
		return;
	p->unit.job.failed = true;
	err_set(&p->unit.job.err, "the queue to the disk is full");
	pending_done(&p->unit.job, h);
}

void pending_ticket(struct pending *p, const struct ticket *t, int64_t was)
{
	p->unit.has_ticket = true;
	p->unit.ticket = *t;
	p->unit.ticket_was = was;
	struct event ev = { .type = EVENT_TICKET,
		.ticket = t,
		.waited_ms = p->unit.at_ms - t->opened_ms };
	pending_say(p, &ev, OUT_AGENTS);
}

void handoff_event(struct ticket *t, const struct desk_view *view,
    int64_t now_ms, struct event *ev)
{
	ev->position = view->position;
	ev->wait_s = view->wait_ms < 0 ? -1 : view->wait_ms / 1000;
	ev->wait_low_s = view->wait_low_ms / 1000;
	ev->wait_high_s = view->wait_high_ms / 1000;
	t->told_position = view->position;
	t->told_wait_ms = view->wait_ms;
	t->told_ms = now_ms;
}

void pending_handoff(struct pending *p, const char *state, struct ticket *t)
{
	struct event ev = {
		.type = EVENT_HANDOFF, .state = state, .wait_s = -1
	};
	if (t != NULL) {
		struct desk_view view;
		desk_view(p->hub->desk, t, t->urgency, p->unit.at_ms, &view);
		handoff_event(t, &view, p->unit.at_ms, &ev);
	}
	(void)pending_store(p, &ev, OUT_ALL); /* nothing to add to the row */
}

/* How the customer felt last. */
static enum mood last_mood(const struct conversation *c)
{
	return c->n_moods > 0 ? c->moods[c->n_moods - 1].mood : MOOD_NEUTRAL;
}

void ticket_open(struct pending *p, const struct step *step)
{
	struct hub *h = p->hub;
	struct conv *c = p->conv;
	struct ticket *open = desk_find_conversation(h->desk, c->id);
	int64_t was = -1;
	if (open != NULL) { /* it has become more urgent */
		was = open->generation;
		open->reason = step->reason;
		if (step->urgency < open->urgency)
			open->urgency = step->urgency;
		if (open->snooze_ms > 0)
			desk_wake(h->desk, open, p->unit.at_ms);
	} else {
		struct ticket t = { .id = h->next_ticket++,
			.reason = step->reason,
			.urgency = step->urgency,
			.opened_ms = p->unit.at_ms,
			.queued_ms = p->unit.at_ms };
		FIELD_SET(t.conversation, c->id, strlen(c->id));
		FIELD_SET(t.lang, c->talk.lang, strlen(c->talk.lang));
		const char *topic = talk_topic(h->rs, &c->talk);
		FIELD_SET(t.topic, topic, strlen(topic));
		memcpy(t.prefer, c->talk.last_agent, sizeof(t.prefer));
		memcpy(t.customer, c->talk.name, sizeof(t.customer));
		t.mood_open = t.mood_end = last_mood(&c->talk);
		open = desk_add(h->desk, &t, p->unit.at_ms);
		count_up(COUNT_TICKETS);
		log_line(LOG_INFO, "hub",
		    "ticket=t_%lld conversation=%s opened reason=%s "
		    "priority=%s",
		    (long long)t.id, c->id, reason_name(t.reason),
		    urgency_name(t.urgency));
	}
	pending_ticket(p, open, was);
	pending_handoff(p, "waiting", open);
	audit_step(p, "customer", was < 0 ? "open" : "urgent", open,
	    reason_name(open->reason));
}

void ticket_wake(struct pending *p, struct ticket *t, const char *why)
{
	desk_wake(p->hub->desk, t, p->unit.at_ms);
	pending_ticket(p, t, t->generation);
	audit_step(p, "daemon", "wake", t, why);
	log_line(LOG_INFO, "hub", "ticket=t_%lld is back reason=\"%s\"",
	    (long long)t->id, why);
}

void ticket_withdraw(struct pending *p)
{
	struct hub *h = p->hub;
	struct ticket *t = desk_find_conversation(h->desk, p->conv->id);
	if (t == NULL || t->state != TICKET_WAITING)
		return;
	int64_t was = t->generation;
	t->state = TICKET_BACK;
	t->ended_ms = p->unit.at_ms;
	FIELD_SET(t->outcome, "withdrawn", 9);
	pending_ticket(p, t, was);
	pending_handoff(p, ticket_state_name(t->state), NULL);
	audit_step(p, "customer", "withdraw", t, "");
	log_line(LOG_INFO, "hub", "ticket=t_%lld withdrawn", (long long)t->id);
	desk_end(h->desk, t, p->unit.at_ms);
}

/* What the bot says when it has the conversation again. */
static void bot_returns(struct pending *p, bool solved, const char *agent)
{
	struct hub *h = p->hub;
	struct talk_view view = { .rs = h->rs,
		.scratch = h->scratch,
		.now_ms = p->unit.at_ms,
		.rng = &h->rng };
	struct talk_event te = { solved ? TALK_RESOLVED : TALK_BOT_RETURNS,
		STR_NONE, agent };
	struct step step = { 0 };
	talk_step(&p->conv->talk, &te, &view, &step);
	struct event ev = { .type = EVENT_MESSAGE,
		.from = SPEAKER_BOT,
		.from_name = step.reply.persona,
		.text = buf_str(&step.reply.text) };
	(void)pending_store(p, &ev, OUT_ALL); /* nothing to add to the row */
	step_clear(&step);
}

static void say_left(struct pending *p, const char *agent)
{
	struct buf text = { 0 };
	talk_notice(p->hub->rs, &p->conv->talk, "agent_left", agent, &text);
	struct event ev = { .type = EVENT_LEFT,
		.from = SPEAKER_HUMAN,
		.from_name = agent,
		.text = buf_str(&text) };
	(void)pending_store(p, &ev, OUT_ALL); /* nothing to add to the row */
	buf_clear(&text);
}

/* The bot says that the agent will be back; nothing when the pack has no words
 * for it. */
static void say_snoozed(struct pending *p, const char *agent)
{
	struct hub *h = p->hub;
	struct buf text = { 0 };
	talk_notice(h->rs, &p->conv->talk, "agent_snoozed", agent, &text);
	struct event ev = { .type = EVENT_MESSAGE,
		.from = SPEAKER_BOT,
		.from_name = ruleset_pack(h->rs, p->conv->talk.lang)->persona,
		.text = buf_str(&text) };
	if (text.n > 0)
		(void)pending_store(p, &ev, OUT_ALL); /* nothing to add */
	buf_clear(&text);
}

static const char *const leaving_verbs[] = {
	[TICKET_GIVEN_BACK] = "release",
	[TICKET_LEASE_LOST] = "lease_lost",
	[TICKET_PUT_OFF] = "snooze",
	[TICKET_SOLVED] = "resolve",
	[TICKET_TO_BOT] = "return_to_bot",
};

/* Back into the queue, now or later. */
static void back_in_queue(
    struct pending *p, struct ticket *t, const struct ticket_leaving *l)
{
	struct hub *h = p->hub;
	if (l->why == TICKET_PUT_OFF)
		desk_snooze(h->desk, t, l->until_ms);
	else
		desk_requeue(h->desk, t, p->unit.at_ms);
	p->conv->talk.holder = HOLDER_WAITING;
	pending_handoff(p, "waiting", l->why == TICKET_PUT_OFF ? NULL : t);
}

static void end_ticket(struct pending *p, struct ticket *t,
    const struct ticket_leaving *l, const char *agent)
{
	bool solved = l->why == TICKET_SOLVED;
	struct str outcome =
	    l->outcome.p != NULL ? l->outcome : ((struct str){ "", 0 });
	t->state = solved ? TICKET_RESOLVED : TICKET_BACK;
	t->ended_ms = p->unit.at_ms;
	FIELD_SET(t->outcome, outcome.p, outcome.n);
	pending_handoff(p, ticket_state_name(t->state), NULL);
	bot_returns(p, solved, agent);
}

void ticket_leave(
    struct hub *h, struct ticket *t, const struct ticket_leaving *l)
{
	struct conv *c = conv_find(h, t->conversation);
	int64_t was = t->generation;
	if (c == NULL) { /* it cannot be, and must not end the daemon */
		log_line(LOG_ERROR, "hub", "ticket=t_%lld has no conversation",
		    (long long)t->id);
		desk_end(h->desk, t, clock_wall_ms());
		return;
	}
	char agent[LIMIT_NAME_BYTES];
	memcpy(agent, t->agent, sizeof(agent));
	struct pending *p = pending_new(h, c, l->by, l->re);
	memcpy(p->agent, agent, sizeof(p->agent));
	bool ends = l->why == TICKET_SOLVED || l->why == TICKET_TO_BOT;
	say_left(p, agent);
	if (l->why == TICKET_PUT_OFF)
		say_snoozed(p, agent);
	memcpy(c->talk.last_agent, agent, sizeof(c->talk.last_agent));
	t->mood_end = last_mood(&c->talk);
	if (ends)
		end_ticket(p, t, l, agent);
	else
		back_in_queue(p, t, l);
	if (l->why == TICKET_LEASE_LOST) {
		count_up(COUNT_LEASES_LOST);
		struct event lost = { .type = EVENT_LEASE_LOST,
			.ticket = t,
			.waited_ms = p->unit.at_ms - t->opened_ms };
		pending_say(p, &lost, OUT_HOLDER);
	}
	pending_ticket(p, t, was);
	audit_step(p, l->why == TICKET_LEASE_LOST ? "daemon" : agent,
	    leaving_verbs[l->why], t, l->why == TICKET_LEASE_LOST ? agent : "");
	if (l->by != NULL) {
		struct event ack = { .type = EVENT_ACK,
			.re =
			    l->re.p != NULL ? l->re : ((struct str){ "", 0 }) };
		pending_say(p, &ack, OUT_PEER);
	}
	log_line(LOG_INFO, "hub", "ticket=t_%lld agent=\"%s\" left state=%s%s",
	    (long long)t->id, agent, ticket_state_name(t->state),
	    l->why == TICKET_LEASE_LOST ? " reason=\"lease lost\"" : "");
	h->presence_stale = true;
	if (ends)
		desk_end(h->desk, t, p->unit.at_ms);
	pending_submit(p);
}
