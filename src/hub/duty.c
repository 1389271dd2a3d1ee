/* The desk and time: a lease runs out, what was put off comes back, places in
 * the queue move, somebody has waited too long. */
#include "base/mem.h"
#include "hub/inner.h"
#include "sys/command.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	TELL_EVERY_MS = 2000,
	TELL_AGAIN_MS = 20 * 1000, /* a place that has not moved */
	PROMISES = 4, /* words about a delay, each after twice as long */
	NOTIFY_EVERY_MS = 60 * 1000,   /* the shop's command, at most */
	NOTIFY_LONGEST_MS = 30 * 1000, /* then it is ended */
};

void duty_view(struct hub *h, const struct conversation *talk,
    const struct ticket *t, struct desk_view *out)
{
	int64_t now_ms = clock_wall_ms();
	const struct calendar *c = &ruleset_pack(h->rs, talk->lang)->calendar;
	desk_view(h->desk, t, URGENCY_NORMAL, now_ms, out);
	out->open = calendar_is_open(c, now_ms);
	out->opens_ms = out->open ? 0 : calendar_opens_ms(c, now_ms);
}

static void lose_leases(struct hub *h, int64_t now_ms)
{
	struct ticket *t;
	while (!store_is_full(h->store) &&
	       (t = desk_expired(h->desk, now_ms)) != NULL) {
		struct conv *c = conv_find(h, t->conversation);
		if (c == NULL || !c->broken) {
			ticket_leave(h, t,
			    &(struct ticket_leaving){
				.why = TICKET_LEASE_LOST });
			continue;
		}
		if (c->pending == 0)
			conv_mend(h, c);
		desk_touch(h->desk, t->agent, now_ms);
	}
}

static void wake_due(struct hub *h, int64_t now_ms)
{
	struct ticket *t;
	while (!store_is_full(h->store) &&
	       (t = desk_due(h->desk, now_ms)) != NULL) {
		struct conv *c = conv_find(h, t->conversation);
		if (c == NULL || c->broken) {
			t->snooze_ms = now_ms + TELL_AGAIN_MS; /* a little on */
			continue;
		}
		struct pending *p = pending_new(h, c, NULL, STR_NONE);
		ticket_wake(p, t, "its time has come");
		pending_handoff(p, "waiting", t);
		pending_submit(p);
	}
}

/* Has the place changed, or the estimate by more than a third? */
static bool has_moved(
    const struct ticket *t, const struct desk_view *view, int64_t now_ms)
{
	int64_t was = t->told_wait_ms, now = view->wait_ms;
	int64_t by = was > now ? was - now : now - was;
	if (t->told_ms == 0 || view->position != t->told_position)
		return true;
	return now_ms - t->told_ms >= TELL_AGAIN_MS &&
	       ((was < 0) != (now < 0) || by > was / 3);
}

static void tell_place(struct conv *c, struct ticket *t,
    const struct desk_view *view, int64_t now_ms)
{
	struct event ev = {
		.type = EVENT_HANDOFF, .state = "waiting", .wait_s = -1
	};
	handoff_event(t, view, now_ms, &ev);
	for (struct peer *x = c->peers; x != NULL; x = x->next_in_conv)
		peer_send(x, &ev);
}

/* A word about the delay, before the customer must ask. */
static void promise(
    struct hub *h, struct conv *c, struct ticket *t, int64_t now_ms)
{
	int64_t since = t->promised_ms > 0 ? t->promised_ms : t->queued_ms;
	struct step step = { 0 };
	struct talk_view view = { .rs = h->rs,
		.scratch = h->scratch,
		.now_ms = now_ms,
		.rng = &h->rng };
	if (t->promises == PROMISES || c->broken || c->forgotten ||
	    now_ms - since < h->config.delay_ms << t->promises)
		return;
	duty_view(h, &c->talk, t, &view.desk);
	if (!view.desk.open)
		return; /* they know when somebody is there again */
	t->promised_ms = now_ms;
	t->promises++;
	talk_step(&c->talk, &(struct talk_event){ .type = TALK_DELAYED }, &view,
	    &step);
	if (step.says) {
		struct pending *p = pending_new(h, c, NULL, STR_NONE);
		struct event ev = { .type = EVENT_MESSAGE,
			.from = SPEAKER_BOT,
			.from_name = step.reply.persona,
			.text = buf_str(&step.reply.text) };
		(void)pending_store(p, &ev, OUT_ALL); /* nothing to add */
		audit_step(p, "daemon", "delay_told", t, "");
		pending_submit(p);
	}
	step_clear(&step);
}

static void look_at_queue(struct hub *h, int64_t now_ms)
{
	size_t n;
	struct ticket **queue = desk_queue(h->desk, now_ms, &n);
	for (size_t i = 0; i < n && !store_is_full(h->store); i++) {
		struct ticket *t = queue[i];
		struct conv *c = conv_find(h, t->conversation);
		if (c == NULL)
			continue;
		promise(h, c, t, now_ms);
		if (c->peers == NULL)
			continue;
		/* the place is the one in the list: counting it anew for each
		 * would cost the square of a long queue */
		struct desk_view view = { .position = (int)i + 1 };
		desk_estimate(h->desk, &view);
		if (has_moved(t, &view, now_ms))
			tell_place(c, t, &view, now_ms);
	}
	free(queue);
}

/* The one who has waited longest of those nobody was called for. */
static struct ticket *worst_wait(struct hub *h, int64_t now_ms, size_t *waiting)
{
	struct ticket **queue = desk_queue(h->desk, now_ms, waiting);
	struct ticket *worst = NULL;
	for (size_t i = 0; i < *waiting; i++) {
		struct ticket *t = queue[i];
		if (t->notified_ms == 0 &&
		    now_ms - t->queued_ms >= h->config.notify_after_ms &&
		    (worst == NULL || t->queued_ms < worst->queued_ms))
			worst = t;
	}
	free(queue);
	return worst;
}

static void run_notify(
    struct hub *h, struct ticket *t, size_t waiting, int64_t now_ms)
{
	char name[TICKET_NAME_BYTES], waited[24], number[24];
	struct err e = ERR_NONE;
	ticket_name(t->id, name);
	(void)snprintf(waited, sizeof(waited), "%lld",
	    (long long)(now_ms - t->queued_ms) / 1000);         /* fits */
	(void)snprintf(number, sizeof(number), "%zu", waiting); /* fits */
	const char *const env[][2] = { { "HANGAT_TICKET", name },
		{ "HANGAT_PRIORITY", urgency_name(t->urgency) },
		{ "HANGAT_WAITED_S", waited }, { "HANGAT_WAITING", number } };
	h->notify = command_start(h->config.notify, env, HG_COUNT(env), &e);
	log_line(h->notify != NULL ? LOG_INFO : LOG_WARN, "hub",
	    "notify ticket=%s waited=%ss waiting=%s%s%s%s", name, waited,
	    number, h->notify != NULL ? "" : " failed reason=\"",
	    h->notify != NULL ? "" : e.text, h->notify != NULL ? "" : "\"");
	audit_line(
	    h, "daemon", "notify", t->id, h->notify != NULL ? "" : e.text);
}

static void notify(struct hub *h, int64_t now_ms, int64_t steady_ms)
{
	size_t waiting;
	if (h->notify != NULL) {
		struct buf how = { 0 };
		if (command_ended(h->notify, NOTIFY_LONGEST_MS, &how)) {
			if (how.n > 0)
				log_line(LOG_WARN, "hub",
				    "notify failed reason=\"%s\"", how.p);
			command_free(h->notify);
			h->notify = NULL;
		}
		buf_clear(&how);
		return;
	}
	if (h->config.notify == NULL ||
	    (h->notified_at_ms != 0 &&
		steady_ms - h->notified_at_ms < NOTIFY_EVERY_MS))
		return;
	struct ticket *t = worst_wait(h, now_ms, &waiting);
	if (t == NULL)
		return;
	t->notified_ms = now_ms;
	h->notified_at_ms = steady_ms;
	run_notify(h, t, waiting, now_ms);
}

void duty_tick(struct hub *h, int64_t now_ms, int64_t steady_ms)
{
	lose_leases(h, now_ms);
	wake_due(h, now_ms);
	if (steady_ms - h->told_at_ms >= TELL_EVERY_MS) {
		h->told_at_ms = steady_ms;
		look_at_queue(h, now_ms);
	}
	notify(h, now_ms, steady_ms);
	if (h->presence_stale)
		agent_presence(h);
}
