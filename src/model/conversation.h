#ifndef HG_MODEL_CONVERSATION_H
#define HG_MODEL_CONVERSATION_H

#include "base/str.h"
#include "model/limits.h"
#include "model/mood.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	TALK_MOODS = 8,      /* moods remembered, newest last */
	TALK_TOPICS = 16,    /* intents answered, for "again" */
	TALK_VARIANTS = 128, /* wordings used, oldest forgotten first */
	TALK_SLOTS = 12,
	TALK_OPTIONS = 3, /* intents offered by a clarification */
	INTENT_NAME_BYTES = 48,
};

/* Who speaks for the shop. */
enum voice { VOICE_ANY, VOICE_FORMAL, VOICE_CASUAL };

enum holder { HOLDER_BOT, HOLDER_WAITING, HOLDER_AGENT };

struct mood_turn {
	int turn;
	enum mood mood;
	double strength;
};
struct topic_turn {
	char intent[INTENT_NAME_BYTES];
	int times, last_turn;
};
struct slot_value {
	char name[INTENT_NAME_BYTES];
	char value[LIMIT_SLOT_BYTES];
	int turn; /* when it was last said */
};

/* A question that waits for a value; intent "" when none does. */
struct form_state {
	char intent[INTENT_NAME_BYTES];
	char slot[INTENT_NAME_BYTES];
	int retries; /* answers without the value */
	int turn;    /* when it was opened */
};

/* What talk remembers of one customer's thread: a plain value, copied and
 * stored whole.  Strings are NUL-terminated. */
struct conversation {
	char lang[LIMIT_LANG_BYTES]; /* "" before the first message */
	char name[LIMIT_NAME_BYTES]; /* what the customer is called, or "" */
	enum voice voice; /* how the customer speaks; VOICE_ANY not known */
	enum holder holder;
	int turn;         /* messages from the customer */
	int misses;       /* turns in a row that were not understood */
	int empathy_turn; /* when feelings were last named; 0 never */
	int care_turn;  /* when it was last said that more may be told, or 0 */
	int check_turn; /* when it was last asked whether they are safe, or 0 */
	int safe_turn;  /* when they said they are, if no danger since; or 0 */
	int angry_turns; /* angry messages in a row */
	struct mood_turn moods[TALK_MOODS];
	int n_moods;
	struct topic_turn topics[TALK_TOPICS];
	int n_topics;
	uint32_t variants[TALK_VARIANTS]; /* hashes of wordings */
	int n_variants;
	struct slot_value slots[TALK_SLOTS];
	int n_slots;
	struct slot_value other; /* a value that another took the place of */
	/* of two intents to choose from the one not chosen, and when; or "" */
	char other_option[INTENT_NAME_BYTES];
	int other_turn;
	char options[TALK_OPTIONS][INTENT_NAME_BYTES]; /* asked to choose */
	int n_options;
	struct form_state form;
	/* when a person was last offered; 0 never, negative: with a button only
	 */
	int offer_turn;
	char last_agent[LIMIT_NAME_BYTES]; /* who knows the customer, or "" */
	int contact_turn; /* when a way to reach them was asked for; 0 never */
	bool remembers;   /* agreed to be remembered at the next visit */
	int listening;    /* turns left in which the bot mostly listens */
};

/* The slot of that name, or NULL when it never had a value. */
const struct slot_value *conversation_slot(
    const struct conversation *c, struct str name);
/* Its value, borrowed from c, or NULL. */
const char *conversation_value(const struct conversation *c, struct str name);
/* The same, if the message of this turn named it. */
const char *conversation_named_now(
    const struct conversation *c, struct str name);

#endif
