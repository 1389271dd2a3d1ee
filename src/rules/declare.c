/* Merging rule files: same key in the same directory is a mistake, in a later
 * directory it overrides.  An intent is overridden key by key, so that a shop
 * can change one reply of a shipped intent without copying the rest. */
#include "rules/declare.h"
#include "base/mem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct json_pos decl_pos(const struct source *src, const json_t *value)
{
	return json_places_find(src->places, value);
}

void decl_error(struct diags *d, const struct source *src, const json_t *value,
    const char *fmt, ...)
{
	char text[600];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	diags_add(d, DIAG_ERROR, src->path, decl_pos(src, value), "%s", text);
}

struct declaring {
	struct pack_decl *p;
	const struct source *src;
	struct arena *a;
	struct diags *diags;
};

static struct decl *new_decl(struct declaring *d, json_t *value)
{
	struct decl *x = arena_alloc(d->a, sizeof(*x));
	*x = (struct decl){ d->src, value };
	return x;
}

/* Note that `what` `name` is declared here; an error when it was declared
 * before in the same directory. */
static void note_declared(
    struct declaring *d, const char *what, const char *name, json_t *value)
{
	struct buf key = { 0 };
	buf_addf(&key, "%s \"%s\"", what, name);
	struct str k = { arena_strdup(d->a, buf_str(&key)), key.n };
	buf_clear(&key);
	struct decl *old = map_put(&d->p->places, k, new_decl(d, value));
	if (old == NULL || old->src->file->dir != d->src->file->dir)
		return;
	struct json_pos pos = decl_pos(old->src, old->value);
	decl_error(d->diags, d->src, value,
	    "%s is declared twice for language \"%s\", first at %s:%d; merge "
	    "the two",
	    k.p, d->p->lang, old->src->path, pos.line);
}

static void declare_concepts(struct declaring *d, json_t *concepts)
{
	const char *key;
	json_t *list, *v;
	json_object_foreach (concepts, key, list) {
		note_declared(d, "concept", key, list);
		struct concept *c = arena_alloc(d->a, sizeof(*c));
		c->name = arena_strdup(d->a, str_of(key));
		c->n = json_array_size(list);
		c->entries = arena_alloc(d->a, c->n * sizeof(*c->entries));
		size_t i;
		json_array_foreach (list, i, v)
			c->entries[i] = json_string_value(v);
		(void)map_put(
		    &d->p->concepts, str_of(c->name), c); /* overrides */
	}
}

/* Slots and phrases: one declaration by name. */
static void declare_named(
    struct declaring *d, const char *what, struct map *m, json_t *object)
{
	const char *key;
	json_t *v;
	json_object_foreach (object, key, v) {
		note_declared(d, what, key, v);
		char *name = arena_strdup(d->a, str_of(key));
		(void)map_put(m, str_of(name), new_decl(d, v)); /* overrides */
	}
}

static void declare_intents(struct declaring *d, json_t *intents)
{
	static const char *const keys[INTENT_KEYS] = {
		[INTENT_TITLE] = "title",
		[INTENT_KIND] = "kind",
		[INTENT_PRIORITY] = "priority",
		[INTENT_HANDOFF] = "handoff",
		[INTENT_PATTERNS] = "patterns",
		[INTENT_UNLESS] = "unless",
		[INTENT_REPLIES] = "replies",
		[INTENT_BUTTONS] = "quick_replies",
		[INTENT_EXAMPLES] = "examples",
		[INTENT_NOT_EXAMPLES] = "not_examples",
	};
	struct pack_decl *p = d->p;
	const char *key;
	json_t *v;
	json_object_foreach (intents, key, v) {
		note_declared(d, "intent", key, v);
		struct intent_decl *i =
		    map_get(&p->intent_by_name, str_of(key));
		if (i == NULL) {
			i = arena_alloc(d->a, sizeof(*i));
			i->name = arena_strdup(d->a, str_of(key));
			(void)map_put(
			    &p->intent_by_name, str_of(i->name), i); /* new */
			VEC_ROOM(p->intents, p->n_intents, p->cap_intents);
			p->intents[p->n_intents++] = i;
		}
		i->whole = (struct decl){ d->src, v };
		for (int k = 0; k < INTENT_KEYS; k++) {
			json_t *part = json_object_get(v, keys[k]);
			if (part != NULL)
				i->keys[k] = (struct decl){ d->src, part };
		}
	}
}

static void list_add(struct declaring *d, struct decl_list *l, json_t *value)
{
	if (value == NULL)
		return;
	VEC_ROOM(l->v, l->n, l->cap);
	l->v[l->n++] = (struct decl){ d->src, value };
}

static void set_member(
    struct declaring *d, struct decl *x, json_t *object, const char *key)
{
	json_t *v = json_object_get(object, key);
	if (v != NULL)
		*x = (struct decl){ d->src, v };
}

static void declare_file(struct declaring *d)
{
	json_t *json = d->src->json;
	struct pack_decl *p = d->p;
	declare_concepts(d, json_object_get(json, "concepts"));
	declare_named(d, "slot", &p->slots, json_object_get(json, "slots"));
	declare_named(
	    d, "phrase", &p->phrases, json_object_get(json, "phrases"));
	declare_intents(d, json_object_get(json, "intents"));
	json_t *moods = json_object_get(json, "moods");
	for (int m = 0; m < MOOD_COUNT; m++)
		list_add(d, &p->moods[m],
		    json_object_get(moods, mood_name((enum mood)m)));
	list_add(d, &p->negators, json_object_get(json, "negators"));
	list_add(d, &p->lexicon, json_object_get(json, "lexicon"));
	list_add(d, &p->words, json_object_get(json, "words"));
	json_t *persona = json_object_get(json, "persona");
	set_member(d, &p->persona_name, persona, "name");
	set_member(d, &p->calls_customer, persona, "calls_customer");
	json_t *thresholds = json_object_get(json, "thresholds");
	set_member(d, &p->answer, thresholds, "answer");
	set_member(d, &p->clarify, thresholds, "clarify");
	set_member(d, &p->margin, thresholds, "margin");
}

static bool is_for(const struct source *src, const char *lang)
{
	json_t *l = json_object_get(src->json, "language");
	return strcmp(json_string_value(l), lang) == 0;
}

void pack_declare(struct pack_decl *p, const char *lang,
    const struct source *sources, size_t n, struct arena *a,
    struct diags *diags)
{
	*p = (struct pack_decl){ .lang = lang };
	struct declaring d = { p, NULL, a, diags };
	/* in each directory, what is for all languages comes first */
	for (size_t from = 0, to; from < n; from = to) {
		to = from;
		while (
		    to < n && sources[to].file->dir == sources[from].file->dir)
			to++;
		static const char any[] = "any";
		for (int own = 0; own <= 1; own++)
			for (size_t i = from; i < to; i++) {
				d.src = &sources[i];
				if (is_for(d.src, own ? lang : any))
					declare_file(&d);
			}
	}
}

void pack_decl_clear(struct pack_decl *p)
{
	map_clear(&p->concepts);
	map_clear(&p->slots);
	map_clear(&p->phrases);
	map_clear(&p->places);
	map_clear(&p->intent_by_name);
	free(p->intents);
	for (int m = 0; m < MOOD_COUNT; m++)
		free(p->moods[m].v);
	free(p->negators.v);
	free(p->lexicon.v);
	free(p->words.v);
	*p = (struct pack_decl){ 0 };
}
