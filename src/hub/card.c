/* The handoff card: what a person should know before the first word.  It goes
 * to who claims a ticket, and to who looks at one. */
#include "base/mem.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdlib.h>

enum { CARD_MESSAGES = 10, VIEW_MESSAGES = 100, CARD_EVENTS = 500 };

static void write_talk(const struct conversation *talk, struct json_out *o)
{
	json_out_object(o, "slots");
	for (int i = 0; i < talk->n_slots; i++)
		json_out_text(o, talk->slots[i].name, talk->slots[i].value);
	json_out_close(o, '}');
	json_out_array(o, "moods");
	for (int i = 0; i < talk->n_moods; i++) {
		json_out_object(o, NULL);
		json_out_int(o, "turn", talk->moods[i].turn);
		json_out_text(o, "mood", mood_name(talk->moods[i].mood));
		json_out_share(o, "strength", talk->moods[i].strength);
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
	json_out_array(o, "tried");
	for (int i = 0; i < talk->n_topics; i++)
		json_out_text(o, NULL, talk->topics[i].intent);
	json_out_close(o, ']');
}

/* First words that quote the problem, then the canned reply that is called like
 * the topic. */
static void write_suggestions(const struct hub *h,
    const struct conversation *talk, const struct ticket *t, const char *agent,
    struct json_out *o)
{
	struct buf first = { 0 }, usual = { 0 };
	talk_notice(h->rs, talk, "agent_suggestion", agent, &first);
	json_out_array(o, "suggestions");
	if (first.n > 0)
		json_out_str(o, NULL, buf_str(&first));
	if (talk_suggest(h->rs, talk, agent, t->topic, &usual))
		json_out_str(o, NULL, buf_str(&usual));
	json_out_close(o, ']');
	buf_clear(&first);
	buf_clear(&usual);
}

static void write_card(const struct hub *h, const struct conversation *talk,
    const struct ticket *t, const char *agent, const struct store_load *l,
    struct buf *out)
{
	struct json_out o = { out, false };
	int64_t taken_ms = t->claimed_ms > 0 ? t->claimed_ms : clock_wall_ms();
	json_out_object(&o, NULL);
	json_out_text(&o, "reason", reason_name(t->reason));
	json_out_text(&o, "priority", urgency_name(t->urgency));
	json_out_text(&o, "customer", talk->name);
	json_out_text(&o, "lang", talk->lang);
	json_out_text(&o, "topic", t->topic);
	json_out_int(&o, "waited_ms", taken_ms - t->opened_ms);
	json_out_raw(&o, "candidates",
	    l->candidates.n > 0 ? buf_str(&l->candidates) : STR("[]"));
	write_talk(talk, &o);
	write_suggestions(h, talk, t, agent, &o);
	json_out_raw(
	    &o, "notes", l->notes.n > 0 ? buf_str(&l->notes) : STR("[]"));
	if (l->draft.n > 0)
		json_out_str(&o, "draft", buf_str(&l->draft));
	if (t->rating > 0)
		json_out_int(&o, "rating", t->rating);
	json_out_array(&o, "messages");
	for (size_t i = 0; i < l->n_events; i++)
		json_out_raw(&o, NULL, buf_str(&l->events[i]));
	json_out_close(&o, ']');
	json_out_close(&o, '}');
}

/* A card that is being read; that of a claim runs behind the claim's own
 * step. */
struct carding {
	struct store_load load; /* first */
	struct peer *peer;
	struct conv *conv; /* NULL: not in memory */
	bool claims;
	int64_t ticket, generation;
	char re[LIMIT_ID_BYTES + 1];
};

static void send_card(struct carding *x, const struct ticket *t)
{
	struct peer *p = x->peer;
	struct hub *h = p->hub;
	struct conversation stored = { 0 };
	struct err ignored = ERR_NONE;
	struct buf card = { 0 };
	if (x->conv == NULL)
		(void)talk_load(&stored, buf_str(&x->load.state), &ignored);
	write_card(h, x->conv != NULL ? &x->conv->talk : &stored, t, p->agent,
	    &x->load, &card);
	peer_send(
	    p, &(struct event){ .type = x->claims ? EVENT_CLAIMED : EVENT_CARD,
		   .re = str_of(x->re),
		   .ticket = t,
		   .waited_ms = clock_wall_ms() - t->opened_ms,
		   .lease_ms = h->config.lease_ms,
		   .json = buf_str(&card) });
	buf_clear(&card);
}

static void carding_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct carding *x = (struct carding *)job;
	struct peer *p = x->peer;
	const struct ticket *t = desk_find(h->desk, x->ticket);
	bool broken = x->conv != NULL && x->conv->broken;
	if (x->conv != NULL)
		x->conv->pending--;
	if (t == NULL && !x->claims && x->load.has_ticket)
		t = &x->load.ticket;
	bool good = !job->failed && !broken && t != NULL && x->load.found &&
		    (!x->claims || t->generation == x->generation);
	if (!p->gone && good)
		send_card(x, t);
	else if (!p->gone && (job->failed || broken))
		hub_refuse(p, str_of(x->re), ERROR_STORAGE,
		    "the card cannot be read now; the ticket is yours if the "
		    "queue says so");
	else if (!p->gone && x->claims && x->re[0] != '\0')
		hub_refuse(p, str_of(x->re), ERROR_STALE_GENERATION,
		    "the ticket has moved on since the claim; claim it again");
	else if (!p->gone && !x->claims)
		hub_refuse(p, str_of(x->re), ERROR_NOT_FOUND,
		    "there is no ticket t_%lld", (long long)x->ticket);
	store_load_clear(&x->load);
	free(x);
	peer_release(p);
}

/* after: every event from there on, or -1 for the last messages. */
static void read_card(
    struct peer *p, struct carding *x, struct str re, int64_t after)
{
	x->load.job.done = carding_done;
	x->load.after = after > 0 ? after : 0;
	if (after >= 0) {
		x->load.last = 0;
		x->load.first = CARD_EVENTS;
	}
	x->load.want_state = x->conv == NULL;
	x->load.card_ticket = x->ticket;
	memcpy(x->load.card_agent, p->agent, sizeof(x->load.card_agent));
	x->peer = p;
	FIELD_SET(x->re, re.p != NULL ? re.p : "", re.n);
	if (x->conv != NULL) {
		FIELD_SET(x->load.public_id, x->conv->id, strlen(x->conv->id));
		x->conv->pending++;
	}
	peer_hold(p);
	if (store_submit(p->hub->store, &x->load.job))
		return;
	peer_unhold(p);
	if (x->conv != NULL)
		x->conv->pending--;
	free(x);
	(void)hub_refuse_busy(p, re); /* it is */
}

void card_of_claim(struct peer *p, struct conv *c, const struct ticket *t,
    struct str re, int64_t after)
{
	struct carding *x = xcalloc(1, sizeof(*x));
	store_load_init(&x->load);
	x->load.last = CARD_MESSAGES;
	x->conv = c;
	x->claims = true;
	x->ticket = t->id;
	x->generation = t->generation;
	read_card(p, x, re, after);
}

void card_of_view(struct peer *p, int64_t ticket, struct str re, int64_t after)
{
	const struct ticket *t = desk_find(p->hub->desk, ticket);
	struct carding *x = xcalloc(1, sizeof(*x));
	store_load_init(&x->load);
	x->load.last = VIEW_MESSAGES;
	x->conv = t != NULL ? conv_find(p->hub, t->conversation) : NULL;
	x->ticket = ticket;
	read_card(p, x, re, after);
}
