#ifndef HG_RULES_RULESET_H
#define HG_RULES_RULESET_H

#include "base/rng.h"
#include "base/textfile.h"
#include "model/effect.h"
#include "rules/calendar.h"
#include "rules/calibration.h"
#include "rules/detector.h"
#include "rules/table.h"
#include "rules/value.h"
#include "text/lexicon.h"
#include "json/check.h"

/* A compiled ruleset: all packs of all rule directories.  It never changes;
 * share it with ref and unref.  All pointers in it live as long as it. */

/* Where something stands in a rule file. */
struct place {
	const char *path;
	struct json_pos pos;
};

struct filter;       /* see filter.h */
struct pattern_code; /* compiled regular expression, see pattern.h */

enum { NO_INTENT = 0xffffffff, RULE_FILE_BYTES = 4 * 1024 * 1024 };

struct pattern {
	const char *source;        /* as the author wrote it */
	const char *regex, *spelt; /* written out, when compiled for linting */
	struct pattern_code *code;
	double weight;      /* 0..1, how sure a match makes */
	uint32_t index;     /* of all patterns in the ruleset */
	uint32_t owner;     /* the intent it speaks for, or NO_INTENT */
	bool exact_case;    /* looks at the message as it was written */
	bool filtered;      /* has words that a message must hold */
	bool edges;         /* begins and ends at word edges */
	bool captures;      /* of a slot: may well be a bare number */
	const char **after; /* counts only after one of these intents... */
	size_t n_after;
	int within; /* ...was answered at most so many turns ago */
	struct place place;
};
/* Patterns of one kind. */
struct pattern_set {
	struct pattern *patterns;
	size_t n;
};

/* A wording, with placeholders. */
struct variant {
	struct str text;
	uint32_t hash;          /* remembers that it was said */
	int from_hour, to_hour; /* said in these hours alone; -1 in any */
	enum voice voice;       /* to such customers alone; VOICE_ANY to all */
	/* of which rows alone it is said: those that all of these hold for */
	struct row_condition {
		enum row_test {
			ROW_IS,      /* the cell is that text */
			ROW_WITHOUT, /* the cell, a list with "|" between, lacks
				      * the value the message names for a slot
				      */
			ROW_OVER,    /* that value is a larger number */
			ROW_UNDER,   /* or a smaller one */
			ROW_TESTS,
		} test;
		const char *column, *operand; /* the text, or the slot */
	} * rows;
	size_t n_rows;
	bool tells_total; /* holds {{total}} */
	bool no_card;     /* the look-up's card is not shown beside it */
	struct place place;
};
/* Wordings for one case: "default", a mood, "again"... */
struct wordings {
	const char *key;
	struct variant *v;
	size_t n;
};

/* Intents that the engine itself gives a meaning. */
enum role {
	ROLE_REQUEST, /* anything a shop is asked */
	ROLE_SOCIAL,  /* greeting, thanks: never "again", never upset */
	ROLE_CRISIS,
	ROLE_WISH, /* wants a person */
	ROLE_BOT,  /* are you a bot */
};

/* A value that an intent needs before a person can act on it. */
struct need {
	const char *slot;
	struct wordings ask, why, retry; /* each may be empty */
	bool optional; /* never asked for; once known, "ready" is said */
};

/* What a customer says to the bot's own questions. */
enum signal {
	SIGNAL_YES,
	SIGNAL_NO,
	SIGNAL_FIRST,
	SIGNAL_SECOND,
	SIGNAL_CANCEL,
	SIGNAL_WAIT,
	SIGNAL_WHY,
	SIGNAL_REFUSE,
	SIGNAL_CORRECT,
	SIGNAL_FORGET,
	SIGNAL_MORE,   /* "and then?" */
	SIGNAL_PHOTO,  /* says there is one */
	SIGNAL_FORMAL, /* speaks formally */
	SIGNAL_CASUAL,
	SIGNAL_OTHER,   /* "the other one" */
	SIGNAL_BOTH,    /* of two */
	SIGNAL_ANOTHER, /* another order than the one spoken of */
	SIGNAL_SAME,    /* "it": what was spoken of just now */
	SIGNAL_SAFE,    /* nobody is in danger; it was a joke */
};
enum { SIGNAL_COUNT = SIGNAL_SAFE + 1 };
const char *signal_name(enum signal s);

/* What goods cost with their shipping, when a message names both. */
struct parcel {
	const char *goods;     /* the intent that looks up what they cost */
	const char *grams;     /* column of its table: what each weighs */
	const char *free_from; /* own column: from which sum on it is free */
	struct wordings say, free;
};

/* A row of a table that answers, found by the value of a slot. */
struct lookup {
	const char *table, *slot;
	struct wordings found, missing;
	struct wordings each; /* one of several rows in one reply; or empty */
	struct wordings sum;  /* what several cost together; or empty */
	/* {{total}}: the price in this column times the number in this slot,
	 * how many are wanted; NULL */
	const char *total_column, *total_slot;
	struct parcel *parcel; /* or NULL */
	/* columns of what a page shows as a card; NULL: none, or no card */
	const char *card[CARD_FIELD_COUNT];
	struct place place;
};

struct intent {
	const char *name, *title;
	enum role role;
	int class_no; /* in the pack's classifier, -1: it does not know it */
	int priority; /* of two close candidates the higher wins */
	bool handoff; /* answer, and open a ticket */
	bool listens; /* the bot listens for some turns, and sells nothing */
	bool enquiry; /* stands by itself, often asked with others in one breath
		       */
	struct pattern *patterns, *unless;
	size_t n_patterns, n_unless;
	struct wordings *replies;
	size_t n_replies;
	struct button_text {
		const char *title, *text;
	} * buttons;
	size_t n_buttons;
	struct lookup *lookup; /* or NULL */
	struct need *needs;    /* asked one after the other */
	size_t n_needs;
	const char **examples, **not_examples;
	struct place *example_places, *not_example_places;
	size_t n_examples, n_not_examples;
	struct place place;
};

/* A value to be caught from any message: its pattern has a named group
 * "value". */
struct slot {
	const char *name, *title; /* what a customer calls it */
	struct pattern *patterns;
	size_t n_patterns;
	struct pattern_set bare;   /* only as the answer to its question */
	struct pattern_set unless; /* with one of these, no value is meant */
	const char *from;     /* table whose keys are its values, or NULL */
	const char *reads_as; /* words that mean as much, or NULL: "my order" */
	/* behind these a row is meant only if no other is named: "from" */
	const char **not_after;
	size_t n_not_after;
	/* beside these the name of a row is that of another thing: "kids" */
	const char **other_with;
	size_t n_other_with;
	enum value_form form;
	struct value_words words;
	bool identifies; /* names a case, such as an order, even on its own */
	bool detail;  /* says more of what is asked; no message is about it */
	bool contact; /* a way to reach the customer */
};

/* All that is said and understood in one language. */
struct pack {
	const char *lang;
	const char *persona;        /* the bot's name */
	const char *calls_customer; /* "Kak", or "" */
	struct lexicon lexicon;
	struct place lexicon_place; /* of the newest entries */
	struct intent *intents;
	size_t n_intents;
	struct pattern_set moods[MOOD_COUNT];
	struct pattern_set negators; /* take a mood back */
	struct pattern_set refusals; /* take an intent back */
	struct pattern_set joins;    /* stand between two requests */
	struct pattern_set harmless; /* say nothing of danger */
	struct pattern_set signals[SIGNAL_COUNT];
	const struct filter *filter; /* over all patterns above and below */
	struct slot *slots;
	size_t n_slots;
	struct wordings *phrases; /* what the engine says, by key */
	size_t n_phrases;
	struct wordings *canned; /* for agents, by name */
	size_t n_canned;
	struct calendar calendar;
	struct fact {
		const char *key, *text;
	} * shop; /* what replies call {{shop.key}} */
	size_t n_shop;
	struct classifier *classifier; /* or NULL: patterns alone */
	struct place classifier_place;
	struct detector *detector; /* or NULL: the classifier hears danger */
	const struct intent *detected; /* what it detects; NULL without one */
	struct place detector_place;
	struct calibration *calibration; /* or NULL: score is confidence */
	struct place calibration_place;
	struct unused_concept {
		const char *name;
		struct place place;
	} * unused;
	size_t n_unused;
	uint64_t match_hash;   /* of all that matching depends on */
	double accepted_error; /* wrong among answered */
	double answer_at;      /* confidence from which an answer is given */
	double clarify_at;     /* from which it is worth asking */
	double margin; /* between the best two scores, for a clear answer */
};

struct ruleset {
	struct pack *packs;
	size_t n_packs;
	uint32_t n_patterns, n_clauses;
	const struct pattern **patterns; /* by index */
	struct table *tables;
	size_t n_tables;
	uint64_t hash; /* of all files */
	size_t n_files;
	bool jit; /* false: PCRE2 has no JIT here, limits are tighter */
};

/* For linting, patterns keep their regular expressions. */
enum ruleset_use { RULESET_RUN, RULESET_LINT };

/* Compile.  Findings of all files go to d, sorted by file and place.
 * NULL when there is an error among them. */
struct ruleset *ruleset_compile(const struct text_file *files, size_t n,
    enum ruleset_use use, struct diags *d);
/* The same, to run, after an edit: regular expressions that old has are not
 * compiled again but shared, which saves a third of the time. */
struct ruleset *ruleset_compile_edited(const struct text_file *files, size_t n,
    const struct ruleset *old, struct diags *d);
struct ruleset *ruleset_ref(struct ruleset *rs);
void ruleset_unref(struct ruleset **rs);

/* The pack for a language code; the first pack when there is none. */
const struct pack *ruleset_pack(const struct ruleset *rs, const char *lang);
const struct intent *pack_intent(const struct pack *p, const char *name);
/* The first intent of that role; NULL when there is none. */
const struct intent *pack_role(const struct pack *p, enum role role);
const struct slot *pack_slot(const struct pack *p, const char *name);
/* The table of that name, NULL when the shop has none. */
const struct table *ruleset_table(const struct ruleset *rs, const char *name);
/* A fact of the shop by its key, or NULL. */
const char *pack_fact(const struct pack *p, struct str key);
/* Wordings by key, NULL when there are none. */
const struct wordings *pack_phrase(const struct pack *p, const char *key);
const struct wordings *intent_reply(const struct intent *i, const char *key);

/* Do both stand in files of one folder? */
bool place_is_beside(const struct place *a, const struct place *b);

/* A hash of the content of rule files, for "did anything change". */
uint64_t rule_files_hash(const struct text_file *files, size_t n);

#endif
