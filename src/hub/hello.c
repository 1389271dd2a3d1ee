/* Hello: a conversation is begun, or resumed with the replay of what was
 * missed. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"

#include <stdlib.h>

static void say_welcome(struct pending *p, const char *resume, struct str re)
{
	struct buf text = { 0 };
	const char *persona =
	    talk_disclosure(p->hub->rs, p->conv->talk.lang, &text);
	struct event ev = { .type = EVENT_WELCOME,
		.re = re,
		.from = SPEAKER_BOT,
		.from_name = persona,
		.conversation = p->conv->id,
		.resume = resume,
		.seq = p->conv->seq,
		.text = buf_str(&text) };
	pending_say(p, &ev, OUT_PEER);
	buf_clear(&text);
}

/* Whom a conversation is for, as hello said it. */
struct visitor {
	char lang[LIMIT_LANG_BYTES], name[LIMIT_NAME_BYTES];
	char customer[LIMIT_CUSTOMER_BYTES + 1]; /* checked, or "" */
	int remember;                            /* 1 yes, 0 no, -1 as it was */
	char re[LIMIT_ID_BYTES + 1];
};

/* A conversation of its own for this peer; the welcome leaves once it is
 * stored.  before: an earlier conversation of the customer's, or NULL. */
static void start(
    struct peer *p, const struct visitor *v, const struct conversation *before)
{
	struct hub *h = p->hub;
	struct conv *c = conv_new(h);
	char secret[SECRET_TEXT_BYTES];
	secret_token(secret);
	secret_hash(str_of(secret), c->resume_hash);
	memcpy(c->talk.lang, v->lang, sizeof(c->talk.lang));
	memcpy(c->talk.name, v->name, sizeof(c->talk.name));
	memcpy(c->customer, v->customer, sizeof(c->customer));
	if (before != NULL && v->remember != 0)
		talk_recall(&c->talk, before);
	if (v->remember >= 0)
		c->talk.remembers = v->remember == 1;
	conv_attach(c, p);
	p->role = PEER_CUSTOMER;
	struct pending *pend = pending_new(h, c, p, str_of(v->re));
	pend->unit.is_new = true;
	FIELD_SET(pend->unit.public_id, c->id, strlen(c->id));
	memcpy(pend->unit.customer, c->customer, sizeof(c->customer));
	memcpy(pend->unit.resume_hash, c->resume_hash, SECRET_HASH_BYTES);
	struct buf resume = { 0 };
	buf_addf(&resume, "%s.%s", c->id, secret);
	say_welcome(pend, resume.p, str_of(v->re));
	buf_clear(&resume);
	pending_submit(pend);
}

void hello_silent(struct peer *p)
{
	start(p, &(struct visitor){ .remember = -1 }, NULL);
}

/* What an earlier conversation of the customer's left. */
struct recalling {
	struct store_load load; /* first */
	struct peer *peer;
	struct visitor visitor;
	unsigned erasures; /* when it was asked for */
};

static void recall_done(struct job *job, void *owner);

/* Ask for the customer's last conversation; the peer waits for it. */
static void recall_read(struct recalling *x)
{
	struct peer *p = x->peer;
	store_load_init(&x->load);
	x->load.job.done = recall_done;
	x->load.after = -1;
	memcpy(x->load.customer, x->visitor.customer, sizeof(x->load.customer));
	x->erasures = p->hub->erasures;
	peer_hold(p);
	if (store_submit(p->hub->store, &x->load.job)) {
		peer_wait(p, true);
		return;
	}
	peer_unhold(p);
	(void)hub_refuse_busy(p, str_of(x->visitor.re)); /* it is */
	if (p->waiting)
		peer_wait(p, false);
	free(x);
}

static void recall_done(struct job *job, void *owner)
{
	struct recalling *x = (struct recalling *)job;
	struct peer *p = x->peer;
	struct conversation before;
	struct err ignored = ERR_NONE;
	const struct hub *h = owner;
	if (!job->failed && x->erasures != h->erasures && !p->gone) {
		/* it may be erased by now: what was read says nothing */
		store_load_clear(&x->load);
		recall_read(x);
		peer_release(p);
		return;
	}
	/* what cannot be read is not remembered */
	bool known = !job->failed && x->load.found &&
		     talk_load(&before, buf_str(&x->load.state), &ignored) == 0;
	if (!p->gone) {
		start(p, &x->visitor, known ? &before : NULL);
		peer_wait(p, false);
	}
	store_load_clear(&x->load);
	free(x);
	peer_release(p);
}

static void recall(struct peer *p, const struct visitor *v)
{
	struct recalling *x = xcalloc(1, sizeof(*x));
	x->peer = p;
	x->visitor = *v;
	recall_read(x);
}

/* Is the customer who the shop's own server says? */
static bool is_signed(const struct peer *p, const struct request *r)
{
	char want[SECRET_SIGNATURE_BYTES];
	secret_sign(p->hub->config.customer_key, r->customer, want);
	return secret_same_text(r->signature, str_of(want));
}

static void begin(struct peer *p, const struct request *r)
{
	struct visitor v = { .remember = r->remember };
	if (r->lang.p != NULL)
		FIELD_SET(v.lang, r->lang.p, r->lang.n);
	if (r->name.p != NULL) {
		struct buf name = { 0 };
		utf8_add_clean(&name, str_trim(r->name));
		FIELD_SET(v.name, buf_str(&name).p, name.n);
		buf_clear(&name);
	}
	if (r->id.p != NULL)
		FIELD_SET(v.re, r->id.p, r->id.n);
	if (r->customer.p == NULL || r->signature.p == NULL) {
		v.remember = -1; /* nobody known is nobody remembered */
		start(p, &v, NULL);
	} else if (str_starts(r->customer, STR("c_"))) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"customer\" begins with c_, as conversations do; put "
		    "another letter in front");
	} else if (!is_signed(p, r)) {
		hub_refuse(p, r->id, ERROR_BAD_TOKEN,
		    "\"signature\" is not the HMAC-SHA256 of \"customer\" "
		    "under this installation's secret; see hangatctl secret");
	} else {
		FIELD_SET(v.customer, r->customer.p, r->customer.n);
		recall(p, &v);
	}
}

/* A resume, and the replay of what was missed, page by page, as fast as the
 * reader reads.  The peer joins the conversation with the last page: what is
 * committed later reaches it live, so there is no gap. */
enum { REPLAY_PAGE = 16 }; /* events; each is at most some 5 kB */
struct resuming {
	struct store_load load; /* first */
	struct peer *peer;
	struct conv *held; /* in memory: only its events are read */
	unsigned erasures; /* when the page was asked for */
	uint8_t hash[SECRET_HASH_BYTES];
	bool welcomed, replays;
	char re[LIMIT_ID_BYTES + 1];
};

static void resume_welcome(struct resuming *r, const struct conv *c)
{
	struct peer *p = r->peer;
	struct buf text = { 0 };
	const char *persona = talk_disclosure(p->hub->rs, c->talk.lang, &text);
	peer_send(p, &(struct event){ .type = EVENT_WELCOME,
			 .re = str_of(r->re),
			 .from = SPEAKER_BOT,
			 .from_name = persona,
			 .conversation = c->id,
			 .seq = r->load.seq,
			 .text = buf_str(&text) });
	buf_clear(&text);
	r->welcomed = true;
}

static void resume_end(struct resuming *r)
{
	struct peer *p = r->peer;
	p->resuming = NULL;
	store_load_clear(&r->load);
	free(r);
	if (!p->gone)
		peer_wait(p, false);
}

/* Why the resume is refused, or false. */
static bool resume_is_refused(
    struct resuming *r, const struct job *job, const struct conv *c)
{
	struct str re = str_of(r->re);
	if (job->failed) {
		hub_refuse(r->peer, re, ERROR_STORAGE,
		    "the conversation cannot be read now; try again");
		return true;
	}
	if (c != NULL && !c->forgotten && secret_same(c->resume_hash, r->hash))
		return false;
	hub_refuse(r->peer, re, ERROR_BAD_TOKEN,
	    "this resume token fits no conversation; send hello without it to "
	    "start anew");
	return true;
}

static void resume_read(struct resuming *r, int64_t after);

static void resume_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct resuming *r = (struct resuming *)job;
	struct peer *p = r->peer;
	struct conv *c = r->held;
	if (c != NULL)
		c->pending--;
	else if (!job->failed && r->erasures == h->erasures)
		c = conv_from_load(h, &r->load);
	else if (!job->failed && !p->gone) {
		/* it may be erased by now: what was read says nothing */
		resume_read(r, r->load.after);
		peer_release(p);
		return;
	}
	bool last = !r->replays || r->load.n_events < REPLAY_PAGE;
	if (p->gone || resume_is_refused(r, job, c)) {
		resume_end(r);
		peer_release(p);
		return;
	}
	if (!r->welcomed)
		resume_welcome(r, c);
	/* seqs have no gaps, so that of the last tells them all */
	int64_t seq = r->load.events_end - (int64_t)r->load.n_events;
	for (size_t i = 0; i < r->load.n_events; i++)
		p->ops->send(p->conn,
		    &(struct hub_said){ .json = buf_str(&r->load.events[i]),
			.type = EVENT_MESSAGE,
			.seq = ++seq });
	if (last) {
		conv_attach(c, p);
		p->role = PEER_CUSTOMER;
		resume_end(r);
	} else {
		p->resuming = r; /* resume_more when this page has left */
	}
	peer_release(p);
}

static bool resume_page(struct resuming *r)
{
	struct peer *p = r->peer;
	r->held = conv_find(p->hub, r->load.public_id);
	r->erasures = p->hub->erasures;
	r->load.want_state = r->held == NULL;
	peer_hold(p);
	if (r->held != NULL)
		r->held->pending++;
	if (store_submit(p->hub->store, &r->load.job))
		return true;
	peer_unhold(p);
	if (r->held != NULL)
		r->held->pending--;
	return false;
}

/* Ask for the page behind that event, or for no events with -1. */
static void resume_read(struct resuming *r, int64_t after)
{
	struct store_load next;
	store_load_init(&next);
	next.job.done = resume_done;
	next.after = after;
	next.first = REPLAY_PAGE;
	memcpy(next.public_id, r->load.public_id, sizeof(next.public_id));
	store_load_clear(&r->load);
	r->load = next;
	if (resume_page(r))
		return;
	(void)hub_refuse_busy(r->peer, str_of(r->re)); /* it is */
	resume_end(r);
}

void resume_more(struct peer *p)
{
	struct resuming *r = p->resuming;
	p->resuming = NULL;
	resume_read(r, r->load.events_end);
}

void resume_drop(struct peer *p)
{
	if (p->resuming != NULL)
		resume_end(p->resuming);
}

static void resume(struct peer *p, const struct request *r)
{
	struct str rest = r->resume, id;
	struct str re = r->id.p != NULL ? r->id : STR_NONE;
	if (!str_next(&rest, '.', &id) || rest.p == NULL ||
	    id.n >= CONV_ID_BYTES) {
		hub_refuse(p, re, ERROR_BAD_TOKEN,
		    "this resume token fits no conversation; send hello "
		    "without it to start anew");
		return;
	}
	struct resuming *x = xcalloc(1, sizeof(*x));
	store_load_init(&x->load);
	x->load.job.done = resume_done;
	x->load.after = r->after;
	x->load.first = REPLAY_PAGE;
	x->replays = r->after >= 0;
	x->peer = p;
	FIELD_SET(x->load.public_id, id.p, id.n);
	FIELD_SET(x->re, re.p != NULL ? re.p : "", re.n);
	secret_hash(rest, x->hash);
	if (resume_page(x)) {
		peer_wait(p, true);
		return;
	}
	free(x);
	(void)hub_refuse_busy(p, re); /* it is */
}

void hello_request(struct peer *p, const struct request *r)
{
	if (r->role.p != NULL && str_is(r->role, "agent")) {
		agent_hello(p, r);
	} else if (r->role.p != NULL && str_is(r->role, "gateway") &&
		   p->gateway == NULL) {
		gateway_hello(p, r);
	} else if (r->role.p != NULL) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"role\" is \"agent\" or \"gateway\"; customers have "
		    "none");
	} else if (p->conv != NULL) {
		hub_refuse(p, r->id, ERROR_CONFLICT,
		    "this connection has a conversation; open another for "
		    "another one");
	} else if (!hub_refuse_busy(p, r->id)) {
		p->bursts = r->burst;
		if (r->resume.p != NULL)
			resume(p, r);
		else
			begin(p, r);
	}
}
