/* One step of a conversation.  The pipeline, in this order: crisis, the wish
 * for a person, the answer to a clarification, intents, small talk, clarify,
 * unsure, a person. */
#include "base/mem.h"
#include "talk/read.h"
#include "talk/say.h"

/* Moods weaker than this do not change the wording. */
static const double MOOD_HEARD = 0.35;
/* Anger from here on counts towards a person. */
static const double ANGER_COUNTS = 0.5;
/* Danger is heard from this score on, the wish for a person and "are you a
 * bot" from the other, whatever the fitted map says of the pack. */
static const double CRISIS_HEARD = 0.3;
static const double FIXED_HEARD = 0.55;
/* A second candidate below this part of the best one's score is no choice. */
static const double RUNNER_UP = 0.5;
/* Small talk gives way to a request with at least this part of its score. */
static const double SOCIAL_YIELDS = 0.7;
/* Anger so strong that one message not understood is enough. */
static const double ANGER_STRONG = 0.6;

enum {
	EMPATHY_EVERY = 4, /* turns between two words about feelings */
	ANGER_TURNS = 2,   /* angry messages in a row: a person */
	MISSES = 2,        /* messages not understood in a row: a person */
	AGAIN_OFFER = 3,   /* times one thing was asked: offer a person */
	AGAIN_WITHIN = 12, /* turns: later it is a new question */
	TOPIC_FRESH = 3,   /* turns in which a bare value belongs to it */
};

struct stepping {
	struct conversation *c;
	const struct talk_view *view;
	struct reading r;
	struct saying say;
	struct step *out;
	const char *stage;
};

static bool is_social(const struct candidate *c)
{
	return c->intent->role == ROLE_SOCIAL;
}

static void set_verdict(
    struct stepping *s, const struct candidate *c, enum decision decision)
{
	struct reply *reply = &s->out->reply;
	const char *name = c != NULL ? c->intent->name : "out_of_scope";
	FIELD_SET(reply->intent, name, strlen(name));
	reply->confidence = c != NULL ? c->confidence : 0;
	reply->decision = decision;
}

static void add_button(struct stepping *s, struct str title, struct str text)
{
	struct reply *reply = &s->out->reply;
	if (reply->n_buttons == REPLY_BUTTONS)
		return;
	struct button *b = &reply->buttons[reply->n_buttons++];
	buf_adds(&b->title, title);
	buf_adds(&b->text, text);
}

static void add_human_button(struct stepping *s)
{
	struct buf title = { 0 }, text = { 0 };
	say_fixed(&s->say, "human_button", &title);
	say_fixed(&s->say, "human_text", &text);
	add_button(s, buf_str(&title), buf_str(&text));
	buf_clear(&title);
	buf_clear(&text);
}

/* Say which kind of handoff it is and who will come when, and open the
 * ticket; in a crisis also when one is open already. */
static void hand_off(struct stepping *s, enum reason reason)
{
	static const char *const phrase[REASON_COUNT] = {
		[REASON_UNSURE] = "handoff_unsure",
		[REASON_WISH] = "handoff_wish",
		[REASON_ANGER] = "handoff_anger",
		[REASON_CRISIS] = "handoff_crisis",
		[REASON_RULE] = "handoff_rule",
		[REASON_LIMIT] = "handoff_unsure",
	};
	struct conversation *c = s->c;
	struct buf *text = &s->out->reply.text;
	if (c->holder == HOLDER_WAITING && reason != REASON_CRISIS) {
		(void)say_phrase(&s->say, "already_waiting", text);
		say_queue(&s->say, text);
		return;
	}
	(void)say_phrase(&s->say, phrase[reason], text);
	say_queue(&s->say, text);
	s->out->opens_ticket = true;
	s->out->reason = reason;
	bool upset =
	    s->r.mood.mood == MOOD_ANGRY && s->r.mood.strength >= ANGER_COUNTS;
	s->out->urgency = reason == REASON_CRISIS           ? URGENCY_CRISIS
			  : upset || reason == REASON_ANGER ? URGENCY_UPSET
							    : URGENCY_NORMAL;
	c->holder = HOLDER_WAITING;
	c->misses = 0;
}

static struct topic_turn *find_topic(struct conversation *c, const char *name)
{
	for (int i = 0; i < c->n_topics; i++)
		if (strcmp(c->topics[i].intent, name) == 0)
			return &c->topics[i];
	return NULL;
}

/* Count that an intent was answered; returns how often before, lately. */
static int note_topic(struct conversation *c, const char *name)
{
	struct topic_turn *t = find_topic(c, name);
	if (t == NULL) {
		if (c->n_topics == TALK_TOPICS) {
			memmove(c->topics, c->topics + 1,
			    (TALK_TOPICS - 1) * sizeof(c->topics[0]));
			c->n_topics--;
		}
		t = &c->topics[c->n_topics++];
		*t = (struct topic_turn){ .last_turn = c->turn };
		FIELD_SET(t->intent, name, strlen(name));
	}
	if (c->turn - t->last_turn > AGAIN_WITHIN)
		t->times = 0;
	t->last_turn = c->turn;
	return t->times++;
}

static bool empathy_is_due(const struct conversation *c)
{
	return c->empathy_turn == 0 ||
	       c->turn - c->empathy_turn >= EMPATHY_EVERY;
}

/* The words for an intent: for a repeated question another explanation, for
 * a mood its own wording or an opener, both rationed. */
static void say_reply(
    struct stepping *s, const struct intent *intent, int before)
{
	struct conversation *c = s->c;
	struct buf *text = &s->out->reply.text;
	struct mood_score mood = s->r.mood;
	bool felt = mood.mood != MOOD_NEUTRAL && mood.strength >= MOOD_HEARD;
	if (say_lookup(&s->say, intent->lookup, text))
		return;
	if (before > 0 && intent->role == ROLE_REQUEST &&
	    say_one(&s->say, intent_reply(intent, "again"), text))
		return;
	if (felt && mood.mood == MOOD_HAPPY &&
	    say_one(&s->say, intent_reply(intent, "happy"), text))
		return;
	if (felt && mood.mood != MOOD_HAPPY && empathy_is_due(c)) {
		if (say_one(&s->say, intent_reply(intent, mood_name(mood.mood)),
			text)) {
			c->empathy_turn = c->turn;
			return;
		}
		struct buf key = { 0 };
		buf_addf(&key, "opener_%s", mood_name(mood.mood));
		if (intent->role == ROLE_REQUEST &&
		    say_phrase(&s->say, key.p, text))
			c->empathy_turn = c->turn;
		buf_clear(&key);
	}
	(void)say_one(&s->say, intent_reply(intent, "default"), text);
}

static bool anger_is_enough(const struct stepping *s)
{
	return s->c->angry_turns >= ANGER_TURNS && s->c->holder == HOLDER_BOT;
}

static void answer(struct stepping *s, const struct candidate *cand)
{
	const struct intent *intent = cand->intent;
	set_verdict(s, cand, DECISION_ANSWER);
	s->c->misses = 0;
	int before = note_topic(s->c, intent->name);
	if (intent->role == ROLE_WISH) {
		hand_off(s, REASON_WISH);
		return;
	}
	say_reply(s, intent, before);
	for (size_t i = 0; i < intent->n_buttons; i++)
		add_button(s, str_of(intent->buttons[i].title),
		    str_of(intent->buttons[i].text));
	if (intent->role == ROLE_CRISIS) {
		hand_off(s, REASON_CRISIS);
	} else if (intent->handoff && s->c->holder == HOLDER_BOT) {
		hand_off(s, REASON_RULE);
	} else if (intent->role == ROLE_REQUEST && anger_is_enough(s)) {
		hand_off(s, REASON_ANGER);
	} else if (intent->role == ROLE_REQUEST && before + 1 >= AGAIN_OFFER &&
		   s->c->holder == HOLDER_BOT) {
		(void)say_phrase(&s->say, "offer_human", &s->out->reply.text);
		add_human_button(s);
	}
}

static void ask_which(struct stepping *s, const struct candidate *first,
    const struct candidate *second)
{
	struct conversation *c = s->c;
	set_verdict(s, first, DECISION_CLARIFY);
	s->say.first = first->intent->title;
	s->say.second = second->intent->title;
	(void)say_phrase(&s->say, "clarify", &s->out->reply.text);
	const struct candidate *both[] = { first, second };
	c->n_options = 0;
	for (int i = 0; i < 2; i++) {
		const struct intent *intent = both[i]->intent;
		FIELD_SET(c->options[c->n_options], intent->name,
		    strlen(intent->name));
		c->n_options++;
		add_button(s, str_of(intent->title), str_of(intent->title));
	}
	struct buf neither = { 0 };
	say_fixed(&s->say, "neither", &neither);
	add_button(s, buf_str(&neither), buf_str(&neither));
	buf_clear(&neither);
}

static void not_understood(struct stepping *s)
{
	struct conversation *c = s->c;
	struct buf *text = &s->out->reply.text;
	const struct candidate *top = s->r.n > 0 ? &s->r.candidates[0] : NULL;
	if (top != NULL && top->confidence < s->r.pack->clarify_at)
		top = NULL;
	set_verdict(s, top, DECISION_UNSURE);
	c->misses++;
	if (c->holder == HOLDER_WAITING) {
		(void)say_phrase(&s->say, "waiting_unsure", text);
		return;
	}
	bool furious =
	    s->r.mood.mood == MOOD_ANGRY && s->r.mood.strength >= ANGER_STRONG;
	if (match_scratch_limit_hits(s->view->scratch) > 0) {
		hand_off(s, REASON_LIMIT);
	} else if (furious || anger_is_enough(s)) {
		hand_off(s, REASON_ANGER);
	} else if (c->misses >= MISSES) {
		hand_off(s, REASON_UNSURE);
	} else {
		(void)say_phrase(&s->say, "rephrase", text);
		add_human_button(s);
	}
}

/* The candidate that the customer chose of those asked about: by its title, by
 * its number, or NULL.  It counts as certain. */
static const struct candidate *chosen_option(
    struct stepping *s, struct str text, struct candidate *out)
{
	text = str_trim(text);
	for (int i = 0; i < s->c->n_options; i++) {
		const struct intent *intent =
		    pack_intent(s->r.pack, s->c->options[i]);
		char number[2] = { (char)('1' + i), '\0' };
		if (intent == NULL || (!str_eq(text, str_of(intent->title)) &&
					  !str_is(text, number)))
			continue;
		*out = (struct candidate){
			.intent = intent, .score = 1, .confidence = 1
		};
		return out;
	}
	return NULL;
}

/* Small talk steps back when the message also asks for something. */
static void requests_first(struct reading *r)
{
	if (r->n == 0 || !is_social(&r->candidates[0]))
		return;
	for (size_t i = 1; i < r->n; i++) {
		struct candidate c = r->candidates[i];
		match_confidence(r->pack, &c, 1); /* as if it were first */
		if (is_social(&c) || c.confidence < r->pack->answer_at ||
		    c.score < r->candidates[0].score * SOCIAL_YIELDS)
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

/* The request talked about just now, or NULL. */
static const struct intent *fresh_request(const struct stepping *s)
{
	const struct intent *best = NULL;
	int newest = s->c->turn - TOPIC_FRESH - 1;
	for (int i = 0; i < s->c->n_topics; i++) {
		const struct topic_turn *t = &s->c->topics[i];
		const struct intent *intent = pack_intent(s->r.pack, t->intent);
		if (intent == NULL || intent->role != ROLE_REQUEST ||
		    t->last_turn <= newest)
			continue;
		newest = t->last_turn;
		best = intent;
	}
	return best;
}

static const char *slot_value(const struct conversation *c, const char *name)
{
	for (int i = 0; i < c->n_slots; i++)
		if (strcmp(c->slots[i].name, name) == 0)
			return c->slots[i].value;
	return NULL;
}

/* A value that was asked for and nothing more, such as an order number: it
 * belongs to the request before, and a person takes both. */
static bool take_value(struct stepping *s)
{
	const struct intent *intent =
	    s->r.caught != NULL ? fresh_request(s) : NULL;
	if (intent == NULL)
		return false;
	struct candidate c = { .intent = intent, .score = 1, .confidence = 1 };
	set_verdict(s, &c, DECISION_ANSWER);
	s->c->misses = 0;
	s->say.value = slot_value(s->c, s->r.caught);
	(void)say_phrase(&s->say, "noted", &s->out->reply.text);
	hand_off(s, REASON_RULE);
	return true;
}

/* Is one of the best two likely enough to be asked about? */
static bool worth_asking(const struct stepping *s)
{
	const struct candidate *top = s->r.candidates;
	return top[0].confidence >= s->r.pack->clarify_at &&
	       top[1].score >= top[0].score * RUNNER_UP;
}

static void decide(struct stepping *s, struct str text)
{
	struct reading *r = &s->r;
	const struct pack *pack = r->pack;
	struct candidate option;
	const struct candidate *c;
	if ((c = reading_find(r, ROLE_CRISIS, CRISIS_HEARD)) != NULL) {
		s->stage = "crisis";
		answer(s, c);
		return;
	}
	if ((c = reading_find(r, ROLE_WISH, FIXED_HEARD)) != NULL) {
		s->stage = "wish";
		answer(s, c);
		return;
	}
	c = chosen_option(s, text, &option);
	s->c->n_options = 0;
	if (c != NULL) {
		s->stage = "option";
		answer(s, c);
		return;
	}
	if ((c = reading_find(r, ROLE_BOT, FIXED_HEARD)) != NULL) {
		s->stage = "bot_identity";
		answer(s, c);
		return;
	}
	requests_first(r);
	r->also = match_also(pack, r->candidates, r->n);
	const struct candidate *top = r->candidates;
	if (r->n > 0 && top->confidence >= pack->answer_at && is_clear(r)) {
		s->stage = is_social(top) ? "social" : "intent";
		answer(s, top);
		if (r->also != NULL)
			FIELD_SET(s->out->reply.also, r->also->intent->name,
			    strlen(r->also->intent->name));
	} else if (r->n > 1 && worth_asking(s) && !is_social(top) &&
		   !is_social(top + 1)) {
		s->stage = "clarify";
		ask_which(s, top, top + 1);
	} else if (take_value(s)) {
		s->stage = "value";
	} else {
		s->stage = "unsure";
		not_understood(s);
	}
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
	read_message(c, text, s->view, &a, &s->r);
	note_mood(c, s->r.mood);
	s->say.pack = s->r.pack;
	decide(s, text);
	reply->mood = s->r.mood;
	const char *lang = s->r.mixed ? "mixed" : s->r.pack->lang;
	FIELD_SET(reply->lang, lang, strlen(lang));
	brief_candidates(s);
	why_write(&s->r, reply, s->stage, &reply->why);
	s->out->limit_hits = match_scratch_limit_hits(s->view->scratch);
	arena_clear(&a);
}

void talk_step(struct conversation *c, const struct talk_event *event,
    const struct talk_view *view, struct step *out)
{
	struct stepping s = {
		.c = c,
		.view = view,
		.say = { .c = c,
		    .view = view,
		    .pack = ruleset_pack(view->rs, c->lang),
		    .agent = event->agent },
		.out = out,
	};
	struct reply *reply = &out->reply;
	out->says = true;
	switch (event->type) {
	case TALK_MESSAGE:
		step_message(&s, event->text);
		break;
	case TALK_BOT_RETURNS:
	case TALK_RESOLVED:
		c->holder = HOLDER_BOT;
		c->misses = c->angry_turns = 0;
		(void)say_phrase(&s.say,
		    event->type == TALK_RESOLVED ? "resolved" : "back_to_bot",
		    &reply->text);
		break;
	}
	FIELD_SET(
	    reply->persona, s.say.pack->persona, strlen(s.say.pack->persona));
}

const char *talk_disclosure(
    const struct ruleset *rs, const char *lang, struct buf *out)
{
	struct conversation nobody = { 0 };
	struct talk_view view = { .rs = rs };
	struct saying say = {
		.c = &nobody, .pack = ruleset_pack(rs, lang), .view = &view
	};
	say_fixed(&say, "disclosure", out);
	return say.pack->persona;
}

void talk_notice(const struct ruleset *rs, const struct conversation *c,
    const char *key, const char *agent, struct buf *out)
{
	struct conversation copy = *c;
	struct talk_view view = { .rs = rs };
	struct saying say = { .c = &copy,
		.pack = ruleset_pack(rs, c->lang),
		.view = &view,
		.agent = agent };
	say_fixed(&say, key, out);
}
