/* What a shop knows of itself: facts for replies, tables, and the intents that
 * answer with a row. */
#include "base/mem.h"
#include "rules/build.h"

#include <stdio.h>

/* The text of a fact for a language: its own, or the same for all. */
static const char *fact_text(const json_t *v, const char *lang)
{
	return json_string_value(
	    json_is_object(v) ? json_object_get(v, lang) : v);
}

void build_shop(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	out->shop = arena_alloc(b->a, decl->shop.n * sizeof(*out->shop));
	struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&decl->shop, &at)) != NULL;) {
		const struct decl *d = entry->value;
		const char *text = fact_text(d->value, decl->lang);
		if (text == NULL) {
			decl_error(b->diags, d->src, d->value,
			    "shop fact \"%.60s\" has no text for language "
			    "\"%s\"; add \"%s\": \"...\"",
			    entry->key.p, decl->lang, decl->lang);
			continue;
		}
		struct fact *f = &out->shop[out->n_shop++];
		f->key = arena_strdup(b->a, entry->key);
		f->text = arena_strdup(b->a, str_of(text));
	}
}

/* The declaration of a table, in the last source that has it. */
static json_t *find_shape(const struct building *b, const char *name)
{
	for (size_t i = b->n_sources; i > 0; i--) {
		json_t *tables =
		    json_object_get(b->sources[i - 1].json, "tables");
		json_t *shape = json_object_get(tables, name);
		if (shape != NULL)
			return shape;
	}
	return NULL;
}

void build_table_known(struct building *b, const struct decl *decl,
    const char *what, const char *table)
{
	if (!b->partial && find_shape(b, table) == NULL)
		decl_error(b->diags, decl->src, decl->value,
		    "%s: no rule file declares table \"%.60s\"; add "
		    "\"tables\": {\"%.60s\": {\"key\": \"...\"}}",
		    what, table, table);
}

/* Is there a file of a later directory for the same table? */
static bool is_overridden(const struct text_file *files, size_t n, size_t i)
{
	for (size_t j = 0; j < n; j++)
		if (j != i && files[j].table != NULL &&
		    files[j].dir > files[i].dir &&
		    strcmp(files[j].table, files[i].table) == 0)
			return true;
	return false;
}

static void check_twice(
    struct building *b, const struct text_file *files, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (files[j].table != NULL && files[j].dir == files[i].dir &&
		    strcmp(files[j].table, files[i].table) == 0)
			diags_add(b->diags, DIAG_ERROR, files[i].path,
			    (struct json_pos){ 1, 1 },
			    "table \"%s\" is also in %s; keep one of the two",
			    files[i].table, files[j].path);
}

static void build_table(
    struct building *b, struct ruleset *rs, const struct text_file *file)
{
	json_t *decl = find_shape(b, file->table);
	struct json_pos top = { 1, 1 };
	if (decl == NULL) {
		if (!b->partial)
			diags_add(b->diags, DIAG_ERROR, file->path, top,
			    "no rule file says what this table is; add "
			    "\"tables\": {\"%s\": {\"key\": \"...\"}}",
			    file->table);
		return;
	}
	json_t *required = json_object_get(decl, "required"), *v;
	size_t n = json_array_size(required), i;
	const char **names = arena_alloc(b->a, n * sizeof(*names));
	json_array_foreach (required, i, v)
		names[i] = arena_strdup(b->a, str_of(json_string_value(v)));
	struct table_shape shape = {
		.key = json_string_value(json_object_get(decl, "key")),
		.required = names,
		.n_required = n,
		.also = json_string_value(json_object_get(decl, "also")),
		.kind = json_string_value(json_object_get(decl, "kind")),
	};
	struct table *t = &rs->tables[rs->n_tables++];
	t->name = arena_strdup(b->a, str_of(file->table));
	(void)table_parse(
	    t, b->a, file, &shape, b->diags); /* it has reported */
}

void build_tables(struct building *b, struct ruleset *rs,
    const struct text_file *files, size_t n_files)
{
	size_t n = 0;
	for (size_t i = 0; i < n_files; i++)
		n += files[i].table != NULL;
	rs->tables = arena_alloc(b->a, n * sizeof(*rs->tables));
	for (size_t i = 0; i < n_files; i++) {
		if (files[i].table == NULL || is_overridden(files, n_files, i))
			continue;
		check_twice(b, files, i);
		build_table(b, rs, &files[i]);
	}
}

static void check_slot_exists(struct building *b, const struct intent *intent,
    const struct decl *at, const char *what, const char *slot,
    const struct map *slots)
{
	if (map_get(slots, str_of(slot)) == NULL && !b->partial)
		decl_error(b->diags, at->src, at->value,
		    "intent \"%s\": %s slot \"%.40s\", which the pack does "
		    "not have; add it to \"slots\"",
		    intent->name, what, slot);
}

void build_needs(struct building *b, struct intent *out,
    const struct decl *decl, const struct pack *pack, const struct map *slots)
{
	struct naming names = { .allowed = "", .slots = slots, .pack = pack };
	const char *slot;
	json_t *v;
	out->needs = arena_alloc(
	    b->a, json_object_size(decl->value) * sizeof(*out->needs));
	json_object_foreach (decl->value, slot, v) {
		struct need *n = &out->needs[out->n_needs++];
		struct decl whole = { decl->src, v };
		char what[128];
		(void)snprintf(what, sizeof(what), "intent \"%s\": need \"%s\"",
		    out->name, slot); /* cut is fine */
		n->slot = arena_strdup(b->a, str_of(slot));
		check_slot_exists(b, out, &whole, "needs", slot, slots);
		struct decl list = { decl->src, json_object_get(v, "ask") };
		build_wordings(b, &n->ask, &list, what, &names);
		list.value = json_object_get(v, "why");
		build_wordings(b, &n->why, &list, what, &names);
		list.value = json_object_get(v, "retry");
		build_wordings(b, &n->retry, &list, what, &names);
		n->optional = json_is_true(json_object_get(v, "optional"));
		if (n->optional && intent_reply(out, "ready") == NULL &&
		    !b->partial)
			decl_error(b->diags, whole.src, whole.value,
			    "%s is optional, which only changes what is said "
			    "when it is known; add a \"ready\" reply, or take "
			    "it out",
			    what);
	}
}

/* The columns of a card, which must be there when the table is. */
static void build_card(struct building *b, struct lookup *l,
    const struct decl *decl, const char *what)
{
	const struct table *t = ruleset_table(b->rs, l->table);
	for (int k = 0; decl->value != NULL && k < CARD_SPONSOR; k++) {
		json_t *v = json_object_get(
		    decl->value, card_field_name((enum card_field)k));
		if (v == NULL)
			continue;
		l->card[k] = arena_strdup(b->a, str_of(json_string_value(v)));
		if (t != NULL && table_column(t, str_of(l->card[k])) < 0)
			decl_error(b->diags, decl->src, v,
			    "%s: a card shows column \"%.40s\", which table "
			    "\"%s\" does not have; its columns stand in the "
			    "first line of %s",
			    what, l->card[k], t->name, t->path);
	}
}

/* What is multiplied for {{total}}. */
static void build_total(struct building *b, struct lookup *l,
    const struct intent *intent, const struct decl *decl,
    const struct naming *names)
{
	if (decl->value == NULL)
		return;
	void *only = json_object_iter(decl->value);
	const char *column = json_object_iter_key(only);
	const char *slot = json_string_value(json_object_iter_value(only));
	l->total_column = arena_strdup(b->a, str_of(column));
	l->total_slot = arena_strdup(b->a, str_of(slot));
	check_slot_exists(b, intent, decl, "total times", slot, names->slots);
	if (names->table != NULL &&
	    table_column(names->table, str_of(column)) < 0)
		decl_error(b->diags, decl->src, decl->value,
		    "intent \"%s\": \"total\" multiplies column \"%.40s\", "
		    "which table \"%s\" does not have; its columns stand in "
		    "the first line of %s",
		    intent->name, column, names->table->name,
		    names->table->path);
}

/* The lists of wordings of a look-up. */
static void build_found(struct building *b, struct lookup *l,
    const struct decl *decl, const char *what, struct naming *names)
{
	struct {
		const char *key;
		struct wordings *out;
		bool row;
	} lists[] = { { "found", &l->found, true }, { "each", &l->each, true },
		{ "sum", &l->sum, false }, { "missing", &l->missing, false } };
	for (size_t i = 0; i < HG_COUNT(lists); i++) {
		struct decl list = { decl->src,
			json_object_get(decl->value, lists[i].key) };
		names->row = lists[i].row;
		build_wordings(b, lists[i].out, &list, what, names);
	}
}

/* A column that must be there when the table is. */
static const char *column_of(struct building *b, const struct intent *intent,
    const struct decl *decl, const char *key, const struct table *t)
{
	const char *name = json_string_value(json_object_get(decl->value, key));
	if (name == NULL)
		return NULL;
	if (t != NULL && table_column(t, str_of(name)) < 0)
		decl_error(b->diags, decl->src, decl->value,
		    "intent \"%s\": \"%s\" names column \"%.40s\", which "
		    "table \"%s\" does not have; its columns stand in the "
		    "first "
		    "line of %s",
		    intent->name, key, name, t->name, t->path);
	return arena_strdup(b->a, str_of(name));
}

/* What goods and their shipping cost together.  The intent of the goods may be
 * built later: see check_parcels. */
static void build_parcel(struct building *b, struct lookup *l,
    const struct intent *intent, const struct decl *decl, struct naming *names)
{
	if (decl->value == NULL)
		return;
	struct parcel *p = arena_alloc(b->a, sizeof(*p));
	*p = (struct parcel){ 0 };
	p->goods = arena_strdup(b->a,
	    str_of(json_string_value(json_object_get(decl->value, "goods"))));
	p->grams = column_of(b, intent, decl, "grams", NULL);
	p->free_from = column_of(b, intent, decl, "free_from", names->table);
	struct decl list = { decl->src, json_object_get(decl->value, "say") };
	names->row = true;
	names->allowed = "goods shipping kilos total";
	build_wordings(b, &p->say, &list, "parcel", names);
	list.value = json_object_get(decl->value, "free");
	build_wordings(b, &p->free, &list, "parcel", names);
	l->parcel = p;
}

void build_lookup(struct building *b, struct intent *out,
    const struct decl *decl, const struct pack *pack, const struct map *slots)
{
	if (decl->value == NULL)
		return;
	struct lookup *l = arena_alloc(b->a, sizeof(*l));
	const char *table =
	    json_string_value(json_object_get(decl->value, "table"));
	const char *slot =
	    json_string_value(json_object_get(decl->value, "slot"));
	l->table = arena_strdup(b->a, str_of(table));
	l->slot = arena_strdup(b->a, str_of(slot));
	l->place =
	    (struct place){ decl->src->path, decl_pos(decl->src, decl->value) };
	struct decl where = { decl->src, json_object_get(decl->value, "slot") };
	check_slot_exists(b, out, &where, "look-up by", slot, slots);
	struct naming names = { .allowed = "",
		.slots = slots,
		.pack = pack,
		.table = ruleset_table(b->rs, table) };
	char what[128];
	(void)snprintf(what, sizeof(what), "intent \"%s\": look-up",
	    out->name); /* cut is fine */
	where.value = json_object_get(decl->value, "table");
	build_table_known(b, &where, what, table);
	where.value = json_object_get(decl->value, "card");
	build_card(b, l, &where, what);
	where.value = json_object_get(decl->value, "total");
	build_total(b, l, out, &where, &names);
	names.allowed = where.value != NULL ? "total" : "";
	build_found(b, l, decl, what, &names);
	where.value = json_object_get(decl->value, "parcel");
	build_parcel(b, l, out, &where, &names);
	out->lookup = l;
}

static void check_parcel(struct building *b, const struct pack *pack,
    const struct intent *intent, const struct lookup *l)
{
	const struct parcel *p = l->parcel;
	const struct intent *goods = pack_intent(pack, p->goods);
	const struct lookup *theirs = goods != NULL ? goods->lookup : NULL;
	const struct table *t =
	    theirs != NULL ? ruleset_table(b->rs, theirs->table) : NULL;
	if (l->total_column == NULL)
		diags_add(b->diags, DIAG_ERROR, l->place.path, l->place.pos,
		    "intent \"%s\": a parcel needs what a kilo costs; add a "
		    "\"total\" with that column",
		    intent->name);
	else if (theirs == NULL || theirs->total_column == NULL)
		diags_add(b->diags, DIAG_ERROR, l->place.path, l->place.pos,
		    "intent \"%s\": parcel: \"%.40s\" is no intent whose "
		    "look-up has a \"total\"; name the one that tells prices",
		    intent->name, p->goods);
	else if (t != NULL && table_column(t, str_of(p->grams)) < 0)
		diags_add(b->diags, DIAG_ERROR, l->place.path, l->place.pos,
		    "intent \"%s\": parcel: \"grams\" names column \"%.40s\", "
		    "which table \"%s\" does not have; its columns stand in "
		    "the "
		    "first line of %s",
		    intent->name, p->grams, t->name, t->path);
}

void check_parcels(struct building *b, const struct pack *pack)
{
	for (size_t i = 0; i < pack->n_intents && !b->partial; i++) {
		const struct lookup *l = pack->intents[i].lookup;
		if (l != NULL && l->parcel != NULL)
			check_parcel(b, pack, &pack->intents[i], l);
	}
}
