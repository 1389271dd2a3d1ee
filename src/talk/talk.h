#ifndef HG_TALK_TALK_H
#define HG_TALK_TALK_H

#include "base/arena.h"
#include "rules/match.h"

/* One step of a conversation, pure: what to say, remember and hand off. */

enum talk_event_type {
	TALK_MESSAGE,     /* the customer wrote */
	TALK_BOT_RETURNS, /* an agent gave the conversation back */
	TALK_RESOLVED,    /* an agent resolved the ticket */
	TALK_DELAYED,     /* nobody has come yet: a new word about it */
};

struct talk_event {
	enum talk_event_type type;
	struct str text;   /* of TALK_MESSAGE: valid UTF-8 */
	const char *agent; /* of the others: the person's name */
};

/* What a step may look at. */
struct talk_view {
	const struct ruleset *rs;
	struct match_scratch *scratch;
	struct desk_view desk;
	int64_t now_ms;
	struct rng *rng;
	unsigned skip_stages; /* a bit for each that is left out, for tests */
};

/* The name of a stage of the pipeline, in its order; NULL past the last. */
const char *talk_stage_name(size_t i);

/* Advance c by one event; out is all zero before and is cleared by the
 * caller.  Never fails: what cannot be decided becomes a ticket.  Must not be
 * called while an agent holds the conversation (TALK_MESSAGE). */
void talk_step(struct conversation *c, const struct talk_event *event,
    const struct talk_view *view, struct step *out);

/* A person holds the conversation: hear the mood and the values of a message
 * without answering it.  Returns the mood. */
enum mood talk_hear(
    struct conversation *c, struct str text, const struct talk_view *view);

/* Append the words that say, first of all, that a bot speaks.  lang may be "".
 * Returns the persona's name, borrowed from rs. */
const char *talk_disclosure(
    const struct ruleset *rs, const char *lang, struct buf *out);

/* Append a phrase about an agent ("agent_joined", "agent_left"), or of the
 * agent's ("agent_suggestion": the first words, which show that the story was
 * read). */
void talk_notice(const struct ruleset *rs, const struct conversation *c,
    const char *key, const char *agent, struct buf *out);

/* The replies that agents may send as they are, with their placeholders filled
 * for this conversation: the pack's canned ones, then the usual replies of its
 * requests.  name begins with prefix.  text and name live during the call; each
 * returns false to stop. */
void talk_canned(const struct ruleset *rs, const struct conversation *c,
    const char *agent, struct str prefix,
    bool (*each)(void *arg, const char *name, struct str text), void *arg);

/* Append the pack's canned reply of that name, filled in; false: none. */
bool talk_suggest(const struct ruleset *rs, const struct conversation *c,
    const char *agent, const char *name, struct buf *out);

/* The request this conversation is about, or "". */
const char *talk_topic(const struct ruleset *rs, const struct conversation *c);

/* Keep the value of a slot (the oldest one goes when there are too many); both
 * are shorter than their fields.  True when it replaces another value. */
bool talk_know(struct conversation *c, struct str name, struct str value);

/* The state of a conversation as JSON and back.  talk_load fills c and
 * returns 0, or -1 when the text is not such a state. */
void talk_save(const struct conversation *c, struct buf *out);
int talk_load(struct conversation *c, struct str json, struct err *e);

/* What a new conversation takes over from an earlier one of the same customer,
 * who agreed to it: name, language, values, and which wordings were used.
 * Nothing when they did not agree. */
void talk_recall(struct conversation *c, const struct conversation *before);

#endif
