/* Fragments: people write "kak", "mau tanya", "ongkir ke medan berapa" and
 * expect one answer.  On a connection that asked for it, a message waits a
 * little for the next one; earlier fragments are acknowledged, the last one is
 * answered, and the bot reads all of them.
 *
 * What waits is not stored yet and not acknowledged: if the daemon dies, the
 * client sends it again. */
#include "base/mem.h"
#include "hub/inner.h"

#include <stdlib.h>

enum { MOST_WINDOWS = 4 }; /* a burst lasts at most that many windows */

struct burst {
	struct burst *next, **link; /* in the hub's list */
	struct conv *conv;
	struct peer *peer;
	struct buf said; /* all of it */
	struct buf last; /* the fragment that waits */
	char re[LIMIT_ID_BYTES + 1];
	bool explain;
	int64_t due_ms, most_ms; /* on the steady clock */
};

static void burst_free(struct burst *b)
{
	*b->link = b->next;
	if (b->next != NULL)
		b->next->link = b->link;
	b->conv->burst = NULL;
	buf_clear(&b->said);
	buf_clear(&b->last);
	free(b);
}

static struct burst *burst_new(struct peer *p)
{
	struct hub *h = p->hub;
	struct burst *b = xcalloc(1, sizeof(*b));
	b->conv = p->conv;
	b->peer = p;
	b->most_ms = clock_steady_ms() + MOST_WINDOWS * h->config.burst_ms;
	b->next = h->bursts;
	b->link = &h->bursts;
	if (h->bursts != NULL)
		h->bursts->link = &b->next;
	h->bursts = b;
	p->conv->burst = b;
	return b;
}

static void burst_end(struct burst *b)
{
	struct peer *p = b->peer;
	struct conv *c = b->conv;
	struct buf said = b->said, last = b->last;
	char re[LIMIT_ID_BYTES + 1];
	bool explain = b->explain;
	memcpy(re, b->re, sizeof(re));
	b->said = b->last = (struct buf){ 0 };
	burst_free(b);
	struct str id = re[0] != '\0' ? str_of(re) : STR_NONE;
	if (p->conv == c && !c->forgotten && !c->broken)
		customer_answer(p, id, buf_str(&last), buf_str(&said), explain);
	else
		hub_refuse(p, id, ERROR_STORAGE,
		    "the conversation is being read again; send it once more");
	buf_clear(&said);
	buf_clear(&last);
}

/* Would the bot call somebody at once? */
static bool is_urgent(struct peer *p, struct str text)
{
	struct conversation copy = p->conv->talk;
	struct step step = { 0 };
	customer_step(p->hub, p->conv, &copy, text, &step);
	bool urgent =
	    step.opens_ticket &&
	    (step.reason == REASON_CRISIS || step.reason == REASON_WORRY ||
		step.reason == REASON_WISH || step.reason == REASON_ANGER);
	step_clear(&step);
	return urgent;
}

/* The id of the fragment that waits was sent again. */
static bool is_repeated(
    const struct burst *b, struct peer *p, struct str re, struct str text)
{
	if (b == NULL || re.p == NULL || !str_is(re, b->re))
		return false;
	if (!str_eq(text, buf_str(&b->last)))
		hub_refuse(p, re, ERROR_CONFLICT,
		    "this id was used for another text; give every message "
		    "an id of its own");
	return true;
}

void burst_end_others(struct peer *p)
{
	if (p->conv->burst != NULL && p->conv->burst->peer != p)
		burst_end(p->conv->burst);
}

bool burst_takes(struct peer *p, struct str re, struct str text, bool explain)
{
	struct conv *c = p->conv;
	struct burst *b = c->burst;
	int64_t window_ms = p->hub->config.burst_ms;
	if (!p->bursts || window_ms == 0)
		return false;
	if (is_repeated(b, p, re, text))
		return true;
	if (b != NULL && b->said.n + text.n >= LIMIT_MATCH_BYTES) {
		burst_end(b); /* more would not be read */
		b = NULL;
	}
	if (b == NULL)
		b = burst_new(p);
	else
		customer_acknowledge(p,
		    b->re[0] != '\0' ? str_of(b->re) : STR_NONE,
		    buf_str(&b->last));
	if (b->said.n > 0)
		buf_addc(&b->said, '\n');
	buf_adds(&b->said, text);
	buf_reset(&b->last);
	buf_adds(&b->last, text);
	FIELD_SET(b->re, re.p != NULL ? re.p : "", re.n);
	b->explain = explain;
	int64_t due_ms = clock_steady_ms() + window_ms;
	b->due_ms = due_ms < b->most_ms ? due_ms : b->most_ms;
	const struct ticket *t = desk_find_conversation(p->hub->desk, c->id);
	bool held = t != NULL && t->state == TICKET_HELD;
	if (held || is_urgent(p, buf_str(&b->said)))
		burst_end(b);
	return true;
}

void burst_tick(struct hub *h, int64_t steady_ms)
{
	for (struct burst *b = h->bursts, *next; b != NULL; b = next) {
		next = b->next;
		if (steady_ms >= b->due_ms)
			burst_end(b);
	}
}

void burst_end_of(struct peer *p)
{
	for (struct burst *b = p->hub->bursts, *next; b != NULL; b = next) {
		next = b->next;
		if (b->peer == p)
			burst_end(b);
	}
}
