/* Several questions in one breath: "is it in stock, what is the postage to
 * Medan, and can I pay on delivery?"  The message as a whole says one of them;
 * its parts, between punctuation and the pack's `joins`, are read apart. */
#include "base/mem.h"
#include "rules/veto.h"
#include "talk/inner.h"

/* What a part asks by itself counts from this confidence on.  Of 3,990 messages
 * of customers 25 further requests are heard only so, 18 of them rightly; when
 * it need not be an enquiry, two of three are wrong: reasons and conditions of
 * the one request. */
static const double SURE = 0.95;

enum { SEVERAL = 2 }; /* enquiries that are an answer of their own */

/* The enquiry that words from..to surely are by themselves, or no intent. */
static struct candidate enquiry_in(
    struct stepping *s, struct arena *a, size_t from, size_t to)
{
	struct candidate none = { .intent = NULL };
	struct candidate found[MATCH_CANDIDATES];
	struct norm part;
	norm_part(&part, a, &s->r.norm, from, to);
	match_text(s->view->scratch, s->r.pack, &part);
	struct match_ask ask = { .pack = s->r.pack, .norm = &part };
	size_t n = match_intents(s->view->scratch, &ask, found);
	bool sure = n > 0 && found[0].intent->enquiry &&
		    found[0].n_evidence > 0 && found[0].confidence >= SURE;
	return sure ? found[0] : none;
}

static void add_further(struct reading *r, const struct candidate *c)
{
	if (r->n_further == READ_FURTHER ||
	    (r->also != NULL && r->also->intent == c->intent))
		return;
	for (size_t i = 0; i < r->n_further; i++)
		if (r->further[i].intent == c->intent)
			return;
	r->further[r->n_further++] =
	    (struct further){ c->intent, c->confidence, false };
}

/* Those so far were asked before the best candidate. */
static void set_before(struct reading *r)
{
	for (size_t i = 0; i < r->n_further; i++)
		r->further[i].before = true;
}

/* Each part in turn; `but` is answered anyway, or NULL. */
static void hear_parts(struct stepping *s, const struct intent *but)
{
	const struct norm *norm = &s->r.norm;
	struct arena a = { 0 };
	unsigned char *joins = arena_alloc(&a, norm->n_words + 1);
	memset(joins, 0, norm->n_words + 1);
	mark_words(s->view->scratch, &s->r.pack->joins, norm, joins);
	bool seen = but == NULL;
	for (size_t from = 0, to; from < norm->n_words; from = to) {
		to = from + 1;
		if (joins[from])
			continue;
		while (to < norm->n_words && !joins[to] &&
		       !(norm->words[to].flags & NORM_BREAK))
			to++;
		if (from == 0 && to == norm->n_words)
			break; /* the whole */
		struct candidate c = enquiry_in(s, &a, from, to);
		if (c.intent == but && but != NULL && !seen)
			set_before(&s->r);
		seen = seen || c.intent == but;
		if (c.intent != NULL && c.intent != but)
			add_further(&s->r, &c);
	}
	match_text(s->view->scratch, s->r.pack, norm); /* the stages go on */
	arena_clear(&a);
}

/* A city named in "do you ship to Padang?" has a row for those who ask what it
 * costs: what patterns hear a little of is told too. */
static void hear_row(struct stepping *s)
{
	static const double LITTLE = 0.3;
	struct reading *r = &s->r;
	const struct slot *slot =
	    r->caught != NULL ? pack_slot(r->pack, r->caught) : NULL;
	if (slot == NULL || slot->from == NULL ||
	    intent_wants(r->candidates[0].intent, r->caught))
		return;
	for (size_t i = 1; i < r->n; i++) {
		const struct candidate *c = &r->candidates[i];
		const struct lookup *l = c->intent->lookup;
		if (!c->intent->enquiry || l == NULL || c->matched < LITTLE ||
		    strcmp(l->slot, r->caught) != 0)
			continue;
		add_further(r, c);
		return;
	}
}

void hear_several(struct stepping *s)
{
	struct reading *r = &s->r;
	const struct candidate *top = r->n > 0 ? r->candidates : NULL;
	if (r->by_patterns || s->c->listening > 0)
		return;
	if (is_answerable(s)) {
		if (top->intent->enquiry) {
			hear_parts(s, top->intent);
			hear_row(s);
		}
		return;
	}
	hear_parts(s, NULL);
	if (r->n_further < SEVERAL)
		r->n_further = 0;
}

void forget_further(struct reading *r)
{
	r->also = NULL;
	r->n_further = 0;
}

/* What the next answer is about, unless it is the first of several. */
static void say_about(
    struct stepping *s, const struct intent *intent, bool first)
{
	s->say.second = intent->title;
	if (!first)
		(void)say_phrase(&s->say, "also", &s->out->reply.text);
}

/* A further request of the same message, answered in the same reply. */
static void answer_also(
    struct stepping *s, const struct intent *intent, bool first)
{
	struct reply *reply = &s->out->reply;
	if (reply->n_also == REPLY_ALSO ||
	    str_is(str_of(reply->intent), intent->name))
		return;
	say_about(s, intent, first && reply->n_also == 0);
	FIELD_SET(
	    reply->also[reply->n_also], intent->name, strlen(intent->name));
	reply->n_also++;
	int before = note_topic(s->c, intent->name);
	struct mood_score mood = s->r.mood;
	s->r.mood.mood = MOOD_NEUTRAL; /* feelings are named once */
	say_reply(s, intent, before);
	s->r.mood = mood;
}

/* Was the second request asked before the first?  Then it comes first. */
static bool also_is_before(
    const struct candidate *first, const struct candidate *also)
{
	return first->n_evidence > 0 && also->n_evidence > 0 &&
	       veto_strongest(also)->span.to <=
		   veto_strongest(first)->span.from;
}

/* The further requests that come before, or after, what was decided on;
 * `first`: nothing is said yet. */
static void answer_further(
    struct stepping *s, const struct candidate *cand, bool before, bool first)
{
	const struct reading *r = &s->r;
	if (r->also != NULL && also_is_before(cand, r->also) == before)
		answer_also(s, r->also->intent, first);
	for (size_t i = 0; i < r->n_further; i++)
		if (r->further[i].before == before)
			answer_also(s, r->further[i].intent, first);
}

void answer_all(struct stepping *s, const struct candidate *cand, int before)
{
	const struct intent *intent = cand->intent;
	s->say.goes_on = veto_is_follow_up(cand);
	bool alone = intent->role != ROLE_REQUEST && intent->role != ROLE_BOT;
	bool in_order = !alone && s->r.mood.mood == MOOD_NEUTRAL;
	if (in_order)
		answer_further(s, cand, true, true);
	say_about(s, intent, s->out->reply.n_also == 0);
	say_reply(s, intent, before);
	add_intent_buttons(s, intent);
	if (!alone && !in_order)
		answer_further(s, cand, true, false);
	if (!alone)
		answer_further(s, cand, false, false);
}

/* What the whole does not tell, the parts do. */
bool stage_several(struct stepping *s)
{
	struct reading *r = &s->r;
	if (is_answerable(s) || r->n_further < SEVERAL)
		return false;
	struct candidate first = certain(r->further[0].intent);
	first.confidence = r->further[0].confidence;
	r->n_further--;
	memmove(
	    r->further, r->further + 1, r->n_further * sizeof(r->further[0]));
	answer(s, &first);
	return true;
}
