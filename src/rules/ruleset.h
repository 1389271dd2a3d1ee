#ifndef HG_RULES_RULESET_H
#define HG_RULES_RULESET_H

#include "base/rng.h"
#include "base/textfile.h"
#include "model/effect.h"
#include "text/lexicon.h"
#include "json/check.h"

/* A compiled ruleset: all packs of all rule directories.  It never changes;
 * share it with ref and unref.  All pointers in it live as long as it. */

/* Where something stands in a rule file. */
struct place {
	const char *path;
	struct json_pos pos;
};

struct pattern_code; /* compiled regular expression, see pattern.h */

struct pattern {
	const char *source; /* as the author wrote it */
	struct pattern_code *code;
	double weight;  /* 0..1, how sure a match makes */
	uint32_t index; /* of all patterns in the ruleset */
	struct place place;
};

/* A wording, with placeholders. */
struct variant {
	struct str text;
	uint32_t hash; /* remembers that it was said */
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

struct intent {
	const char *name, *title;
	enum role role;
	int priority; /* of two close candidates the higher wins */
	bool handoff; /* answer, and open a ticket */
	struct pattern *patterns, *unless;
	size_t n_patterns, n_unless;
	struct wordings *replies;
	size_t n_replies;
	struct button_text {
		const char *title, *text;
	} * buttons;
	size_t n_buttons;
	const char **examples, **not_examples;
	struct place *example_places, *not_example_places;
	size_t n_examples, n_not_examples;
	struct place place;
};

/* A value to be caught from any message: its pattern has a named group
 * "value". */
struct slot {
	const char *name;
	struct pattern *patterns;
	size_t n_patterns;
};

/* All that is said and understood in one language. */
struct pack {
	const char *lang;
	const char *persona;        /* the bot's name */
	const char *calls_customer; /* "Kak", or "" */
	struct lexicon lexicon;
	struct intent *intents;
	size_t n_intents;
	struct {
		struct pattern *patterns;
		size_t n;
	} moods[MOOD_COUNT];
	struct pattern *negators;
	size_t n_negators;
	struct slot *slots;
	size_t n_slots;
	struct wordings *phrases; /* what the engine says, by key */
	size_t n_phrases;
	double answer_at;  /* confidence from which an answer is given */
	double clarify_at; /* from which it is worth asking */
	double margin;     /* between the best two, for a clear answer */
};

struct ruleset {
	struct pack *packs;
	size_t n_packs;
	uint32_t n_patterns;
	const struct pattern **patterns; /* by index */
	uint64_t hash;                   /* of all files */
	size_t n_files;
	bool jit; /* false: PCRE2 has no JIT here, limits are tighter */
};

/* Compile.  Findings of all files go to d, sorted by file and place.
 * NULL when there is an error among them. */
struct ruleset *ruleset_compile(
    const struct text_file *files, size_t n, struct diags *d);
struct ruleset *ruleset_ref(struct ruleset *rs);
void ruleset_unref(struct ruleset **rs);

/* The pack for a language code; the first pack when there is none. */
const struct pack *ruleset_pack(const struct ruleset *rs, const char *lang);
const struct intent *pack_intent(const struct pack *p, const char *name);
/* Wordings by key, NULL when there are none. */
const struct wordings *pack_phrase(const struct pack *p, const char *key);
const struct wordings *intent_reply(const struct intent *i, const char *key);

/* A hash of the content of rule files, for "did anything change". */
uint64_t rule_files_hash(const struct text_file *files, size_t n);

#endif
