/* Answering with an intent: its wording for the mood or the repetition, its
 * buttons, and the person who is called when the rules or the mood say so. */
#include "base/mem.h"
#include "talk/inner.h"

/* Moods weaker than this do not change the wording. */
static const double MOOD_HEARD = 0.35;
/* Anger from here on makes a ticket urgent. */
static const double ANGER_COUNTS = 0.5;

enum {
	EMPATHY_EVERY = 4, /* turns between two words about feelings */
	ANGER_TURNS = 2,   /* angry messages in a row: a person */
	AGAIN_OFFER = 3,   /* times one thing was asked: offer a person */
	AGAIN_WITHIN = 12, /* turns: later it is a new question */
	LISTEN_TURNS = 4,  /* how long the bot mostly listens */
};

bool is_social(const struct candidate *c)
{
	return c->intent->role == ROLE_SOCIAL;
}

void set_verdict(
    struct stepping *s, const struct candidate *c, enum decision decision)
{
	struct reply *reply = &s->out->reply;
	const char *name = c != NULL ? c->intent->name : "out_of_scope";
	FIELD_SET(reply->intent, name, strlen(name));
	reply->confidence = c != NULL ? c->confidence : 0;
	reply->decision = decision;
}

struct candidate certain(const struct intent *intent)
{
	return (
	    struct candidate){ .intent = intent, .score = 1, .confidence = 1 };
}

void add_button(struct stepping *s, struct str title, struct str text)
{
	struct reply *reply = &s->out->reply;
	if (reply->n_buttons == REPLY_BUTTONS)
		return;
	for (int i = 0; i < reply->n_buttons; i++)
		if (str_eq(title, buf_str(&reply->buttons[i].title)))
			return; /* an intent's own calls a person too */
	struct button *b = &reply->buttons[reply->n_buttons++];
	buf_adds(&b->title, title);
	buf_adds(&b->text, text);
}

void offer_human(struct stepping *s)
{
	struct buf title = { 0 }, text = { 0 };
	say_fixed(&s->say, "human_button", &title);
	say_fixed(&s->say, "human_text", &text);
	add_button(s, buf_str(&title), buf_str(&text));
	buf_clear(&title);
	buf_clear(&text);
	s->c->offer_turn = -s->c->turn;
}

void offer_human_in_words(struct stepping *s)
{
	offer_human(s);
	s->c->offer_turn = s->c->turn;
}

/* A button that calls a person, beside words that offer one. */
static bool calls_a_person(struct stepping *s, const char *button)
{
	struct buf text = { 0 };
	say_fixed(&s->say, "human_text", &text);
	bool same = str_is(buf_str(&text), button);
	buf_clear(&text);
	return same;
}

bool heard(const struct stepping *s, enum signal signal)
{
	enum { SHORT_WORDS = 6 };
	bool brief = signal == SIGNAL_YES || signal == SIGNAL_NO;
	return (!brief || s->r.norm.n_words <= SHORT_WORDS) &&
	       match_signal(s->view->scratch, s->r.pack, signal, &s->r.norm);
}

/* How pressing: crisis, then what may be danger, and anger now or in the last
 * messages. */
static enum urgency urgency_of(const struct stepping *s, enum reason reason)
{
	if (reason == REASON_CRISIS)
		return URGENCY_CRISIS;
	bool upset = reason == REASON_ANGER || reason == REASON_WORRY;
	for (int i = 0; i < s->c->n_moods; i++) {
		const struct mood_turn *m = &s->c->moods[i];
		upset = upset ||
			(m->mood == MOOD_ANGRY && m->strength >= ANGER_COUNTS &&
			    s->c->turn - m->turn < ANGER_TURNS + 1);
	}
	return upset ? URGENCY_UPSET : URGENCY_NORMAL;
}

void hand_off(struct stepping *s, enum reason reason)
{
	static const char *const phrase[REASON_COUNT] = {
		[REASON_UNSURE] = "handoff_unsure",
		[REASON_WISH] = "handoff_wish",
		[REASON_ANGER] = "handoff_anger",
		[REASON_CRISIS] = "handoff_crisis",
		[REASON_WORRY] = "handoff_crisis",
		[REASON_RULE] = "handoff_rule",
		[REASON_LIMIT] = "handoff_unsure",
		[REASON_FORM] = "handoff_form",
	};
	struct conversation *c = s->c;
	struct buf *text = &s->out->reply.text;
	bool urgent = reason == REASON_CRISIS || reason == REASON_WORRY;
	form_end(c);
	c->listening = 0;
	c->n_options = 0;
	c->offer_turn = 0;
	if (c->holder == HOLDER_WAITING && !urgent) {
		(void)say_phrase(&s->say, "already_waiting", text);
		say_queue(&s->say, text);
		return;
	}
	/* with nobody there, no word of "now" */
	bool there = s->view->desk.open && s->view->desk.agents > 0;
	if ((there || !say_phrase(&s->say, "handoff_later", text)) &&
	    !say_phrase(&s->say, phrase[reason], text))
		(void)say_phrase(&s->say, "handoff_unsure", text);
	say_queue(&s->say, text);
	s->out->opens_ticket = true;
	s->out->reason = reason;
	s->out->urgency = urgency_of(s, reason);
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

const struct intent *goes_on_about(const struct stepping *s)
{
	enum { WORDS = 8 };
	const struct intent *topic = reading_topic(s->c, &s->r);
	if (topic == NULL || s->r.norm.n_words > WORDS)
		return NULL;
	const struct topic_turn *t = find_topic(s->c, topic->name);
	return t != NULL && t->last_turn + 1 == s->c->turn ? topic : NULL;
}

int note_topic(struct conversation *c, const char *name)
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

static bool all_known(const struct stepping *s, const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_needs; i++)
		if (current_value(&s->say, intent->needs[i].slot) == NULL)
			return false;
	return intent->n_needs > 0;
}

/* A word about the mood before the content, when one is due. */
static void say_opener(struct stepping *s, const struct intent *intent)
{
	struct mood_score mood = s->r.mood;
	if (mood.mood == MOOD_NEUTRAL || mood.mood == MOOD_HAPPY ||
	    mood.strength < MOOD_HEARD || intent->role != ROLE_REQUEST ||
	    !empathy_is_due(s->c))
		return;
	struct buf key = { 0 };
	buf_addf(&key, "opener_%s", mood_name(mood.mood));
	if (say_phrase(&s->say, key.p, &s->out->reply.text))
		s->c->empathy_turn = s->c->turn;
	buf_clear(&key);
}

bool was_in_danger(const struct conversation *c)
{
	if (c->safe_turn > 0)
		return false;
	for (int i = 0; i < c->n_topics; i++)
		if (strcmp(c->topics[i].intent, "crisis") == 0)
			return true;
	return false;
}

/* In danger, and not back to ordinary requests since. */
static bool is_shaken(const struct stepping *s)
{
	enum { ORDINARY = 2 };
	int danger = 0, requests = 0;
	if (!was_in_danger(s->c))
		return false;
	for (int i = 0; i < s->c->n_topics; i++)
		if (strcmp(s->c->topics[i].intent, "crisis") == 0)
			danger = s->c->topics[i].last_turn;
	for (int i = 0; i < s->c->n_topics; i++) {
		const struct topic_turn *t = &s->c->topics[i];
		const struct intent *intent = pack_intent(s->r.pack, t->intent);
		requests += intent != NULL && intent->role == ROLE_REQUEST &&
			    t->last_turn > danger;
	}
	return requests < ORDINARY;
}

/* The wording for the mood, rationed. */
static bool say_for_mood(struct stepping *s, const struct intent *intent)
{
	struct mood_score mood = s->r.mood;
	if (mood.mood == MOOD_NEUTRAL || mood.strength < MOOD_HEARD ||
	    (mood.mood != MOOD_HAPPY && !empathy_is_due(s->c)) ||
	    (mood.mood == MOOD_HAPPY && was_in_danger(s->c)))
		return false;
	if (!say_one(&s->say, intent_reply(intent, mood_name(mood.mood)),
		&s->out->reply.text))
		return false;
	if (mood.mood != MOOD_HAPPY)
		s->c->empathy_turn = s->c->turn;
	return true;
}

/* "Delete my data": what the bot remembers goes at once. */
static bool forget_asked(struct stepping *s, const struct intent *intent)
{
	const struct wordings *w = intent_reply(intent, "forgotten");
	if (w == NULL || !heard(s, SIGNAL_FORGET))
		return false;
	s->c->n_slots = 0;
	s->c->other = (struct slot_value){ .turn = 0 };
	s->c->name[0] = '\0';
	s->c->remembers = false;
	form_end(s->c);
	return say_one(&s->say, w, &s->out->reply.text);
}

/* All is known that the request needs.  Who waits for a person hears that it
 * was added, or, about the same, that it is known. */
static bool say_known(
    struct stepping *s, const struct intent *intent, int before)
{
	struct buf *text = &s->out->reply.text;
	say_opener(s, intent);
	bool waits = s->c->holder == HOLDER_WAITING;
	/* who waits already is not asked whether a person shall come */
	if ((!waits || form_is_due(s, intent)) &&
	    say_one(&s->say, intent_reply(intent, "ready"), text))
		return true;
	s->say.value = conversation_value(s->c, str_of(intent->needs[0].slot));
	s->say.first = intent->title;
	if (!waits)
		return say_phrase(&s->say, "noted", text);
	if (before == 0 && say_phrase(&s->say, "noted_about", text))
		return true;
	(void)say_phrase(&s->say, "already_waiting", text);
	say_queue(&s->say, text);
	return true;
}

void say_reply(struct stepping *s, const struct intent *intent, int before)
{
	struct buf *text = &s->out->reply.text;
	if (forget_asked(s, intent))
		return;
	bool shaken = is_shaken(s);
	if (shaken && say_one(&s->say, intent_reply(intent, "danger"), text))
		return;
	if (shaken && intent->role == ROLE_SOCIAL &&
	    say_phrase(&s->say, "steady", text))
		return;
	/* who waits in the line is no stranger: "hello?" */
	if (is_greeting(intent) && s->c->holder == HOLDER_WAITING &&
	    say_phrase(&s->say, "already_waiting", text))
		return;
	if (intent->role == ROLE_SOCIAL && !intent->listens &&
	    s->c->listening > 0 && say_phrase(&s->say, "listened", text))
		return;
	if (say_lookup(&s->say, intent, text) ||
	    say_one(&s->say, intent_reply(intent, "remembered"), text))
		return;
	if (all_known(s, intent) && say_known(s, intent, before))
		return;
	if (before > 0 && intent->role == ROLE_REQUEST &&
	    say_one(&s->say, intent_reply(intent, "again"), text))
		return;
	if (!s->view->desk.open &&
	    say_one(&s->say, intent_reply(intent, "closed"), text))
		return;
	if (say_for_mood(s, intent))
		return;
	say_opener(s, intent);
	(void)say_one(&s->say, intent_reply(intent, "default"), text);
}

bool anger_is_enough(const struct stepping *s)
{
	return s->c->angry_turns >= ANGER_TURNS && s->c->holder == HOLDER_BOT;
}

static bool asks(const struct buf *text)
{
	return text->n > 0 && text->p[text->n - 1] == '?';
}

/* A button that calls a person, under a reply that ends with a question, offers
 * one in words. */
void add_intent_buttons(struct stepping *s, const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_buttons; i++) {
		const struct button_text *b = &intent->buttons[i];
		add_button(s, str_of(b->title), str_of(b->text));
		/* who is listened to is asked about themselves: their "yes"
		 * goes on telling */
		bool in_words = asks(&s->out->reply.text) && !intent->listens;
		if (calls_a_person(s, b->text))
			s->c->offer_turn = in_words ? s->c->turn : -s->c->turn;
	}
}

/* Is it about another row than the last time?  Then it is no repetition. */
static bool asks_about_another(
    const struct stepping *s, const struct intent *intent)
{
	return intent->lookup != NULL && s->r.changed &&
	       strcmp(s->r.caught, intent->lookup->slot) == 0;
}

/* A person, when the rule, the anger or the repetition asks for one. */
static void follow_up(
    struct stepping *s, const struct intent *intent, int before)
{
	bool bot = s->c->holder == HOLDER_BOT;
	if (intent->role == ROLE_CRISIS) {
		hand_off(s, REASON_CRISIS);
	} else if (intent->handoff && bot) {
		hand_off(s, REASON_RULE);
	} else if (intent->role == ROLE_REQUEST && anger_is_enough(s)) {
		hand_off(s, REASON_ANGER);
	} else if (intent->role == ROLE_REQUEST && before + 1 >= AGAIN_OFFER &&
		   bot && !asks_about_another(s, intent)) {
		(void)say_phrase(&s->say, "offer_human", &s->out->reply.text);
		offer_human_in_words(s);
	} else if (form_is_due(s, intent)) {
		form_begin(s, intent);
	}
}

void answer(struct stepping *s, const struct candidate *cand)
{
	const struct intent *intent = cand->intent;
	set_verdict(s, cand, DECISION_ANSWER);
	s->c->misses = 0;
	if (intent->role != ROLE_BOT)
		s->c->n_options = 0; /* asking about the bot is no choice */
	if (intent->role == ROLE_CRISIS)
		s->c->safe_turn = 0;
	int before = note_topic(s->c, intent->name);
	if (intent->role == ROLE_WISH) {
		hand_off(s, REASON_WISH);
		return;
	}
	answer_all(s, cand, before);
	s->c->listening = intent->listens ? LISTEN_TURNS : 0;
	follow_up(s, intent, before);
	add_care(s);
}
