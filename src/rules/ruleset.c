/* The compiled ruleset: from files to packs, sharing and looking up. */
#include "rules/ruleset.h"
#include "base/mem.h"
#include "rules/build.h"
#include "rules/pattern.h"
#include "rules/schema.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { RULE_DEPTH = 8, MAX_PACKS = 16 };

struct shared_ruleset {
	struct ruleset rs; /* first: a ruleset is one of these */
	atomic_int refs;
	struct arena arena;
	struct pattern_code **codes;
	size_t n_codes;
};

struct ruleset *ruleset_ref(struct ruleset *rs)
{
	atomic_fetch_add(&((struct shared_ruleset *)rs)->refs, 1);
	return rs;
}

void ruleset_unref(struct ruleset **rsp)
{
	struct shared_ruleset *s = (struct shared_ruleset *)*rsp;
	*rsp = NULL;
	if (s == NULL || atomic_fetch_sub(&s->refs, 1) != 1)
		return;
	for (size_t i = 0; i < s->rs.n_packs; i++) {
		lexicon_clear(&s->rs.packs[i].lexicon);
		if (s->rs.packs[i].classifier != NULL)
			map_clear(&s->rs.packs[i].classifier->pieces);
		if (s->rs.packs[i].detector != NULL)
			map_clear(&s->rs.packs[i].detector->pieces);
	}
	for (size_t i = 0; i < s->rs.n_tables; i++)
		table_clear(&s->rs.tables[i]);
	for (size_t i = 0; i < s->n_codes; i++)
		pattern_code_unref(s->codes[i]);
	free(s->codes);
	free(s->rs.patterns);
	arena_clear(&s->arena);
	free(s);
}

const struct pack *ruleset_pack(const struct ruleset *rs, const char *lang)
{
	for (size_t i = 0; i < rs->n_packs; i++)
		if (strcmp(rs->packs[i].lang, lang) == 0)
			return &rs->packs[i];
	return &rs->packs[0];
}

const struct intent *pack_intent(const struct pack *p, const char *name)
{
	for (size_t i = 0; i < p->n_intents; i++)
		if (strcmp(p->intents[i].name, name) == 0)
			return &p->intents[i];
	return NULL;
}

const struct intent *pack_role(const struct pack *p, enum role role)
{
	for (size_t i = 0; i < p->n_intents; i++)
		if (p->intents[i].role == role)
			return &p->intents[i];
	return NULL;
}

const char *signal_name(enum signal s)
{
	static const char *const names[SIGNAL_COUNT] = { [SIGNAL_YES] = "yes",
		[SIGNAL_NO] = "no",
		[SIGNAL_FIRST] = "first",
		[SIGNAL_SECOND] = "second",
		[SIGNAL_CANCEL] = "cancel",
		[SIGNAL_WAIT] = "wait",
		[SIGNAL_WHY] = "why",
		[SIGNAL_REFUSE] = "refuse",
		[SIGNAL_CORRECT] = "correct",
		[SIGNAL_FORGET] = "forget",
		[SIGNAL_MORE] = "more",
		[SIGNAL_PHOTO] = "photo",
		[SIGNAL_FORMAL] = "formal",
		[SIGNAL_CASUAL] = "casual",
		[SIGNAL_OTHER] = "other",
		[SIGNAL_BOTH] = "both",
		[SIGNAL_ANOTHER] = "another",
		[SIGNAL_SAME] = "same",
		[SIGNAL_SAFE] = "safe" };
	return names[s];
}

const struct slot *pack_slot(const struct pack *p, const char *name)
{
	for (size_t i = 0; i < p->n_slots; i++)
		if (strcmp(p->slots[i].name, name) == 0)
			return &p->slots[i];
	return NULL;
}

const struct table *ruleset_table(const struct ruleset *rs, const char *name)
{
	for (size_t i = 0; i < rs->n_tables; i++)
		if (strcmp(rs->tables[i].name, name) == 0)
			return &rs->tables[i];
	return NULL;
}

const char *pack_fact(const struct pack *p, struct str key)
{
	for (size_t i = 0; i < p->n_shop; i++)
		if (str_is(key, p->shop[i].key))
			return p->shop[i].text;
	return NULL;
}

bool place_is_beside(const struct place *a, const struct place *b)
{
	const char *end = strrchr(b->path, '/');
	size_t n = end != NULL ? (size_t)(end - b->path) + 1 : 0;
	return strncmp(a->path, b->path, n) == 0 &&
	       strchr(a->path + n, '/') == NULL;
}

static const struct wordings *find_wordings(
    const struct wordings *v, size_t n, const char *key)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].key, key) == 0)
			return &v[i];
	return NULL;
}

const struct wordings *pack_phrase(const struct pack *p, const char *key)
{
	return find_wordings(p->phrases, p->n_phrases, key);
}

const struct wordings *intent_reply(const struct intent *i, const char *key)
{
	return find_wordings(i->replies, i->n_replies, key);
}

uint64_t rule_files_hash(const struct text_file *files, size_t n)
{
	uint64_t h = n;
	for (size_t i = 0; i < n; i++) {
		h = hash_bytes(h, files[i].path, strlen(files[i].path));
		h = hash_bytes(h, files[i].text.p, files[i].text.n);
	}
	return h;
}

static bool parse_source(struct source *s, const struct text_file *file,
    struct arena *a, struct diags *d)
{
	s->file = file;
	s->path = arena_strdup(a, str_of(file->path));
	struct json_pos at = { 1, 1 };
	if (file->text.n > RULE_FILE_BYTES) {
		diags_add(d, DIAG_ERROR, s->path, at,
		    "is larger than %d bytes; split it into several files of "
		    "the same folder",
		    RULE_FILE_BYTES);
		return false;
	}
	struct err e = ERR_NONE;
	s->json = json_parse(file->text, RULE_DEPTH, &at, &e);
	if (s->json == NULL) {
		diags_add(d, DIAG_ERROR, s->path, at, "%s", e.text);
		return false;
	}
	struct checked_file f = { s->path, file->text, d };
	s->places = json_places_new(file->text, s->json);
	return schema_check(&f, s->json);
}

/* The languages declared by sources, in order of appearance, the one that a
 * file calls "default" first. */
static size_t list_languages(
    const struct source *sources, size_t n, const char **langs)
{
	size_t count = 0;
	for (size_t i = 0; i < n; i++) {
		const char *lang = json_string_value(
		    json_object_get(sources[i].json, "language"));
		size_t j = 0;
		while (j < count && strcmp(langs[j], lang) != 0)
			j++;
		if (j == count && count < MAX_PACKS && strcmp(lang, "any") != 0)
			langs[count++] = lang;
		if (j < count &&
		    json_is_true(json_object_get(sources[i].json, "default"))) {
			langs[j] = langs[0];
			langs[0] = lang;
		}
	}
	return count;
}

static void list_codes(struct map *out, const struct ruleset *rs)
{
	const struct shared_ruleset *s = (const struct shared_ruleset *)rs;
	for (size_t i = 0; i < s->n_codes; i++)
		pattern_code_note(out, s->codes[i]);
}

/* What every pack needs, said once at the pack's first file. */
static void check_complete(const struct pack *p, const struct source *sources,
    size_t n, struct diags *d)
{
	size_t i = 0;
	while (i + 1 < n && strcmp(json_string_value(json_object_get(
				       sources[i].json, "language")),
				p->lang) != 0)
		i++;
	struct json_pos top = { 1, 1 };
	for (size_t k = 0; k < n_phrase_kinds; k++)
		if (phrase_kinds[k].required &&
		    pack_phrase(p, phrase_kinds[k].key) == NULL)
			diags_add(d, DIAG_ERROR, sources[i].path, top,
			    "language \"%s\": phrase \"%s\" is missing; add "
			    "it to \"phrases\"",
			    p->lang, phrase_kinds[k].key);
	static const char *const needed[] = { "crisis", "contact_human_agent",
		"bot_identity" };
	for (size_t k = 0; k < HG_COUNT(needed); k++)
		if (pack_intent(p, needed[k]) == NULL)
			diags_add(d, DIAG_ERROR, sources[i].path, top,
			    "language \"%s\": intent \"%s\" is missing; no "
			    "pack may be without it",
			    p->lang, needed[k]);
}

/* Concepts of this language's own files that no pattern names. */
static void list_unused(
    struct arena *a, struct pack *out, const struct pack_decl *decl)
{
	struct map_entry *entry;
	out->unused = arena_alloc(a, decl->places.n * sizeof(*out->unused));
	for (size_t at = 0; (entry = map_next(&decl->places, &at)) != NULL;) {
		const struct decl *where = entry->value;
		static const char head[] = "concept \"";
		json_t *lang = json_object_get(where->src->json, "language");
		if (!str_starts(entry->key, str_of(head)) ||
		    strcmp(json_string_value(lang), decl->lang) != 0)
			continue;
		struct str name = { entry->key.p + sizeof(head) - 1,
			entry->key.n - sizeof(head) };
		const struct concept *c = map_get(&decl->concepts, name);
		if (c != NULL && !c->used)
			out->unused[out->n_unused++] =
			    (struct unused_concept){ arena_strdup(a, name),
				    { where->src->path,
					decl_pos(where->src, where->value) } };
	}
}

/* What another language knows is no typing mistake. */
static void know_others(struct arena *a, struct ruleset *rs, size_t own)
{
	struct lexicon *l = &rs->packs[own].lexicon;
	l->others = arena_alloc(a, rs->n_packs * sizeof(*l->others));
	for (size_t i = 0; i < rs->n_packs; i++)
		if (i != own)
			l->others[l->n_others++] = &rs->packs[i].lexicon;
}

static void build_packs(struct building *b, struct ruleset *rs,
    const struct source *sources, size_t n)
{
	const char *langs[MAX_PACKS];
	size_t count = list_languages(sources, n, langs);
	rs->packs = arena_alloc(b->a, MAX_PACKS * sizeof(*rs->packs));
	struct arena scratch = { 0 };
	for (size_t i = 0; i < count; i++) {
		struct pack_decl decl;
		pack_declare(&decl, langs[i], sources, n, &scratch, b->diags);
		pack_build(b, &rs->packs[rs->n_packs++], &decl);
		if (!b->partial) {
			check_complete(&rs->packs[i], sources, n, b->diags);
			list_unused(b->a, &rs->packs[i], &decl);
		}
		pack_decl_clear(&decl);
	}
	arena_clear(&scratch);
	for (size_t i = 0; i < rs->n_packs; i++)
		know_others(b->a, rs, i);
}

static struct ruleset *compile(const struct text_file *files, size_t n,
    enum ruleset_use use, const struct ruleset *old, struct diags *d)
{
	size_t errors = d->errors;
	struct shared_ruleset *s = xcalloc(1, sizeof(*s));
	atomic_init(&s->refs, 1);
	s->rs.hash = rule_files_hash(files, n);
	s->rs.n_files = n;
	s->rs.jit = pattern_jit_works();
	struct source *sources = xcalloc(n, sizeof(*sources));
	struct building b = {
		.a = &s->arena, .diags = d, .keep_regex = use == RULESET_LINT
	};
	if (old != NULL)
		list_codes(&b.ready, old);
	size_t good = 0;
	for (size_t i = 0; i < n; i++) {
		struct source x = { 0 };
		if (files[i].table != NULL)
			continue;
		if (parse_source(&x, &files[i], &s->arena, d)) {
			sources[good++] = x;
			continue;
		}
		json_places_free(x.places);
		json_decref(x.json);
		b.partial = true;
	}
	/* the good files are built in any case, for the sake of their errors */
	b.rs = &s->rs;
	b.sources = sources;
	b.n_sources = good;
	build_tables(&b, &s->rs, files, n);
	build_packs(&b, &s->rs, sources, good);
	arena_clear(&b.scratch);
	map_clear(&b.ready);
	for (size_t i = 0; i < good; i++) {
		json_places_free(sources[i].places);
		json_decref(sources[i].json);
	}
	free(sources);
	s->rs.patterns = b.patterns.v;
	s->rs.n_patterns = (uint32_t)b.patterns.n;
	s->rs.n_clauses = b.n_clauses;
	s->codes = b.codes;
	s->n_codes = b.n_codes;
	if (s->rs.n_packs == 0 && d->errors == errors)
		diags_add(d, DIAG_ERROR, n != 0 ? files[0].path : "rules",
		    (struct json_pos){ 1, 1 },
		    "no rule file has a language of its own; add a pack such "
		    "as rules/id/*.json");
	diags_sort(d);
	struct ruleset *rs = &s->rs;
	if (d->errors != errors)
		ruleset_unref(&rs);
	return rs;
}

struct ruleset *ruleset_compile(const struct text_file *files, size_t n,
    enum ruleset_use use, struct diags *d)
{
	return compile(files, n, use, NULL, d);
}

struct ruleset *ruleset_compile_edited(const struct text_file *files, size_t n,
    const struct ruleset *old, struct diags *d)
{
	return compile(files, n, RULESET_RUN, old, d);
}
