/* The hub itself: made and freed, peers, time. */
#include "hub/hub.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"
#include "sys/command.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { RELOAD_QUEUE = 8, CLOCK_JUMP_MS = 1000 };

/* Conversations of open tickets are always in memory. */
struct restoring {
	struct store_load load; /* first */
};

static void restore_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct restoring *x = (struct restoring *)job;
	struct conv *c = job->failed ? NULL : conv_from_load(h, &x->load);
	struct ticket *t = desk_find_conversation(h->desk, x->load.public_id);
	if (c == NULL && t != NULL) {
		log_line(LOG_ERROR, "hub",
		    "ticket=t_%lld has no conversation; left out",
		    (long long)t->id);
		desk_end(h->desk, t, 0);
	}
	if (c != NULL && t != NULL)
		memcpy(t->customer, c->talk.name, sizeof(t->customer));
	store_load_clear(&x->load);
	free(x);
}

static int restore(struct hub *h, struct store_start *start, struct err *e)
{
	for (size_t i = 0; i < start->n_tickets; i++) {
		const struct ticket *t = &start->tickets[i];
		(void)desk_add(h->desk, t, clock_wall_ms()); /* found by id */
		struct restoring *x = xcalloc(1, sizeof(*x));
		store_load_init(&x->load);
		x->load.job.done = restore_done;
		x->load.want_state = true;
		FIELD_SET(x->load.public_id, t->conversation,
		    strlen(t->conversation));
		while (!store_submit(h->store, &x->load.job))
			store_drain(h->store, h); /* the queue moves on */
	}
	while (store_pending(h->store) > 0)
		store_drain(h->store, h);
	(void)e; /* a ticket without conversation is logged, not fatal */
	return 0;
}

struct hub *hub_new(const struct hub_config *config, struct store *store,
    struct store_start *start, struct ruleset *rs, struct err *e)
{
	struct hub *h = xcalloc(1, sizeof(*h));
	h->config = *config;
	h->store = store;
	h->rs = rs;
	h->scratch = match_scratch_new();
	match_scratch_begin(h->scratch, rs, 0);
	h->desk = desk_new(config->lease_ms);
	h->convs.seed = secret_seed();
	h->rng = (struct rng){ secret_seed() };
	h->next_conversation = start->next_conversation;
	h->next_ticket = start->next_ticket;
	h->accounts = start->accounts;
	h->n_accounts = h->cap_accounts = start->n_accounts;
	start->accounts = NULL;
	start->n_accounts = 0;
	h->started_ms = clock_steady_ms();
	h->loaded_ms = clock_wall_ms();
	h->worker =
	    worker_new(RELOAD_QUEUE, (struct worker_batch){ 0 }, NULL, e);
	if (h->worker == NULL || restore(h, start, e) != 0) {
		hub_free(h);
		return NULL;
	}
	return h;
}

void hub_free(struct hub *h)
{
	if (h == NULL)
		return;
	command_free(h->notify);
	worker_free(h->worker, h);
	store_close(h->store, h);
	while (h->peers != NULL) {
		struct peer *p = h->peers;
		h->peers = p->next;
		conv_detach(p);
		free(p);
	}
	struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&h->convs, &at)) != NULL;)
		conv_free(entry->value);
	map_clear(&h->convs);
	desk_free(h->desk);
	match_scratch_free(h->scratch);
	ruleset_unref(&h->rs);
	free(h->accounts);
	free(h->reload_errors);
	free(h);
}

int hub_store_fd(const struct hub *h)
{
	return store_fd(h->store);
}

int hub_worker_fd(const struct hub *h)
{
	return worker_fd(h->worker);
}

void hub_drain(struct hub *h)
{
	store_drain(h->store, h);
	worker_drain(h->worker, h);
}

bool hub_is_ready(struct hub *h)
{
	return !store_is_full(h->store);
}

bool hub_is_idle(struct hub *h)
{
	return store_pending(h->store) == 0;
}

/* Leases are spans of time: when the wall clock jumps, they go with it. */
static void follow_clock(struct hub *h, int64_t now_ms, int64_t steady_ms)
{
	int64_t jump = (now_ms - h->wall_ms) - (steady_ms - h->steady_ms);
	if (h->steady_ms != 0 &&
	    (jump > CLOCK_JUMP_MS || jump < -CLOCK_JUMP_MS))
		desk_shift_leases(h->desk, jump);
	h->wall_ms = now_ms;
	h->steady_ms = steady_ms;
}

static void purge_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct store_purge *p = (struct store_purge *)job;
	if (job->failed)
		log_line(LOG_WARN, "hub",
		    "old conversations not erased "
		    "reason=\"%s\"",
		    job->err.text);
	else if (p->n > 0)
		log_line(LOG_INFO, "hub",
		    "erased conversations=%zu "
		    "reason=\"retention\"",
		    p->n);
	h->erasures += p->n > 0;
	if (p->n == STORE_PURGE)
		h->purge_at_ms = 0; /* there may be more */
	for (size_t i = 0; !job->failed && i < p->n; i++) {
		struct conv *c = conv_find(h, p->gone[i]);
		if (c == NULL)
			continue;
		c->forgotten = true;
		conv_drop_memory(h, c);
	}
	free(p);
}

/* Erase what has rested longer than the shop keeps it. */
static void start_purge(struct hub *h, int64_t now_ms, int64_t steady_ms)
{
	enum { PURGE_EVERY_MS = 3600 * 1000 };
	struct store_purge *p = xcalloc(1, sizeof(*p));
	store_purge_init(p);
	p->job.done = purge_done;
	p->before_ms = now_ms - h->config.retention_ms;
	h->purge_at_ms = steady_ms + PURGE_EVERY_MS;
	if (!store_submit(h->store, &p->job))
		free(p); /* it is busy: in an hour, then */
}

void hub_tick(struct hub *h)
{
	int64_t now_ms = clock_wall_ms(), steady_ms = clock_steady_ms();
	follow_clock(h, now_ms, steady_ms);
	duty_tick(h, now_ms, steady_ms);
	burst_tick(h, steady_ms);
	conv_evict(h, steady_ms);
	if (h->config.retention_ms > 0 && steady_ms >= h->purge_at_ms)
		start_purge(h, now_ms, steady_ms);
}

void hub_hurry(struct hub *h)
{
	burst_tick(h, INT64_MAX);
}

int hub_tickets_waiting(const struct hub *h)
{
	return desk_position(h->desk, NULL, URGENCY_NORMAL, clock_wall_ms()) -
	       1;
}

struct peer *hub_connect(struct hub *h, enum peer_door door, bool plain,
    const struct peer_ops *ops, void *conn)
{
	struct peer *p = xcalloc(1, sizeof(*p));
	p->hub = h;
	p->door = door;
	p->role = door == DOOR_ADMIN ? PEER_ADMIN : PEER_NEW;
	p->plain = plain;
	p->ops = ops;
	p->conn = conn;
	p->next = h->peers;
	p->link = &h->peers;
	if (h->peers != NULL)
		h->peers->link = &p->next;
	h->peers = p;
	return p;
}

/* Free it once it is gone and nothing that is pending names it. */
static void peer_free_unused(struct peer *p)
{
	if (!p->gone || p->pending > 0)
		return;
	*p->link = p->next;
	if (p->next != NULL)
		p->next->link = p->link;
	free(p);
}

void hub_disconnect(struct peer *p)
{
	if (p->role == PEER_GATEWAY)
		gateway_gone(p);
	burst_end_of(p);
	conv_detach(p);
	if (p->role == PEER_AGENT) {
		desk_leave(p->hub->desk, p->agent);
		p->hub->presence_stale = true;
		log_line(
		    LOG_INFO, "hub", "agent=\"%s\" disconnected", p->agent);
	}
	p->role = PEER_NEW;
	p->gone = true;
	resume_drop(p);
	peer_free_unused(p);
}

void peer_hold(struct peer *p)
{
	p->pending++;
	if (p->gateway != NULL)
		p->gateway->pending++;
}

void peer_unhold(struct peer *p)
{
	p->pending--;
	if (p->gateway != NULL)
		p->gateway->pending--;
}

void peer_release(struct peer *p)
{
	struct peer *gateway = p->gateway;
	peer_unhold(p);
	if (gateway != NULL && gateway->gone)
		peer_free_unused(gateway);
	if (!p->gone && p->pending == 0)
		p->ops->ready(p->conn);
	peer_free_unused(p);
}

void peer_wait(struct peer *p, bool wait)
{
	if (p->gateway != NULL && wait != p->waiting) {
		p->gateway->waits += wait ? 1 : 0;
		p->gateway->waits -= wait ? 0 : 1;
	}
	p->waiting = wait;
	if (!wait)
		p->ops->ready(p->conn);
}

void hub_says_no_more(struct peer *p)
{
	burst_end_of(p);
}

bool hub_is_agent(const struct peer *p)
{
	return p->role == PEER_AGENT;
}

bool hub_is_waiting(const struct peer *p)
{
	return p->waiting || p->waits > 0;
}

void hub_caught_up(struct peer *p)
{
	if (p->resuming != NULL)
		resume_more(p);
	else if (p->role == PEER_GATEWAY)
		gateway_caught_up(p);
}

unsigned hub_unanswered(const struct peer *p)
{
	return p->pending;
}

void peer_send(struct peer *p, const struct event *ev)
{
	if (p->gone)
		return;
	struct buf json = { 0 }, plain = { 0 };
	event_json(ev, &json);
	event_plain(ev, &plain);
	p->ops->send(p->conn,
	    &(struct hub_said){ .json = buf_str(&json),
		.plain = buf_str(&plain),
		.type = ev->type,
		.answers = ev->re.n != 0 || ev->type == EVENT_WELCOME ||
			   ev->type == EVENT_ERROR,
		.code = ev->code,
		.retry_ms = ev->retry_ms,
		.session =
		    ev->type == EVENT_RESULT ? str_of(ev->resume) : STR_NONE });
	buf_clear(&json);
	buf_clear(&plain);
}

void hub_refuse(
    struct peer *p, struct str re, enum error_code code, const char *fmt, ...)
{
	char text[600];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	count_up(COUNT_REFUSED);
	audit_refusal(p, code, text);
	struct str clean = str_cut(str_of(text), sizeof(text) - 1);
	peer_send(p,
	    &(struct event){ .type = EVENT_ERROR,
		.re = re.n != 0 ? re : STR_NONE,
		.code = code,
		.text = utf8_check(clean) == clean.n ? clean
						     : STR("not valid UTF-8"),
		.retry_ms = code == ERROR_BUSY           ? 1000
			    : code == ERROR_RATE_LIMITED ? 10000
			    : code == ERROR_STORAGE      ? 2000
							 : 0 });
}

bool hub_refuse_busy(struct peer *p, struct str re)
{
	if (!store_is_full(p->hub->store))
		return false;
	hub_refuse(p, re, ERROR_BUSY,
	    "too much is on its way to the disk; try again in a moment");
	return true;
}

void hub_request(struct peer *p, const struct request *r)
{
	switch (p->role) {
	case PEER_NEW:
	case PEER_CUSTOMER:
		customer_request(p, r);
		return;
	case PEER_AGENT:
		agent_request(p, r);
		return;
	case PEER_GATEWAY:
		gateway_request(p, r);
		return;
	case PEER_ADMIN:
		admin_request(p, r);
		return;
	}
}

/* Append a phrase of the pack that the peer's conversation speaks. */
static const struct pack *phrase_for(
    const struct peer *p, const char *key, struct buf *out)
{
	const struct conversation nobody = { 0 };
	const struct conversation *c =
	    p->conv != NULL ? &p->conv->talk : &nobody;
	talk_notice(p->hub->rs, c, key, NULL, out);
	return ruleset_pack(p->hub->rs, c->lang);
}

void hub_line(struct peer *p, struct str line)
{
	struct str text = str_trim(line);
	struct buf phrase = { 0 };
	if (text.n == 0)
		return;
	if (str_is(text, "/quit")) {
		p->ops->close(p->conn);
	} else if (str_is(text, "/help")) {
		const struct pack *pack = phrase_for(p, "help", &phrase);
		peer_send(p, &(struct event){ .type = EVENT_MESSAGE,
				 .from = SPEAKER_BOT,
				 .from_name = pack->persona,
				 .text = buf_str(&phrase) });
	} else if (str_is(text, "/human")) {
		(void)phrase_for(p, "human_text", &phrase); /* its words */
		customer_message(p, STR_NONE, buf_str(&phrase), false);
	} else {
		customer_message(p, STR_NONE, text, false);
	}
	buf_clear(&phrase);
}
