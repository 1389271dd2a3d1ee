#ifndef HG_TALK_INNER_H
#define HG_TALK_INNER_H

#include "talk/read.h"
#include "talk/say.h"

/* What the stages of the pipeline share: one message on its way. */
struct stepping {
	struct conversation *c;
	const struct talk_view *view;
	struct str text; /* as the customer wrote it */
	struct reading r;
	struct saying say;
	struct step *out;
};

/* A stage: true when it has decided and said what there is to say. */
bool stage_crisis(struct stepping *s);
bool stage_wish(struct stepping *s);
bool stage_worry(struct stepping *s);
bool stage_all_clear(struct stepping *s);
bool stage_stay(struct stepping *s);
bool stage_check(struct stepping *s);
bool stage_checked(struct stepping *s);
bool stage_doubt(struct stepping *s);
bool stage_identity(struct stepping *s);
bool stage_form(struct stepping *s);
bool stage_withdraw(struct stepping *s);
bool stage_option(struct stepping *s);
bool stage_other(struct stepping *s);
bool stage_offer(struct stepping *s);
bool stage_correction(struct stepping *s);
bool stage_cases(struct stepping *s);
bool stage_intent(struct stepping *s);
bool stage_more(struct stepping *s);
bool stage_photo(struct stepping *s);
bool stage_words(struct stepping *s);
bool stage_listening(struct stepping *s);
bool stage_clarify(struct stepping *s);
bool stage_value(struct stepping *s);
bool stage_product(struct stepping *s);
bool stage_several(struct stepping *s);
bool stage_unsure(struct stepping *s);

/* answer.c: wordings of an intent and what follows from them. */
void set_verdict(
    struct stepping *s, const struct candidate *c, enum decision decision);
/* The verdict on an intent that is certain, such as one that was chosen. */
struct candidate certain(const struct intent *intent);
void answer(struct stepping *s, const struct candidate *c);
/* The words for an intent, the first of these that there are: after danger what
 * it says then, and no small talk, as to who was listened to, but that somebody
 * stays; a row of a table; what is remembered, for an intent that tells it;
 * that all it needs is known; another explanation for a question asked before;
 * for a closed shop; for the mood; the usual ones after an opener.  `before`:
 * how often it was answered before, lately. */
void say_reply(struct stepping *s, const struct intent *intent, int before);
void add_intent_buttons(struct stepping *s, const struct intent *intent);
/* Count that an intent was answered; returns how often before, lately. */
int note_topic(struct conversation *c, const char *name);
/* The request answered by the message before, when this one is a few words that
 * may go on with it; or NULL. */
const struct intent *goes_on_about(const struct stepping *s);
void hand_off(struct stepping *s, enum reason reason);
void add_button(struct stepping *s, struct str title, struct str text);
/* The button that calls a person; and the same beside words that offer one, so
 * that a "yes" next means it. */
void offer_human(struct stepping *s);
void offer_human_in_words(struct stepping *s);
/* Was there a crisis in this conversation, and is it not over?  Then joy is out
 * of place. */
bool was_in_danger(const struct conversation *c);
bool is_social(const struct candidate *c);
bool anger_is_enough(const struct stepping *s);
bool is_furious(const struct stepping *s);

/* Did the customer say yes, no...?  Yes and no count in short messages. */
bool heard(const struct stepping *s, enum signal signal);

/* value.c: nothing but the name of a product, or hardly more and no request? */
bool is_bare_name(const struct stepping *s, const struct candidate *top);

/* value.c: is it the intent that answers "hello"? */
bool is_greeting(const struct intent *intent);

/* value.c: "hello, the hoodie?": a greeting that explains half of a short
 * message at most, beside the name of goods? */
bool greets_about_goods(const struct stepping *s);

/* elsewhere.c: *there becomes the message as its stretch in another language
 * has it, for looking only; false when there is none.  To decide by what was
 * found there, and answer in that language, go. */
bool look_elsewhere(const struct stepping *s, struct stepping *there);
void go_elsewhere(struct stepping *s, const struct stepping *there);

/* several.c: note what the parts of the message ask beside the best candidate,
 * or by themselves when it would not be answered; and forget that, and a second
 * request, where only what was decided on is answered. */
void hear_several(struct stepping *s);
void forget_further(struct reading *r);
/* Does it surely ask something of each of several cases?  See stage_cases. */
bool asks_of_cases(const struct stepping *s);
/* Say what is decided on, and what else the message asks, in its order; but
 * feelings are named first. */
void answer_all(struct stepping *s, const struct candidate *c, int before);

/* choose.c: remember that it was asked which of two intents is meant, or, when
 * b is NULL, whether it is a, with a button for each and one for neither. */
void ask_which(
    struct stepping *s, const struct intent *a, const struct intent *b);

/* choose.c: is this a value for the request before, and hardly a word more? */
bool gives_another_value(const struct stepping *s);

/* danger.c: does somebody who waits for a person, not because of danger, say in
 * a few words that nobody need come? */
bool calls_off(const struct stepping *s);

/* danger.c: beside an answer, when it may be that more is the matter than what
 * was asked: that it may be told, and who else there is. */
void add_care(struct stepping *s);

/* danger.c: may a person be called to look at what may be danger?  Not while
 * the bot listens, to sadness that sounds like it, nor for a short answer. */
bool may_worry(const struct stepping *s);
/* A person looks at it, and the numbers are named. */
void worry(struct stepping *s);
/* What is worth the question whether somebody is in danger; after it; and where
 * the bot would only ask back. */
bool danger_is_possible(const struct stepping *s);
bool danger_is_possible_again(const struct stepping *s);
bool danger_is_thinkable(const struct stepping *s);
/* Does it hold of what is read in the conversation's language, or of a stretch
 * in another? */
bool danger_holds_anywhere(
    struct stepping *s, bool (*holds)(const struct stepping *));
/* step.c: has the message just named a row that the intent, a request or one
 * that listens, looks up? */
bool names_row_of(const struct stepping *s, const struct intent *intent);
/* Does a pattern speak for the best candidate, and would it be answered? */
bool is_answerable(const struct stepping *s);

/* check.c: has the bot just asked whether somebody is in danger? */
bool asked_after_danger(const struct conversation *c);

/* choose.c: the option that was chosen: by its title, its number, or in words;
 * or NULL.  Was it none of them? */
const struct intent *chosen_option(struct stepping *s);
bool says_neither(struct stepping *s);

/* danger.c: is only stage_crisis, which is past, to answer it? */
bool is_left_to_danger(const struct candidate *c);

/* form.c: after an intent was answered, is there something to ask for or to
 * hand over, and nothing looked up instead?  Then ask for what it needs, or
 * hand over when all is known; before a later reply ends, come back to the
 * question. */
bool form_is_due(const struct stepping *s, const struct intent *intent);
void form_begin(struct stepping *s, const struct intent *intent);
void form_resume(struct stepping *s);
void form_end(struct conversation *c);

/* lookup.c: may the intent's look-up find something: is the table there?  True
 * of an intent without one. */
bool may_look_up(const struct stepping *s, const struct intent *intent);
/* Has it had a value to look up, and a table? */
bool has_looked_up(const struct stepping *s, const struct intent *intent);

#endif
