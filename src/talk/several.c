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
	r->further[r->n_further++] = (struct further){ .intent = c->intent,
		.confidence = c->confidence };
}

/* Those so far were asked before the best candidate. */
static void set_before(struct reading *r)
{
	for (size_t i = 0; i < r->n_further; i++)
		r->further[i].before = true;
}

/* Where the parts of a message begin and end. */
struct parting {
	const struct norm *norm;
	unsigned char *joins; /* for each word: stands between two requests? */
	size_t from, to;
};

static struct parting parting_begin(
    struct stepping *s, struct arena *a, const struct norm *norm)
{
	struct parting p = { .norm = norm };
	p.joins = arena_alloc(a, p.norm->n_words + 1);
	memset(p.joins, 0, p.norm->n_words + 1);
	mark_words(s->view->scratch, &s->r.pack->joins, p.norm, p.joins);
	return p;
}

/* The next part, words from..to; false after the last. */
static bool parting_next(struct parting *p)
{
	size_t n = p->norm->n_words;
	p->from = p->to;
	while (p->from < n && p->joins[p->from])
		p->from++;
	p->to = p->from;
	while (
	    p->to < n && !p->joins[p->to] &&
	    (p->to == p->from || !(p->norm->words[p->to].flags & NORM_BREAK)))
		p->to++;
	return p->from < n;
}

static bool is_whole(const struct parting *p)
{
	return p->from == 0 && p->to == p->norm->n_words;
}

/* Each part in turn; `but` is answered anyway, or NULL. */
static void hear_parts(struct stepping *s, const struct intent *but)
{
	struct arena a = { 0 };
	struct parting p = parting_begin(s, &a, &s->r.norm);
	bool seen = but == NULL;
	while (parting_next(&p) && !is_whole(&p)) {
		struct candidate c = enquiry_in(s, &a, p.from, p.to);
		if (c.intent == but && but != NULL && !seen)
			set_before(&s->r);
		seen = seen || c.intent == but;
		if (c.intent != NULL && c.intent != but)
			add_further(&s->r, &c);
	}
	match_text(s->view->scratch, s->r.pack, &s->r.norm); /* go on */
	arena_clear(&a);
}

/* What a part surely asks of a case that it names, "cancel TH-48213";
 * false when that is nothing. */
static bool case_in(struct stepping *s, struct arena *a,
    const struct parting *p, struct further *f)
{
	struct reading part = { .pack = s->r.pack };
	struct candidate found[MATCH_CANDIDATES];
	struct str text;
	norm_part(&part.norm, a, p->norm, p->from, p->to);
	match_text(s->view->scratch, s->r.pack, &part.norm);
	f->slot =
	    name_case(s->view, &part, a, &text, f->value, sizeof(f->value));
	if (f->slot == NULL)
		return false;
	norm_make(&part.norm, a, text, &s->r.pack->lexicon);
	match_text(s->view->scratch, s->r.pack, &part.norm);
	struct match_ask ask = { .pack = s->r.pack, .norm = &part.norm };
	size_t n = match_intents(s->view->scratch, &ask, found);
	f->intent = n > 0 ? found[0].intent : NULL;
	f->confidence = n > 0 ? found[0].confidence : 0;
	return n > 0 && f->intent->role == ROLE_REQUEST &&
	       found[0].n_evidence > 0 && f->confidence >= s->r.pack->answer_at;
}

/* "Return HG-1001 and cancel HG-1002": two parts and more that each surely ask
 * something else of a case of their own. */
static bool hear_cases(struct stepping *s)
{
	struct reading *r = &s->r;
	struct arena a = { 0 };
	const struct norm *norm = r->numbered != NULL ? r->numbered : &r->norm;
	struct parting p = parting_begin(s, &a, norm);
	bool differ = true;
	while (
	    r->n_further < READ_FURTHER && parting_next(&p) && !is_whole(&p)) {
		struct further *f = &r->further[r->n_further];
		*f = (struct further){ .before = false };
		if (!case_in(s, &a, &p, f))
			continue;
		for (size_t i = 0; i < r->n_further; i++)
			differ = differ && r->further[i].intent != f->intent &&
				 strcmp(r->further[i].value, f->value) != 0;
		r->n_further++;
	}
	match_text(s->view->scratch, r->pack, &r->norm); /* the stages go on */
	arena_clear(&a);
	if (r->n_further < SEVERAL || !differ)
		r->n_further = 0;
	return r->n_further > 0;
}

/* Does the enquiry look up what this message names? */
static bool looks_up_named(
    const struct stepping *s, const struct intent *intent)
{
	return intent->enquiry && names_row_of(s, intent);
}

/* The enquiry that tells what these goods cost with their shipping, when the
 * message names where they go; or NULL. */
static const struct intent *carries(
    const struct stepping *s, const struct intent *goods)
{
	const struct pack *pack = s->r.pack;
	for (size_t i = 0; i < pack->n_intents; i++) {
		const struct lookup *l = pack->intents[i].lookup;
		if (l != NULL && l->parcel != NULL &&
		    strcmp(l->parcel->goods, goods->name) == 0 &&
		    looks_up_named(s, goods) &&
		    looks_up_named(s, &pack->intents[i]))
			return &pack->intents[i];
	}
	return NULL;
}

/* A city named in "do you ship to Padang?" has a row for those who ask what it
 * costs, goods in "shipping for two hoodies to Padang" one for their price:
 * what patterns hear a little of is told too. */
static void hear_rows(struct stepping *s)
{
	static const double LITTLE = 0.3;
	struct reading *r = &s->r;
	const struct lookup *own = r->candidates[0].intent->lookup;
	const struct candidate *best = NULL;
	for (size_t i = 1; i < r->n; i++) {
		const struct candidate *c = &r->candidates[i];
		const struct lookup *l = c->intent->lookup;
		if (c->matched < LITTLE || !looks_up_named(s, c->intent) ||
		    (own != NULL && strcmp(l->slot, own->slot) == 0))
			continue;
		/* what it costs tells more than how long it takes */
		if (best == NULL ||
		    (l->total_column != NULL &&
			best->intent->lookup->total_column == NULL))
			best = c;
	}
	if (best != NULL)
		add_further(r, best);
}

/* Two enquiries near each other, a row named for each, are both meant: "total
 * for two shirts to Medan?" */
static void hear_both(struct stepping *s)
{
	static const double NEAR = 0.25; /* as where it would be asked which */
	struct reading *r = &s->r;
	const struct candidate *a = r->candidates, *b = a + 1;
	if (r->n > 1 && r->also == NULL && b->score >= a->score * NEAR &&
	    looks_up_named(s, a->intent) && looks_up_named(s, b->intent) &&
	    strcmp(a->intent->lookup->slot, b->intent->lookup->slot) != 0)
		r->also = b;
}

void hear_several(struct stepping *s)
{
	struct reading *r = &s->r;
	const struct candidate *top = r->n > 0 ? r->candidates : NULL;
	if (s->c->listening > 0 || (r->identifies && hear_cases(s)) ||
	    r->by_patterns)
		return;
	if (is_answerable(s)) {
		if (top->intent->enquiry) {
			hear_parts(s, top->intent);
			hear_rows(s);
		}
		return;
	}
	hear_both(s);
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

/* The case that a request is about becomes the one spoken of. */
static void know_case(struct stepping *s, const struct further *f)
{
	if (f->slot != NULL)
		(void)talk_know(s->c, str_of(f->slot), str_of(f->value));
}

/* A further request of the same message, answered in the same reply. */
static void answer_also(
    struct stepping *s, const struct intent *intent, bool first)
{
	struct reply *reply = &s->out->reply;
	if (reply->n_also == REPLY_ALSO ||
	    str_is(str_of(reply->intent), intent->name))
		return;
	const struct parcel *told = s->say.parcel;
	bool is_told = told != NULL && strcmp(told->goods, intent->name) == 0;
	if (!is_told)
		say_about(s, intent, first && reply->n_also == 0);
	FIELD_SET(
	    reply->also[reply->n_also], intent->name, strlen(intent->name));
	reply->n_also++;
	if (is_told)
		return; /* the goods and their shipping in one */
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
		if (r->further[i].before == before) {
			know_case(s, &r->further[i]);
			answer_also(s, r->further[i].intent, first);
		}
}

void answer_all(struct stepping *s, const struct candidate *cand, int before)
{
	const struct intent *intent = cand->intent;
	s->say.goes_on = veto_is_follow_up(cand);
	const struct intent *carrier = carries(s, intent);
	if (carrier != NULL) {
		struct candidate c = certain(carrier);
		add_further(&s->r, &c);
	}
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

/* The first of what the parts ask is decided on, the others follow it. */
static void answer_parts(struct stepping *s)
{
	struct reading *r = &s->r;
	struct candidate first = certain(r->further[0].intent);
	first.confidence = r->further[0].confidence;
	know_case(s, &r->further[0]);
	r->also = NULL;
	r->n_further--;
	memmove(
	    r->further, r->further + 1, r->n_further * sizeof(r->further[0]));
	answer(s, &first);
}

/* What the whole does not tell, the parts do. */
bool stage_several(struct stepping *s)
{
	if (is_answerable(s) || s->r.n_further < SEVERAL)
		return false;
	answer_parts(s);
	return true;
}

bool asks_of_cases(const struct stepping *s)
{
	return s->r.n_further >= SEVERAL && s->r.further[0].slot != NULL;
}

/* A person acts on what is asked of several cases. */
bool stage_cases(struct stepping *s)
{
	const struct reading *r = &s->r;
	if (!asks_of_cases(s))
		return false;
	bool acts = false;
	for (size_t i = 0; i < r->n_further; i++)
		acts = acts || r->further[i].intent->handoff ||
		       form_is_due(s, r->further[i].intent);
	answer_parts(s);
	if (acts && s->c->holder == HOLDER_BOT)
		hand_off(s, REASON_RULE);
	return true;
}
