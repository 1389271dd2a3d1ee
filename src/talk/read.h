#ifndef HG_TALK_READ_H
#define HG_TALK_READ_H

#include "talk/why.h"

/* Read a message: its language, normal form, mood, slots and candidates.
 * Slots found are kept in c.  What r points to lives in a. */
void read_message(struct conversation *c, struct str text,
    const struct talk_view *view, struct arena *a, struct reading *r);

/* *r becomes a copy of *from. */
void reading_take(struct reading *r, const struct reading *from);

/* catch.c: values in the message, kept in c; a bare one counts for the question
 * that waits.  Of two rows the one that more words name is spoken of: "celana
 * chino", not "china". */
void catch_slots(
    struct conversation *c, const struct talk_view *view, struct reading *r);
/* "Another order": the one spoken of so far is not meant. */
void set_case_aside(struct conversation *c, const struct pack *pack);
/* Does the slot name what the shop sells? */
bool names_goods(const struct pack *pack, const struct slot *slot);
/* The message without the name of what the shop sells; false when it names
 * nothing. */
bool leave_out_goods(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct norm *rest);
/* The same without what the pack calls harmless too; false when it has none of
 * that. */
bool leave_out_harmless(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct norm *rest);
/* Mark the words of norm, in marks, that matches of the patterns cover. */
void mark_words(struct match_scratch *scratch, const struct pattern_set *set,
    const struct norm *norm, unsigned char *marks);

/* *text becomes the message with "my order" in place of the number of one, in
 * a: "TH-48213 when does it ship", and value that number, as kept in the slot
 * whose name is returned.  NULL when it names none, or nothing else. */
const char *name_case(const struct talk_view *view, const struct reading *r,
    struct arena *a, struct str *text, char *value, size_t size);

/* The first candidate with that role to which patterns alone give at least the
 * score `matched`, and the classifier, where it was asked, at least `share`; or
 * NULL. */
const struct candidate *reading_find(
    const struct reading *r, enum role role, double matched, double share);

/* Has the bot just offered a person? */
bool offer_stands(const struct conversation *c);

/* Does the intent need this slot, or look its value up? */
bool intent_wants(const struct intent *intent, const char *slot);
/* Does it show a card of what is looked up by this slot? */
bool intent_shows(const struct intent *intent, const char *slot);
/* The first of the pack that does, or NULL. */
const struct intent *intent_showing(const struct pack *pack, const char *slot);
/* The request talked about just now, first of all one that wants the slot just
 * caught; or NULL. */
const struct intent *reading_topic(
    const struct conversation *c, const struct reading *r);
/* The intent of the pack that listens, or NULL. */
const struct intent *reading_listener(const struct reading *r);

#endif
