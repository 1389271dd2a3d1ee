/* Forms: one question at a time for what an intent needs, forgiving: a value
 * may come in any message, side questions are answered in between, and there is
 * always a way out. */
#include "base/mem.h"
#include "talk/inner.h"

enum {
	RETRIES = 2,    /* answers without the value: then a person */
	FORM_TURNS = 8, /* a form that goes on longer is let go */
};

static const struct intent *form_intent(const struct stepping *s)
{
	return s->c->form.intent[0] != '\0'
		   ? pack_intent(s->r.pack, s->c->form.intent)
		   : NULL;
}

void form_end(struct conversation *c)
{
	c->form = (struct form_state){ .retries = 0 };
}

static const struct need *next_need(
    const struct stepping *s, const struct intent *intent)
{
	for (size_t i = 0; i < intent->n_needs; i++)
		if (!intent->needs[i].optional &&
		    current_value(&s->say, intent->needs[i].slot) == NULL)
			return &intent->needs[i];
	return NULL;
}

static const struct need *open_need(const struct stepping *s)
{
	const struct intent *intent = form_intent(s);
	for (size_t i = 0; intent != NULL && i < intent->n_needs; i++)
		if (strcmp(intent->needs[i].slot, s->c->form.slot) == 0)
			return &intent->needs[i];
	return NULL;
}

/* The need's own words, or the pack's. */
static void say_need(
    struct stepping *s, const struct wordings *own, const char *phrase)
{
	struct buf *text = &s->out->reply.text;
	if (!say_one(&s->say, own, text))
		(void)say_phrase(&s->say, phrase, text);
}

static void open_form(
    struct stepping *s, const struct intent *intent, const struct need *need)
{
	struct form_state *f = &s->c->form;
	*f = (struct form_state){ .turn = s->c->turn };
	FIELD_SET(f->intent, intent->name, strlen(intent->name));
	FIELD_SET(f->slot, need->slot, strlen(need->slot));
}

bool form_is_due(const struct stepping *s, const struct intent *intent)
{
	size_t asked = 0;
	for (size_t i = 0; i < intent->n_needs; i++)
		asked += !intent->needs[i].optional;
	return asked > 0 && !has_looked_up(s, intent);
}

void form_begin(struct stepping *s, const struct intent *intent)
{
	const struct need *need = next_need(s, intent);
	if (s->c->holder != HOLDER_BOT || !may_look_up(s, intent))
		return; /* somebody will ask, or nothing could be found */
	if (need == NULL) {
		hand_off(s, REASON_RULE);
		return;
	}
	/* without words of its own the reply has asked already */
	(void)say_one(&s->say, &need->ask, &s->out->reply.text);
	open_form(s, intent, need);
}

void form_resume(struct stepping *s)
{
	const struct need *need = open_need(s);
	if (need != NULL && s->c->form.turn != s->c->turn)
		say_need(s, &need->ask, "form_resume");
}

/* The value has come: the next question, or a person with all of it. */
static void take_value(struct stepping *s, const struct intent *intent)
{
	struct candidate c = certain(intent);
	struct buf *text = &s->out->reply.text;
	set_verdict(s, &c, DECISION_ANSWER);
	s->c->misses = 0;
	if (say_lookup(&s->say, intent, text)) {
		form_end(s->c);
		return;
	}
	s->say.value = conversation_value(s->c, str_of(s->c->form.slot));
	const struct need *need = next_need(s, intent);
	(void)say_phrase(
	    &s->say, heard(s, SIGNAL_CORRECT) ? "corrected" : "noted", text);
	if (need == NULL) {
		hand_off(s, REASON_RULE);
		return;
	}
	say_need(s, &need->ask, "form_ask");
	open_form(s, intent, need);
}

/* Something else than the value, about the form itself.  Calling it off is a
 * few words; in a longer message they may well be about the order. */
static bool about_the_form(struct stepping *s, const struct need *need)
{
	enum { FEW_WORDS = 4 };
	struct buf *text = &s->out->reply.text;
	bool few = s->r.norm.n_words <= FEW_WORDS;
	if (heard(s, SIGNAL_PHOTO)) {
		(void)say_phrase(&s->say, "photo", text);
		offer_human_in_words(s);
	} else if (heard(s, SIGNAL_WAIT)) {
		(void)say_phrase(&s->say, "form_wait", text);
	} else if (heard(s, SIGNAL_WHY)) {
		say_need(s, &need->why, "form_why");
	} else if (heard(s, SIGNAL_REFUSE)) {
		(void)say_phrase(&s->say, "form_refused", text);
		offer_human_in_words(s);
		form_end(s->c);
	} else if (few && heard(s, SIGNAL_CANCEL)) {
		(void)say_phrase(&s->say, "form_cancelled", text);
		form_end(s->c);
	} else {
		return false;
	}
	return text->n > 0;
}

/* Is it another question or remark, to be answered before the form goes on? */
static bool is_aside(const struct stepping *s, const struct intent *intent)
{
	const struct candidate *top = s->r.n > 0 ? s->r.candidates : NULL;
	return top != NULL && top->intent != intent &&
	       top->confidence >= s->r.pack->answer_at;
}

static void ask_again(struct stepping *s, const struct need *need)
{
	struct form_state *f = &s->c->form;
	if (is_furious(s) || anger_is_enough(s)) {
		hand_off(s, REASON_ANGER); /* and nothing is asked twice */
		return;
	}
	if (f->retries++ < RETRIES) {
		say_need(s, &need->retry, "form_retry");
		offer_human_in_words(s);
		return;
	}
	hand_off(s, REASON_FORM);
}

bool stage_form(struct stepping *s)
{
	const struct intent *intent = form_intent(s);
	const struct need *need = open_need(s);
	if (need == NULL) {
		form_end(s->c);
		return false;
	}
	if (current_value(&s->say, need->slot) != NULL) {
		take_value(s, intent);
		return true;
	}
	if (s->c->turn - s->c->form.turn > FORM_TURNS) {
		form_end(s->c);
		return false;
	}
	struct candidate c = certain(intent);
	bool same = s->r.n > 0 && s->r.candidates[0].intent == intent &&
		    s->r.candidates[0].confidence >= s->r.pack->answer_at;
	bool aside = is_aside(s, intent);
	if (aside && is_social(s->r.candidates)) {
		form_end(s->c); /* thanks, goodbye: no nagging */
		return false;
	}
	if (about_the_form(s, need)) {
		set_verdict(s, &c, DECISION_ANSWER);
		return true;
	}
	if (aside)
		return false;
	if (same)
		return false; /* asked again: another explanation */
	set_verdict(s, &c, DECISION_ANSWER);
	ask_again(s, need);
	return true;
}
