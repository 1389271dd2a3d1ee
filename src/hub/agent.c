/* What an agent may do.  Every verb on a ticket goes through the same guard:
 * holder and generation, decided by the desk. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdio.h>
#include <stdlib.h>

static void send_queue(struct peer *p, struct str re)
{
	size_t n;
	struct ticket **tickets = desk_tickets(p->hub->desk, &n);
	struct buf json = { 0 };
	int64_t now_ms = clock_wall_ms();
	buf_addc(&json, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&json, ',');
		ticket_json(tickets[i], now_ms, &json);
	}
	buf_addc(&json, ']');
	peer_send(
	    p, &(struct event){
		   .type = EVENT_QUEUE, .re = re, .json = buf_str(&json) });
	buf_clear(&json);
}

void agent_hello(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	const struct store_account *a =
	    r->token.p != NULL ? people_by_token(h, ACCOUNT_AGENT, r->token)
	    : p->vouched[0] != '\0' ? people_find(h, str_of(p->vouched))
				    : NULL;
	if (p->role != PEER_NEW) {
		hub_refuse(p, r->id, ERROR_CONFLICT,
		    "this connection is in use; open another for an agent");
		return;
	}
	if (a == NULL || a->disabled || a->kind != ACCOUNT_AGENT) {
		log_line(LOG_WARN, "hub", "agent refused reason=\"bad token\"");
		hub_refuse(p, r->id, ERROR_BAD_TOKEN,
		    "this token is not an agent's; get one with hangatctl "
		    "agents token NAME");
		return;
	}
	p->role = PEER_AGENT;
	FIELD_SET(p->agent, a->name, strlen(a->name));
	desk_arrive(h->desk, p->agent);
	desk_touch(h->desk, p->agent, clock_wall_ms());
	log_line(LOG_INFO, "hub", "agent=\"%s\" signed in", p->agent);
	peer_send(p, &(struct event){ .type = EVENT_WELCOME,
			 .re = r->id,
			 .role = "agent",
			 .from_name = p->agent });
	send_queue(p, STR_NONE);
}

static struct ticket *ticket_of(struct hub *h, struct str name)
{
	char *end, text[32];
	if (str_is(name, "next"))
		return desk_first(h->desk);
	if (!str_starts(name, STR("t_")) || name.n >= sizeof(text))
		return NULL;
	FIELD_SET(text, name.p + 2, name.n - 2);
	long long id = strtoll(text, &end, 10);
	return *end == '\0' && text[0] != '\0' ? desk_find(h->desk, id) : NULL;
}

/* The handoff card: what the person should know before the first word. */
static void write_card(const struct hub *h, const struct conv *c,
    const struct ticket *t, const struct store_load *l, struct buf *out)
{
	const struct conversation *talk = &c->talk;
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "reason", reason_name(t->reason));
	json_out_text(&o, "priority", urgency_name(t->urgency));
	json_out_text(&o, "customer", talk->name);
	json_out_text(&o, "lang", talk->lang);
	json_out_int(&o, "waited_ms", t->claimed_ms - t->opened_ms);
	json_out_object(&o, "slots");
	for (int i = 0; i < talk->n_slots; i++)
		json_out_text(&o, talk->slots[i].name, talk->slots[i].value);
	json_out_close(&o, '}');
	json_out_array(&o, "moods");
	for (int i = 0; i < talk->n_moods; i++) {
		json_out_object(&o, NULL);
		json_out_int(&o, "turn", talk->moods[i].turn);
		json_out_text(&o, "mood", mood_name(talk->moods[i].mood));
		json_out_share(&o, "strength", talk->moods[i].strength);
		json_out_close(&o, '}');
	}
	json_out_close(&o, ']');
	json_out_array(&o, "tried");
	for (int i = 0; i < talk->n_topics; i++)
		json_out_text(&o, NULL, talk->topics[i].intent);
	json_out_close(&o, ']');
	struct buf suggestion = { 0 };
	talk_notice(h->rs, talk, "agent_suggestion", t->agent, &suggestion);
	json_out_array(&o, "suggestions");
	if (suggestion.n > 0)
		json_out_str(&o, NULL, buf_str(&suggestion));
	json_out_close(&o, ']');
	buf_clear(&suggestion);
	json_out_array(&o, "messages");
	for (size_t i = 0; i < l->n_events; i++)
		json_out_raw(&o, NULL, buf_str(&l->events[i]));
	json_out_close(&o, ']');
	json_out_close(&o, '}');
}

/* A claim whose card is being read; it runs behind the claim's own step. */
struct claiming {
	struct store_load load; /* first */
	struct peer *peer;
	struct conv *conv;
	int64_t ticket, generation;
	char re[LIMIT_ID_BYTES + 1];
};

static void claim_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct claiming *x = (struct claiming *)job;
	struct peer *p = x->peer;
	const struct ticket *t = desk_find(h->desk, x->ticket);
	bool held = !job->failed && !x->conv->broken && t != NULL &&
		    t->generation == x->generation;
	x->conv->pending--;
	if (!p->gone && held) {
		struct buf card = { 0 };
		write_card(h, x->conv, t, &x->load, &card);
		peer_send(p, &(struct event){ .type = EVENT_CLAIMED,
				 .re = str_of(x->re),
				 .ticket = t,
				 .lease_ms = h->config.lease_ms,
				 .json = buf_str(&card) });
		buf_clear(&card);
	} else if (!p->gone && job->failed) {
		hub_refuse(p, str_of(x->re), ERROR_STORAGE,
		    "the card cannot be read now; the ticket is yours if the "
		    "queue says so");
	}
	store_load_clear(&x->load);
	free(x);
	peer_release(p);
}

static void read_card(
    struct peer *p, struct conv *c, const struct ticket *t, struct str re)
{
	enum { CARD_MESSAGES = 10 };
	struct claiming *x = xcalloc(1, sizeof(*x));
	store_load_init(&x->load);
	x->load.job.done = claim_done;
	x->load.after = 0;
	x->load.last = CARD_MESSAGES;
	x->peer = p;
	x->conv = c;
	x->ticket = t->id;
	x->generation = t->generation;
	FIELD_SET(x->load.public_id, c->id, strlen(c->id));
	FIELD_SET(x->re, re.p != NULL ? re.p : "", re.n);
	peer_hold(p);
	c->pending++;
	if (store_submit(p->hub->store, &x->load.job))
		return;
	peer_unhold(p);
	c->pending--;
	free(x);
	(void)hub_refuse_busy(p, re); /* it is */
}

static void claim(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c)
{
	struct hub *h = p->hub;
	int64_t was = t->generation;
	if (desk_may_act(t, p->agent, was) == DESK_OK) {
		/* back from a lost connection: the card again */
		read_card(p, c, t, r->id);
		return;
	}
	if (desk_claim(h->desk, t, p->agent, clock_wall_ms()) != DESK_OK) {
		hub_refuse(p, r->id, ERROR_TAKEN,
		    "\"%s\" holds this ticket already; choose another",
		    t->agent);
		return;
	}
	c->talk.holder = HOLDER_AGENT;
	struct pending *pend = pending_new(h, c, p, r->id);
	FIELD_SET(pend->agent, p->agent, strlen(p->agent));
	struct buf text = { 0 };
	talk_notice(h->rs, &c->talk, "agent_joined", p->agent, &text);
	struct event ev = { .type = EVENT_JOINED,
		.from = SPEAKER_HUMAN,
		.from_name = p->agent,
		.text = buf_str(&text) };
	(void)pending_store(pend, &ev, OUT_ALL); /* nothing to add */
	buf_clear(&text);
	pending_handoff(pend, "held", NULL);
	pending_ticket(pend, t, was);
	log_line(LOG_INFO, "hub", "ticket=t_%lld agent=\"%s\" claimed",
	    (long long)t->id, p->agent);
	pending_submit(pend);
	read_card(p, c, t, r->id);
}

/* A person writes. */
static void write_message(struct peer *p, const struct request *r,
    const struct ticket *t, struct conv *c)
{
	struct buf clean = { 0 };
	utf8_add_clean(&clean, str_trim(r->text));
	if (clean.n == 0) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"text\" is empty; write something");
		buf_clear(&clean);
		return;
	}
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
	struct pending *pend = pending_new(p->hub, c, p, r->id);
	utf8_add_clean(&pend->unit.note, str_trim(r->text));
	FIELD_SET(pend->unit.note_by, p->agent, strlen(p->agent));
	pend->unit.ticket = *t;
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
	if (to == NULL || !desk_is_here(h->desk, to->name) ||
	    strcmp(to->name, p->agent) == 0) {
		hub_refuse(p, r->id, ERROR_NOT_FOUND,
		    "\"to\" is no other agent who is signed in; release the "
		    "ticket, or choose one who is here");
		return;
	}
	int64_t was = t->generation;
	desk_transfer(h->desk, t, to->name, clock_wall_ms());
	struct pending *pend = pending_new(h, c, p, r->id);
	struct buf text = { 0 };
	talk_notice(h->rs, &c->talk, "agent_left", p->agent, &text);
	struct event left = { .type = EVENT_LEFT,
		.from = SPEAKER_HUMAN,
		.from_name = p->agent,
		.text = buf_str(&text) };
	(void)pending_store(pend, &left, OUT_ALL); /* nothing to add */
	buf_reset(&text);
	talk_notice(h->rs, &c->talk, "agent_joined", to->name, &text);
	struct event joined = { .type = EVENT_JOINED,
		.from = SPEAKER_HUMAN,
		.from_name = to->name,
		.text = buf_str(&text) };
	(void)pending_store(pend, &joined, OUT_ALL); /* nothing to add */
	buf_clear(&text);
	if (r->text.p != NULL)
		utf8_add_clean(&pend->unit.note, str_trim(r->text));
	FIELD_SET(pend->unit.note_by, p->agent, strlen(p->agent));
	pending_ticket(pend, t, was);
	struct event ack = { .type = EVENT_ACK, .re = r->id };
	pending_say(pend, &ack, OUT_PEER);
	log_line(LOG_INFO, "hub",
	    "ticket=t_%lld agent=\"%s\" gave it to=\"%s\"", (long long)t->id,
	    p->agent, to->name);
	pending_submit(pend);
	for (struct peer *x = h->peers; x != NULL; x = x->next)
		if (x->role == PEER_AGENT && strcmp(x->agent, to->name) == 0) {
			read_card(x, c, t, STR_NONE);
			break;
		}
}

static void typing(struct peer *p, struct conv *c)
{
	for (struct peer *x = c->peers; x != NULL; x = x->next_in_conv)
		peer_send(x, &(struct event){ .type = EVENT_TYPING,
				 .from = SPEAKER_HUMAN,
				 .from_name = p->agent });
}

/* Verbs for the holder only. */
static void act(
    struct peer *p, const struct request *r, struct ticket *t, struct conv *c)
{
	switch (desk_may_act(t, p->agent, r->generation)) {
	case DESK_OK:
		break;
	case DESK_STALE:
	case DESK_NOT_WAITING:
		hub_refuse(p, r->id, ERROR_STALE_GENERATION,
		    "the ticket has moved on since generation %lld; claim it "
		    "again",
		    (long long)r->generation);
		return;
	case DESK_NOT_HOLDER:
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "you do not hold this ticket; claim it first");
		return;
	}
	if (r->type == REQUEST_MESSAGE)
		write_message(p, r, t, c);
	else if (r->type == REQUEST_NOTE)
		add_note(p, r, t, c);
	else if (r->type == REQUEST_TRANSFER)
		transfer(p, r, t, c);
	else if (r->type == REQUEST_TYPING)
		typing(p, c);
	else
		ticket_leave(p->hub, t,
		    r->type == REQUEST_RELEASE   ? TICKET_GIVEN_BACK
		    : r->type == REQUEST_RESOLVE ? TICKET_SOLVED
						 : TICKET_TO_BOT,
		    p, r->id, r->outcome);
}

void agent_request(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	desk_touch(h->desk, p->agent, clock_wall_ms());
	if (r->type == REQUEST_PING) {
		peer_send(
		    p, &(struct event){ .type = EVENT_PONG, .re = r->id });
		return;
	}
	if (r->type == REQUEST_BYE) {
		p->ops->close(p->conn);
		return;
	}
	if (r->type == REQUEST_TICKETS) {
		send_queue(p, r->id);
		return;
	}
	if (r->ticket.p == NULL) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"ticket\" is missing; the queue shows their names");
		return;
	}
	struct ticket *t = ticket_of(h, r->ticket);
	struct conv *c = t != NULL ? conv_find(h, t->conversation) : NULL;
	if (c == NULL) {
		if (str_is(r->ticket, "next"))
			hub_refuse(p, r->id, ERROR_NOT_FOUND, "nobody waits");
		else
			hub_refuse(p, r->id, ERROR_NOT_FOUND,
			    "there is no open ticket \"%.*s\"",
			    STR_ARG(r->ticket));
		return;
	}
	if (hub_refuse_busy(p, r->id))
		return;
	if (c->broken) {
		if (c->pending == 0)
			conv_mend(h, c);
		hub_refuse(p, r->id, ERROR_STORAGE,
		    "the conversation is being read again; try once more");
		return;
	}
	switch (r->type) {
	case REQUEST_CLAIM:
		claim(p, r, t, c);
		return;
	case REQUEST_MESSAGE:
	case REQUEST_NOTE:
	case REQUEST_TRANSFER:
	case REQUEST_RELEASE:
	case REQUEST_RESOLVE:
	case REQUEST_RETURN_TO_BOT:
	case REQUEST_TYPING:
		act(p, r, t, c);
		return;
	case REQUEST_HELLO:
	case REQUEST_FEEDBACK:
	case REQUEST_ATTRIBUTES:
	case REQUEST_BYE:
	case REQUEST_PING:
	case REQUEST_STATUS:
	case REQUEST_RELOAD:
	case REQUEST_TICKETS:
	case REQUEST_AGENT_ADD:
	case REQUEST_AGENT_LIST:
	case REQUEST_AGENT_TOKEN:
	case REQUEST_AGENT_PASSWD:
	case REQUEST_SIGN_IN:
	case REQUEST_AGENT_DISABLE:
	case REQUEST_EXPORT:
	case REQUEST_FORGET:
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "an agent's connection cannot do this");
	}
}
