#ifndef HG_RULES_BUILD_H
#define HG_RULES_BUILD_H

#include "rules/declare.h"
#include "rules/expand.h"
#include "rules/filter.h"

/* The ruleset under construction. */
struct building {
	struct arena *a; /* of the ruleset */
	struct diags *diags;
	bool keep_regex;
	bool partial; /* a file is left out: what is missing may be in it */
	struct pattern_list {
		const struct pattern **v;
		size_t n, cap;
	} patterns;                  /* all, by index */
	struct pattern_code **codes; /* to be freed with the ruleset */
	size_t n_codes, cap_codes;
	struct map
	    ready; /* codes of the ruleset before, by pattern_code_note */
	struct filter_builder *filter; /* of the pack being built */
	uint64_t match_hash;           /* of the pack being built */
	uint32_t n_clauses;
	struct vocabulary *vocabulary; /* of the pack being built */
	/* vetoes of the pack by their regular expression, when one is like
	 * another: many intents keep the same words out, and what is compiled,
	 * filtered and matched once serves them all */
	struct map vetoes; /* -> struct pattern, the first */
	bool in_vetoes;
	struct arena scratch;     /* of the pattern being built */
	const struct ruleset *rs; /* its tables are there already */
	const struct source *sources;
	size_t n_sources;
};

/* Compile what was declared for one language; findings go to b->diags. */
void pack_build(
    struct building *b, struct pack *out, const struct pack_decl *decl);

/* Compile a list of patterns (texts or objects). */
struct pattern *build_patterns(struct building *b, const struct decl *list,
    const struct map *concepts, const char *what, size_t *n);

/* All lists together as one. */
struct pattern *build_lists(struct building *b, const struct decl_list *lists,
    const struct map *concepts, const char *what, size_t *n);

/* Values to be caught from messages. */
void build_slots(
    struct building *b, struct pack *out, const struct pack_decl *decl);

/* The shop's facts for one language, its tables, and intents' look-ups. */
void build_shop(
    struct building *b, struct pack *out, const struct pack_decl *decl);
void build_tables(struct building *b, struct ruleset *rs,
    const struct text_file *files, size_t n_files);
/* Report a table that no file declares; decl is where it is named. */
void build_table_known(struct building *b, const struct decl *decl,
    const char *what, const char *table);
void build_lookup(struct building *b, struct intent *out,
    const struct decl *decl, const struct pack *pack, const struct map *slots);

/* When all intents are built: the goods of each parcel, and what they weigh. */
void check_parcels(struct building *b, const struct pack *pack);

void build_needs(struct building *b, struct intent *out,
    const struct decl *decl, const struct pack *pack, const struct map *slots);

/* What was learnt from labelled messages; the pack's intents are there. */
void build_classifier(
    struct building *b, struct pack *out, const struct pack_decl *decl);
/* ...and what was learnt of danger. */
void build_detector(
    struct building *b, struct pack *out, const struct pack_decl *decl);

/* The fitted map of a pack and the thresholds that follow. */
void build_calibration(
    struct building *b, struct pack *out, const struct pack_decl *decl);

/* What a placeholder may name, beside the common ones. */
struct naming {
	const char *allowed;       /* with spaces between */
	const struct map *slots;   /* of the pack */
	const struct pack *pack;   /* for {{shop.key}} */
	const struct table *table; /* for {{row.column}}, or NULL */
	bool row;                  /* {{row.column}} may be used */
};
/* Wordings whose placeholders are checked. */
void build_wordings(struct building *b, struct wordings *out,
    const struct decl *list, const char *what, const struct naming *names);

#endif
