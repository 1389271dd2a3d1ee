/* One step of a conversation: the message is read, then the first stage of the
 * pipeline that has something to say decides. */
#include "base/mem.h"
#include "rules/veto.h"
#include "talk/inner.h"

/* The wish for a person and "are you a bot" are heard from this score of
 * patterns on, whatever the fitted map says of the pack, unless the classifier
 * finds hardly anything of it in the words. */
static const double FIXED_HEARD = 0.55, FIXED_LEAST = 0.05;
/* A wish said plainly, beside a request that its words are mostly about. */
static const double PLAIN_WISH = 0.85, PLAIN_LEAST = 0.02;
/* Anger from here on counts towards a person; anger so strong that one message
 * not understood is enough. */
static const double ANGER_COUNTS = 0.5, ANGER_STRONG = 0.6;
/* Small talk gives way to a request with at least this part of its score. */
static const double SOCIAL_YIELDS = 0.7;
/* Patterns that are so sure of a request whose row is named need no classifier:
 * "how do I pay with qris". */
static const double PLAIN_ROW = 0.9;
/* One pattern that is as sure, beside a best candidate that is not. */
static const double PLAIN_PATTERN = 0.93;

/* From these scores on a message ends the listening. */
static const double SOCIAL_LEAVES = 0.75, REQUEST_LEAVES = 0.8;

enum {
	MISSES = 2,        /* messages not understood in a row: a person */
	LONG_BYTES = 1024, /* longer than what is read, and not understood */
	LISTEN_LAST = 1,   /* the turn that ends listening gently */
};

static bool answer_fixed(
    struct stepping *s, enum role role, double matched, double share)
{
	const struct candidate *c = reading_find(&s->r, role, matched, share);
	if (c == NULL)
		return false;
	/* who asks what we are may ask for something too; who wants a person
	 * gets nothing else */
	s->r.also = role == ROLE_BOT
			? match_also(s->r.pack, s->r.candidates, s->r.n, c)
			: NULL;
	answer(s, c);
	return true;
}

bool stage_wish(struct stepping *s)
{
	struct stepping there;
	if (calls_off(s))
		return false; /* "no need for a person" */
	if (answer_fixed(s, ROLE_WISH, FIXED_HEARD, FIXED_LEAST) ||
	    answer_fixed(s, ROLE_WISH, PLAIN_WISH, PLAIN_LEAST))
		return true;
	if (!look_elsewhere(s, &there) ||
	    reading_find(&there.r, ROLE_WISH, FIXED_HEARD, FIXED_LEAST) == NULL)
		return false;
	go_elsewhere(s, &there);
	return answer_fixed(s, ROLE_WISH, FIXED_HEARD, FIXED_LEAST);
}

bool stage_identity(struct stepping *s)
{
	return answer_fixed(s, ROLE_BOT, FIXED_HEARD, FIXED_LEAST);
}

/* Small talk steps back when the message also asks for something. */
static void requests_first(struct reading *r)
{
	if (r->n == 0 || !is_social(&r->candidates[0]))
		return;
	for (size_t i = 1; i < r->n; i++) {
		struct candidate c = r->candidates[i];
		match_confidence(r->pack, &c, 1); /* as if it were first */
		/* who wants to be heard is not asked about goods for a weak
		 * likeness */
		double least = r->candidates[0].intent->listens
				   ? REQUEST_LEAVES
				   : r->candidates[0].score * SOCIAL_YIELDS;
		if (is_social(&c) || c.confidence < r->pack->answer_at ||
		    c.score < least)
			continue;
		memmove(r->candidates + 1, r->candidates, i * sizeof(c));
		r->candidates[0] = c;
		match_confidence(r->pack, r->candidates, r->n);
		return;
	}
}

/* Is the best candidate clearly better than the second? */
static bool is_clear(const struct reading *r)
{
	const struct candidate *a = &r->candidates[0], *b = a + 1;
	return r->n < 2 || r->also == b ||
	       a->score - b->score >= r->pack->margin ||
	       a->intent->priority > b->intent->priority ||
	       (!is_social(a) && is_social(b)) ||
	       (is_social(a) && is_social(b));
}

/* A value that has just been named, such as a city, is evidence for the request
 * that looks it up: what would be asked back is answered. */
bool names_row_of(const struct stepping *s, const struct intent *intent)
{
	const struct lookup *l = intent->lookup;
	const struct slot *slot =
	    l != NULL ? pack_slot(s->r.pack, l->slot) : NULL;
	bool may = intent->role == ROLE_REQUEST || intent->listens;
	if (!may || slot == NULL || slot->from == NULL)
		return false;
	return conversation_named_now(s->c, str_of(slot->name)) != NULL;
}

static bool names_its_row(const struct stepping *s)
{
	return names_row_of(s, s->r.candidates[0].intent);
}

/* The words and the feeling agree that somebody wants to be heard: to listen
 * wrongly costs little. */
static bool wants_to_be_heard(const struct reading *r)
{
	static const double FELT = 0.5;
	return r->candidates[0].intent->listens && r->mood.strength >= FELT &&
	       (r->mood.mood == MOOD_LONELY || r->mood.mood == MOOD_SAD);
}

/* The best candidate, when it is clear and sure enough. */
static bool answer_top(struct stepping *s)
{
	struct reading *r = &s->r;
	const struct candidate *top = r->candidates;
	if (!is_clear(r) || is_left_to_danger(top))
		return false;
	bool row = names_its_row(s) && !gives_another_value(s);
	double least = row && top->matched >= PLAIN_ROW ? 0
		       : row || wants_to_be_heard(r)    ? r->pack->clarify_at
							: r->pack->answer_at;
	/* where both are answered, which it is need not be asked */
	double both = r->also != NULL ? r->also->confidence : 0;
	if (top->confidence + both < least)
		return false;
	answer(s, top);
	return true;
}

/* Where the best would only be asked back: another that patterns are sure of
 * and whose row is named, "he tricked me into giving the otp". */
static bool answer_plain_row(struct stepping *s)
{
	const struct candidate *top = s->r.candidates;
	if (top->confidence >= s->r.pack->answer_at ||
	    (is_left_to_danger(top) && danger_is_thinkable(s)) ||
	    gives_another_value(s))
		return false;
	for (size_t i = 1; i < s->r.n; i++) {
		const struct candidate *c = &s->r.candidates[i];
		if (c->n_evidence == 0 ||
		    veto_strongest(c)->weight < PLAIN_PATTERN ||
		    !names_row_of(s, c->intent) || is_left_to_danger(c))
			continue;
		answer(s, c);
		return true;
	}
	return false;
}

/* Requests and small talk that a pattern speaks for. */
bool stage_intent(struct stepping *s)
{
	if (s->r.n == 0 || greets_about_goods(s))
		return false;
	return (s->r.candidates[0].n_evidence > 0 && answer_top(s)) ||
	       answer_plain_row(s);
}

/* Does this message leave the talk for something else: a plain request, or a
 * goodbye?  An answer to what the bot has asked may look like a weak one. */
static bool leaves_listening(const struct stepping *s)
{
	enum { WORDS = 3 };
	const struct reading *r = &s->r;
	const struct candidate *top = r->candidates;
	if (r->n == 0 || top->intent->listens)
		return false;
	if (names_its_row(s) && is_answerable(s))
		return true; /* "and how much is the mug?" */
	if (is_social(top))
		return top->score >= SOCIAL_LEAVES;
	return top->score >= REQUEST_LEAVES && r->norm.n_words >= WORDS;
}

/* Somebody who wants to be heard: no questions of the trade, no selling. */
bool stage_listening(struct stepping *s)
{
	struct conversation *c = s->c;
	if (c->listening == 0 || leaves_listening(s))
		return false;
	const struct intent *intent = reading_listener(&s->r);
	const char *key =
	    c->listening == LISTEN_LAST ? "listening_end" : "listening";
	if (intent == NULL || !say_phrase(&s->say, key, &s->out->reply.text)) {
		c->listening = 0;
		return false;
	}
	struct candidate cand = certain(intent);
	set_verdict(s, &cand, DECISION_ANSWER);
	if (--c->listening == 0)
		offer_human_in_words(s);
	c->misses = 0;
	return true;
}

/* Those that only the classifier names: "and then?" and photos come before.  A
 * name says nothing else: "rain jacket". */
bool stage_words(struct stepping *s)
{
	const struct candidate *top = s->r.candidates;
	return s->r.n > 0 && top->n_evidence == 0 && !is_bare_name(s, top) &&
	       answer_top(s);
}

/* "Never mind the person": they leave the line, unless danger brought them
 * there. */
bool stage_withdraw(struct stepping *s)
{
	enum { FEW = 4 };
	/* "forget it, cancel the whole thing" is about the order */
	bool asks = is_answerable(s) && s->r.norm.n_words > FEW &&
		    s->r.candidates[0].intent->role == ROLE_REQUEST;
	if (asks || !calls_off(s) ||
	    !say_phrase(&s->say, "withdrawn", &s->out->reply.text))
		return false;
	set_verdict(s, NULL, DECISION_ANSWER);
	s->c->holder = HOLDER_BOT;
	s->c->misses = 0;
	s->out->closes_ticket = true;
	return true;
}

/* So angry that one message is enough. */
bool is_furious(const struct stepping *s)
{
	return s->r.mood.mood == MOOD_ANGRY &&
	       s->r.mood.strength >= ANGER_STRONG;
}

/* What the bot cannot tell of the request just answered, a person can. */
static bool offer_about_topic(struct stepping *s)
{
	const struct intent *topic = goes_on_about(s);
	if (topic == NULL)
		return false;
	s->say.first = topic->title;
	if (!say_phrase(&s->say, "unsure_about", &s->out->reply.text))
		return false;
	offer_human_in_words(s);
	return true;
}

bool stage_unsure(struct stepping *s)
{
	struct conversation *c = s->c;
	struct buf *text = &s->out->reply.text;
	const struct candidate *top = s->r.n > 0 ? &s->r.candidates[0] : NULL;
	if (top != NULL &&
	    (top->confidence < s->r.pack->clarify_at || is_left_to_danger(top)))
		top = NULL;
	set_verdict(s, top, DECISION_UNSURE);
	c->misses++;
	if (c->holder == HOLDER_WAITING) {
		/* "what should I do?", with somebody in danger */
		bool danger = s->view->desk.danger && was_in_danger(c);
		if (!danger || !say_phrase(&s->say, "waiting_danger", text))
			(void)say_phrase(&s->say, "waiting_unsure", text);
		return true;
	}
	if (match_scratch_limit_hits(s->view->scratch) > 0) {
		hand_off(s, REASON_LIMIT);
	} else if (is_furious(s) || anger_is_enough(s)) {
		hand_off(s, REASON_ANGER);
	} else if (c->misses >= MISSES) {
		hand_off(s, REASON_UNSURE);
	} else if (!offer_about_topic(s)) {
		bool wordy = s->text.n > LONG_BYTES;
		if (!wordy || !say_phrase(&s->say, "too_long", text))
			(void)say_phrase(&s->say, "rephrase", text);
		offer_human(s);
	}
	return true;
}

/* The pipeline, in this order. */
static const struct stage {
	const char *name;
	bool (*run)(struct stepping *s);
} stages[] = {
	{ "crisis", stage_crisis },
	{ "checked", stage_checked },
	{ "worry", stage_worry },
	{ "all_clear", stage_all_clear },
	{ "wish", stage_wish },
	{ "bot_identity", stage_identity },
	{ "stay", stage_stay },
	{ "check", stage_check },
	{ "form", stage_form },
	{ "withdraw", stage_withdraw },
	{ "option", stage_option },
	{ "other", stage_other },
	{ "offer", stage_offer },
	{ "correction", stage_correction },
	{ "listening", stage_listening },
	{ "cases", stage_cases },
	{ "intent", stage_intent },
	{ "more", stage_more },
	{ "photo", stage_photo },
	{ "words", stage_words },
	{ "product", stage_product },
	{ "several", stage_several },
	{ "doubt", stage_doubt },
	{ "clarify", stage_clarify },
	{ "value", stage_value },
	{ "unsure", stage_unsure },
};

const char *talk_stage_name(size_t i)
{
	return i < HG_COUNT(stages) ? stages[i].name : NULL;
}

static void decide(struct stepping *s)
{
	requests_first(&s->r);
	s->r.also = match_also(s->r.pack, s->r.candidates, s->r.n,
	    s->r.n > 0 ? &s->r.candidates[0] : NULL);
	hear_several(s);
	for (size_t i = 0; i < HG_COUNT(stages); i++) {
		bool last = i + 1 == HG_COUNT(stages);
		if (!last && (s->view->skip_stages & 1u << i) != 0)
			continue;
		s->out->reply.stage = stages[i].name;
		if (stages[i].run(s))
			break;
	}
	bool in_form = strcmp(s->out->reply.stage, "form") == 0;
	if (!in_form && s->c->holder == HOLDER_BOT &&
	    s->out->reply.decision == DECISION_ANSWER)
		form_resume(s);
}

static void note_mood(struct conversation *c, struct mood_score mood)
{
	if (c->n_moods == TALK_MOODS) {
		memmove(c->moods, c->moods + 1,
		    (TALK_MOODS - 1) * sizeof(c->moods[0]));
		c->n_moods--;
	}
	c->moods[c->n_moods++] =
	    (struct mood_turn){ c->turn, mood.mood, mood.strength };
	if (mood.mood == MOOD_ANGRY && mood.strength >= ANGER_COUNTS)
		c->angry_turns++;
	else
		c->angry_turns = 0;
}

static void add_brief(struct reply *reply, const struct candidate *c)
{
	if (reply->n_candidates == REPLY_CANDIDATES)
		return;
	struct candidate_brief *b = &reply->candidates[reply->n_candidates++];
	FIELD_SET(b->intent, c->intent->name, strlen(c->intent->name));
	b->score = c->score;
	b->lead = c->lead;
	b->confidence = c->confidence;
}

/* The best candidates, the one that was decided on first. */
static void brief_candidates(struct stepping *s)
{
	struct reply *reply = &s->out->reply;
	const struct reading *r = &s->r;
	for (int own = 1; own >= 0; own--)
		for (size_t i = 0; i < r->n; i++) {
			const struct candidate *c = &r->candidates[i];
			bool is_own =
			    strcmp(c->intent->name, reply->intent) == 0;
			if (is_own == (own == 1))
				add_brief(reply, c);
		}
}

static void step_message(struct stepping *s, struct str text)
{
	struct conversation *c = s->c;
	struct reply *reply = &s->out->reply;
	struct arena a = { 0 };
	c->turn++;
	s->text = text;
	read_message(c, text, s->view, &a, &s->r);
	note_mood(c, s->r.mood);
	s->say.pack = s->r.pack;
	s->say.refers_back = heard(s, SIGNAL_SAME);
	decide(s);
	reply->mood = s->r.mood;
	const char *lang = s->r.mixed ? "mixed" : s->r.pack->lang;
	FIELD_SET(reply->lang, lang, strlen(lang));
	brief_candidates(s);
	why_write(&s->r, reply, &reply->why);
	s->out->limit_hits = match_scratch_limit_hits(s->view->scratch);
	arena_clear(&a);
}

enum mood talk_hear(
    struct conversation *c, struct str text, const struct talk_view *view)
{
	struct reading r;
	struct arena a = { 0 };
	c->turn++;
	read_message(c, text, view, &a, &r);
	note_mood(c, r.mood);
	arena_clear(&a);
	return r.mood.mood;
}

void talk_step(struct conversation *c, const struct talk_event *event,
    const struct talk_view *view, struct step *out)
{
	struct reply *reply = &out->reply;
	struct stepping s = {
		.c = c,
		.view = view,
		.say = { .c = c,
		    .view = view,
		    .named = &s.r.named,
		    .pack = ruleset_pack(view->rs, c->lang),
		    .agent = event->agent,
		    .reply = reply },
		.out = out,
	};
	out->says = true;
	switch (event->type) {
	case TALK_MESSAGE:
		step_message(&s, event->text);
		break;
	case TALK_DELAYED:
		out->says = say_phrase(&s.say, "still_waiting", &reply->text);
		break;
	case TALK_BOT_RETURNS:
	case TALK_RESOLVED:
		c->holder = HOLDER_BOT;
		c->misses = c->angry_turns = c->n_options = 0;
		(void)say_phrase(&s.say,
		    event->type == TALK_RESOLVED ? "resolved" : "back_to_bot",
		    &reply->text);
		break;
	}
	FIELD_SET(
	    reply->persona, s.say.pack->persona, strlen(s.say.pack->persona));
}
