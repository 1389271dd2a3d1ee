/* Merging rule files: same key in the same directory is a mistake, in a later
 * directory it overrides.  An intent is overridden key by key, so that a shop
 * can change one reply of a shipped intent without copying the rest. */
#include "rules/declare.h"
#include "base/mem.h"
#include "rules/schema.h"

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

/* The entries of a concept; "@itself" stands for those of an earlier
 * directory, so that a shop can add to a shipped concept. */
static void declare_concepts(struct declaring *d, json_t *concepts)
{
	const char *key;
	json_t *list, *v;
	json_object_foreach (concepts, key, list) {
		note_declared(d, "concept", key, list);
		const struct concept *old =
		    map_get(&d->p->concepts, str_of(key));
		struct concept *c = arena_alloc(d->a, sizeof(*c));
		c->name = arena_strdup(d->a, str_of(key));
		c->a = d->a;
		size_t room = json_array_size(list) *
			      (old != NULL && old->n > 0 ? old->n : 1);
		c->entries = arena_alloc(d->a, room * sizeof(*c->entries));
		size_t i;
		json_array_foreach (list, i, v) {
			const char *text = json_string_value(v);
			bool itself =
			    text[0] == '@' && strcmp(text + 1, key) == 0;
			if (!itself || old == NULL) {
				c->entries[c->n++] = text;
				continue;
			}
			for (size_t k = 0; k < old->n; k++)
				c->entries[c->n++] = old->entries[k];
		}
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

static void list_add(struct declaring *d, struct decl_list *l, json_t *value)
{
	if (value == NULL)
		return;
	VEC_ROOM(l->v, l->n, l->cap);
	l->v[l->n++] = (struct decl){ d->src, value };
}

static struct intent_decl *find_or_add_intent(
    struct declaring *d, const char *name)
{
	struct pack_decl *p = d->p;
	struct intent_decl *i = map_get(&p->intent_by_name, str_of(name));
	if (i != NULL)
		return i;
	i = arena_alloc(d->a, sizeof(*i));
	i->name = arena_strdup(d->a, str_of(name));
	(void)map_put(&p->intent_by_name, str_of(i->name), i); /* new */
	VEC_ROOM(p->intents, p->n_intents, p->cap_intents);
	p->intents[p->n_intents++] = i;
	return i;
}

/* One declaration of an intent over the earlier ones: key by key, replies
 * wording list by wording list; "add" makes lists longer. */
static void merge_intent(struct declaring *d, struct intent_decl *i, json_t *v)
{
	static const char *const keys[INTENT_KEYS] = {
		[INTENT_TITLE] = "title",
		[INTENT_KIND] = "kind",
		[INTENT_PRIORITY] = "priority",
		[INTENT_HANDOFF] = "handoff",
		[INTENT_OFF] = "off",
		[INTENT_AFTER] = "after",
		[INTENT_WITHIN] = "within",
		[INTENT_BUTTONS] = "quick_replies",
		[INTENT_LOOKUP] = "lookup",
		[INTENT_NEEDS] = "needs",
		[INTENT_LISTENS] = "listens",
		[INTENT_ENQUIRY] = "enquiry",
	};
	static const char *const lists[INTENT_LISTS] = {
		[INTENT_PATTERNS] = "patterns",
		[INTENT_UNLESS] = "unless",
		[INTENT_EXAMPLES] = "examples",
		[INTENT_NOT_EXAMPLES] = "not_examples",
	};
	i->whole = (struct decl){ d->src, v };
	for (int k = 0; k < INTENT_KEYS; k++) {
		json_t *part = json_object_get(v, keys[k]);
		if (part != NULL)
			i->keys[k] = (struct decl){ d->src, part };
	}
	const json_t *more = json_object_get(v, "add");
	for (int k = 0; k < INTENT_LISTS; k++) {
		json_t *part = json_object_get(v, lists[k]);
		if (part != NULL)
			i->lists[k].n = 0;
		list_add(d, &i->lists[k], part);
		list_add(d, &i->lists[k], json_object_get(more, lists[k]));
	}
	const char *key;
	json_t *wordings;
	json_object_foreach (json_object_get(v, "replies"), key, wordings)
		(void)map_put(&i->replies, str_of(key),
		    new_decl(d, wordings)); /* overrides */
}

static void declare_intents(struct declaring *d, json_t *intents)
{
	const char *key;
	json_t *v;
	json_object_foreach (intents, key, v) {
		note_declared(d, "intent", key, v);
		merge_intent(d, find_or_add_intent(d, key), v);
	}
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
	declare_named(
	    d, "canned reply", &p->canned, json_object_get(json, "canned"));
	declare_named(d, "shop fact", &p->shop, json_object_get(json, "shop"));
	declare_intents(d, json_object_get(json, "intents"));
	json_t *moods = json_object_get(json, "moods");
	for (int m = 0; m < MOOD_COUNT; m++)
		list_add(d, &p->moods[m],
		    json_object_get(moods, mood_name((enum mood)m)));
	json_t *signals = json_object_get(json, "signals");
	for (int k = 0; k < SIGNAL_COUNT; k++)
		list_add(d, &p->signals[k],
		    json_object_get(signals, signal_name((enum signal)k)));
	list_add(d, &p->negators, json_object_get(json, "negators"));
	list_add(d, &p->refusals, json_object_get(json, "refusals"));
	list_add(d, &p->joins, json_object_get(json, "joins"));
	list_add(d, &p->harmless, json_object_get(json, "harmless"));
	list_add(d, &p->clitics, json_object_get(json, "clitics"));
	list_add(d, &p->lexicon, json_object_get(json, "lexicon"));
	list_add(d, &p->words, json_object_get(json, "words"));
	json_t *persona = json_object_get(json, "persona");
	set_member(d, &p->persona_name, persona, "name");
	set_member(d, &p->calls_customer, persona, "calls_customer");
	json_t *thresholds = json_object_get(json, "thresholds");
	set_member(d, &p->answer, thresholds, "answer");
	set_member(d, &p->clarify, thresholds, "clarify");
	set_member(d, &p->margin, thresholds, "margin");
	set_member(d, &p->accepted_error, thresholds, "accepted_error");
	set_member(d, &p->calibration, json, "calibration");
	set_member(d, &p->classifier, json, "classifier");
	set_member(d, &p->detector, json, "detector");
	json_t *business = json_object_get(json, "business");
	set_member(d, &p->utc_offset, business, "utc_offset");
	set_member(d, &p->holidays, business, "holidays");
	for (int i = 0; i < 7; i++)
		set_member(d, &p->days[i], json_object_get(business, "hours"),
		    day_names[i]);
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
	map_clear(&p->canned);
	map_clear(&p->shop);
	map_clear(&p->places);
	map_clear(&p->intent_by_name);
	for (size_t i = 0; i < p->n_intents; i++) {
		for (int k = 0; k < INTENT_LISTS; k++)
			free(p->intents[i]->lists[k].v);
		map_clear(&p->intents[i]->replies);
	}
	free(p->intents);
	for (int m = 0; m < MOOD_COUNT; m++)
		free(p->moods[m].v);
	for (int k = 0; k < SIGNAL_COUNT; k++)
		free(p->signals[k].v);
	free(p->negators.v);
	free(p->refusals.v);
	free(p->joins.v);
	free(p->harmless.v);
	free(p->clitics.v);
	free(p->lexicon.v);
	free(p->words.v);
	*p = (struct pack_decl){ 0 };
}
