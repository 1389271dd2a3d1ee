/* Understanding one message, before anything is decided. */
#include "talk/read.h"
#include "base/mem.h"
#include "rules/detector.h"
#include "text/lang.h"

/* A language needs this share of a message's words to count beside another:
 * code-mixed messages have a fifth of foreign words and more. */
static const double MIXED_SHARE = 0.25;

/* The pack whose lexicon knows most of the words; on a tie the language
 * spoken so far, then the first pack. */
static const struct pack *pick_pack(const struct conversation *c,
    const struct ruleset *rs, struct str text, bool *mixed)
{
	const struct pack *best = ruleset_pack(rs, c->lang);
	unsigned words, most = lang_count(text, &best->lexicon, &words);
	unsigned second = 0;
	for (size_t i = 0; i < rs->n_packs; i++) {
		const struct pack *p = &rs->packs[i];
		if (p == best)
			continue;
		unsigned known = lang_count(text, &p->lexicon, &words);
		/* one word more is not enough to leave the language spoken */
		unsigned stay = c->lang[0] != '\0' ? 1 : 0;
		if (known > most + stay) {
			second = most;
			most = known;
			best = p;
		} else if (known > second) {
			second = known;
		}
	}
	*mixed = words > 3 && (double)second >= MIXED_SHARE * words &&
		 most > second && second > 1;
	return best;
}

/* What was answered lately, for follow-ups.  Who waits for a person stands
 * where those stand who have just asked for one. */
static size_t list_recent(
    const struct conversation *c, struct recent_intent *out)
{
	size_t n = 0;
	if (c->holder == HOLDER_WAITING)
		out[n++] = (struct recent_intent){ "contact_human_agent", 1 };
	for (int i = 0; i < c->n_topics; i++)
		out[n++] = (struct recent_intent){ c->topics[i].intent,
			c->turn - c->topics[i].last_turn };
	return n;
}

static void match_with(struct reading *r, const struct conversation *c,
    const struct pack *pack, struct str text, const struct talk_view *view,
    struct arena *a)
{
	struct recent_intent recent[TALK_TOPICS + 1];
	r->pack = pack;
	norm_make(&r->norm, a, text, &pack->lexicon);
	struct match_ask ask = { .pack = pack,
		.norm = &r->norm,
		.recent = recent,
		.n_recent = list_recent(c, recent),
		.keep_vetoed = true };
	match_text(view->scratch, pack, &r->norm);
	r->n = match_intents(view->scratch, &ask, r->candidates);
	while (r->n > 0 && r->candidates[r->n - 1].veto != NULL) {
		r->vetoed = &r->candidates[--r->n]; /* they come last */
		r->n_vetoed++;
	}
}

void reading_take(struct reading *r, const struct reading *from)
{
	*r = *from;
	r->vetoed = r->candidates + r->n;
}

static double best_confidence(const struct reading *r)
{
	return r->n > 0 ? r->candidates[0].confidence : 0;
}

static bool has_signal(
    const struct talk_view *view, const struct reading *r, enum signal signal)
{
	return match_signal(view->scratch, r->pack, signal, &r->norm);
}

/* May another pack read a message that the one picked for it finds nothing in?
 * If it knows about as many of its words: else what it finds is chance, loan
 * words or the same letters.  For the language spoken so far half as many are
 * enough; to leave it, it must know more: "size L?", "cancel that". */
static bool may_read(const struct pack *p, const struct pack *picked,
    const struct conversation *c, struct str text)
{
	unsigned words, known = lang_count(text, &p->lexicon, &words);
	unsigned most = lang_count(text, &picked->lexicon, &words);
	if (strcmp(p->lang, c->lang) == 0)
		return known * 2 >= most;
	bool spoken = strcmp(picked->lang, c->lang) == 0;
	return known * 2 >= words &&
	       (spoken ? known > most : known + 1 >= most);
}

/* How the customer speaks; it stays until they speak otherwise. */
static void hear_voice(struct conversation *c, const struct talk_view *view,
    const struct reading *r)
{
	bool formal = has_signal(view, r, SIGNAL_FORMAL);
	bool casual = has_signal(view, r, SIGNAL_CASUAL);
	if (formal != casual)
		c->voice = formal ? VOICE_FORMAL : VOICE_CASUAL;
}

bool offer_stands(const struct conversation *c)
{
	enum { TURNS = 2 }; /* in which a "yes" takes it */
	int turn = c->offer_turn < 0 ? -c->offer_turn : c->offer_turn;
	return turn != 0 && c->turn - turn <= TURNS;
}

/* Does a pattern speak that counts only after what was said before? */
static bool follows_up(const struct reading *r)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->candidates[i].n_evidence; k++)
			if (r->candidates[i].evidence[k].pattern->n_after > 0)
				return true;
	return false;
}

/* Nothing but a yes or a no, which say nothing by themselves. */
static bool nods(const struct talk_view *view, const struct reading *r)
{
	enum { WORDS = 2 };
	return r->norm.n_words <= WORDS && (has_signal(view, r, SIGNAL_YES) ||
					       has_signal(view, r, SIGNAL_NO));
}

/* The classifier was taught messages that begin a conversation: it has no say
 * in answers to what the bot has asked, in short follow-ups, nor when a message
 * is hardly more than a yes or no, a value that the topic wants, or the number
 * of an order or a telephone. */
static bool needs_patterns(const struct conversation *c,
    const struct talk_view *view, const struct reading *r)
{
	enum { WORDS = 5 };
	const struct intent *topic = reading_topic(c, r);
	bool wanted = topic != NULL && intent_wants(topic, r->caught);
	bool asked = c->n_options > 0 || offer_stands(c) || r->identifies ||
		     r->contact || wanted || follows_up(r);
	return c->form.slot[0] != '\0' || c->listening > 0 || nods(view, r) ||
	       (asked && r->norm.n_words <= WORDS);
}

/* Danger is heard by words in answers too, and a veto holds for patterns only:
 * the words of a small cut may tell of a deep one. */
static void hear_danger(struct reading *r)
{
	for (size_t i = 0; i < r->n + r->n_vetoed; i++) {
		const struct candidate *c = &r->candidates[i];
		if (c->intent->role != ROLE_CRISIS ||
		    (r->danger.intent != NULL && c->alone <= r->danger.alone))
			continue;
		r->danger = *c;
		if (c->veto != NULL) {
			r->danger.n_evidence = 0;
			r->danger.matched = 0;
		}
	}
}

/* It is not a candidate either. */
static void forget_danger(struct reading *r)
{
	const struct intent *danger = r->danger.intent;
	r->danger = (struct candidate){ .intent = NULL };
	for (size_t i = 0; i < r->n; i++) {
		if (r->candidates[i].intent != danger)
			continue;
		memmove(&r->candidates[i], &r->candidates[i + 1],
		    (r->n + r->n_vetoed - i - 1) * sizeof(r->candidates[0]));
		r->n--;
		r->vetoed = r->candidates + r->n;
		match_confidence(r->pack, r->candidates, r->n);
		return;
	}
}

/* Goods with a name that words of danger have, "ada botol minum?", and what the
 * pack calls harmless: when the other words say nothing of danger there is
 * none. */
static void forget_harmless(
    struct reading *r, const struct talk_view *view, struct arena *a)
{
	static const double NOTHING = 0.05, SAID = 0.5;
	const struct detector *d = r->pack->detector;
	struct norm rest;
	if (r->danger.intent == NULL || d == NULL)
		return;
	bool left =
	    (r->danger.matched < SAID &&
		leave_out_harmless(view, r, a, &rest)) ||
	    (r->danger.matched <= 0 && leave_out_goods(view, r, a, &rest));
	if (left && (rest.n_words == 0 || detector_read(d, &rest) < NOTHING))
		forget_danger(r);
}

/* A whole sentence in another language is read by the pack that knows it, for
 * danger and the wish for a person: "I want a refund, aku mau mati aja". */
static void read_elsewhere(struct reading *r, const struct conversation *c,
    struct str text, const struct talk_view *view, struct arena *a)
{
	enum { WORDS = 3 }; /* fewer are loan words */
	const struct ruleset *rs = view->rs;
	for (size_t i = 0; i < rs->n_packs; i++) {
		const struct pack *p = &rs->packs[i];
		unsigned lead;
		if (p == r->pack)
			continue;
		struct str part =
		    lang_stretch(text, &r->pack->lexicon, &p->lexicon, &lead);
		if (lead < WORDS)
			continue;
		struct reading *other = arena_alloc(a, sizeof(*other));
		*other = (struct reading){ .mixed = true };
		match_with(other, c, p, part, view, a);
		hear_danger(other);
		if (r->elsewhere == NULL ||
		    other->danger.alone > r->elsewhere->danger.alone)
			r->elsewhere = other;
	}
}

/* "I mean TH-48214", "not TH-48213": a number set right, and nothing asked. */
static bool is_correction(const struct talk_view *view, const struct reading *r)
{
	enum { WORDS = 2 };
	unsigned char negated[WORDS] = { 0 };
	if (has_signal(view, r, SIGNAL_CORRECT))
		return true;
	if (r->norm.n_words > WORDS)
		return false;
	mark_words(view->scratch, &r->pack->negators, &r->norm, negated);
	return memchr(negated, 1, WORDS) != NULL;
}

/* Rules and the classifier know "cancel my order" better than "cancel
 * TH-48213": where the number leaves nothing certain, what the rest asks of an
 * order. */
static void read_case(struct reading *r, const struct conversation *c,
    const struct talk_view *view, struct arena *a)
{
	struct str text;
	char value[LIMIT_SLOT_BYTES];
	if (!r->identifies || c->form.slot[0] != '\0' || c->listening > 0 ||
	    is_correction(view, r) ||
	    best_confidence(r) >= r->pack->answer_at ||
	    name_case(view, r, a, &text, value, sizeof(value)) == NULL)
		return;
	struct reading *other = arena_alloc(a, sizeof(*other));
	match_with(other, c, r->pack, text, view, a);
	if (best_confidence(other) < r->pack->answer_at ||
	    other->candidates[0].intent->role != ROLE_REQUEST) {
		match_text(view->scratch, r->pack, &r->norm);
		return;
	}
	memcpy(r->candidates, other->candidates, sizeof(r->candidates));
	r->n = other->n;
	r->n_vetoed = other->n_vetoed;
	r->vetoed = r->candidates + r->n;
	struct norm *numbered = arena_alloc(a, sizeof(*numbered));
	*numbered = r->norm;
	r->numbered = numbered;
	r->norm = other->norm;
	r->by_patterns = false;
}

void read_message(struct conversation *c, struct str text,
    const struct talk_view *view, struct arena *a, struct reading *r)
{
	const struct ruleset *rs = view->rs;
	*r = (struct reading){ 0 };
	match_scratch_begin(view->scratch, rs, view->now_ms);
	const struct pack *pack = pick_pack(c, rs, text, &r->mixed);
	match_with(r, c, pack, text, view, a);
	/* nothing certain: perhaps it is another language after all */
	for (size_t i = 0; i < rs->n_packs; i++) {
		const struct pack *p = &rs->packs[i];
		if (best_confidence(r) >= r->pack->answer_at || p == pack ||
		    !may_read(p, pack, c, text))
			continue;
		struct reading *other = arena_alloc(a, sizeof(*other));
		match_with(other, c, &rs->packs[i], text, view, a);
		if (best_confidence(other) > best_confidence(r) &&
		    best_confidence(other) >= rs->packs[i].answer_at) {
			other->mixed = r->mixed;
			reading_take(r, other);
		}
	}
	read_elsewhere(r, c, text, view, a);
	match_text(view->scratch, r->pack, &r->norm);
	r->mood = match_mood(view->scratch, r->pack, &r->norm);
	if (has_signal(view, r, SIGNAL_ANOTHER))
		set_case_aside(c, r->pack);
	catch_slots(c, view, r);
	hear_danger(r);
	forget_harmless(r, view, a);
	r->by_patterns =
	    r->pack->classifier != NULL && needs_patterns(c, view, r);
	if (r->by_patterns)
		r->n = match_by_patterns(r->pack, r->candidates, r->n);
	read_case(r, c, view, a);
	hear_voice(c, view, r);
	FIELD_SET(c->lang, r->pack->lang, strlen(r->pack->lang));
}

const struct candidate *reading_find(
    const struct reading *r, enum role role, double matched, double share)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct candidate *c = &r->candidates[i];
		bool asked = c->intent->class_no >= 0 && !c->by_patterns;
		if (c->intent->role == role && c->matched >= matched &&
		    (!asked || c->share >= share))
			return c;
	}
	return NULL;
}

bool intent_shows(const struct intent *intent, const char *slot)
{
	const struct lookup *l = intent->lookup;
	return l != NULL && l->card[CARD_TITLE] != NULL &&
	       strcmp(l->slot, slot) == 0;
}

const struct intent *intent_showing(const struct pack *pack, const char *slot)
{
	for (size_t i = 0; i < pack->n_intents; i++)
		if (intent_shows(&pack->intents[i], slot))
			return &pack->intents[i];
	return NULL;
}

bool intent_wants(const struct intent *intent, const char *slot)
{
	const struct lookup *l = intent->lookup;
	if (slot != NULL && l != NULL && strcmp(l->slot, slot) == 0)
		return true;
	for (size_t i = 0; slot != NULL && i < intent->n_needs; i++)
		if (strcmp(intent->needs[i].slot, slot) == 0)
			return true;
	return false;
}

const struct intent *reading_topic(
    const struct conversation *c, const struct reading *r)
{
	enum { FRESH = 3 }; /* turns in which a bare value belongs to it */
	const struct intent *best = NULL;
	int newest = c->turn - FRESH - 1;
	bool needed = false; /* best wants the slot that was caught */
	for (int i = 0; i < c->n_topics; i++) {
		const struct topic_turn *t = &c->topics[i];
		const struct intent *intent = pack_intent(r->pack, t->intent);
		if (intent == NULL || intent->role != ROLE_REQUEST ||
		    c->turn - t->last_turn > FRESH)
			continue;
		bool needs = intent_wants(intent, r->caught);
		if (needed && !needs)
			continue;
		if (needs == needed && t->last_turn <= newest)
			continue;
		needed = needs;
		newest = t->last_turn;
		best = intent;
	}
	return best;
}

const struct intent *reading_listener(const struct reading *r)
{
	for (size_t i = 0; i < r->pack->n_intents; i++)
		if (r->pack->intents[i].listens)
			return &r->pack->intents[i];
	return NULL;
}
