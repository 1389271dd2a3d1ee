/* Wordings of replies and phrases: their placeholders are checked here, so
 * that a raw {{...}} never reaches a customer. */
#include "base/attr.h"
#include "base/buf.h"
#include "rules/build.h"
#include "rules/schema.h"

#include <stdio.h>

/* Is name one of the words of list (spaces between)? */
static bool in_list(const char *list, struct str name)
{
	struct str rest = str_of(list), word;
	while (str_next(&rest, ' ', &word))
		if (word.n != 0 && str_eq(word, name))
			return true;
	return false;
}

static const char *fact_key(const void *pack, size_t i)
{
	return ((const struct pack *)pack)->shop[i].key;
}

static void unknown_fact(struct building *b, const struct decl *v,
    const char *what, struct str key, const struct naming *names)
{
	char word[64];
	(void)snprintf(
	    word, sizeof(word), "%.*s", STR_ARG(key)); /* cut is fine */
	const char *near =
	    nearest_name(word, fact_key, names->pack, names->pack->n_shop);
	decl_error(b->diags, v->src, v->value,
	    "%s: the shop has no fact {{shop.%s}}; %s%s%s", what, word,
	    near != NULL ? "did you mean {{shop."
			 : "add it to \"shop\", in shop.json",
	    near != NULL ? near : "", near != NULL ? "}}?" : "");
}

static void unknown_placeholder(struct building *b, const struct decl *v,
    const char *what, struct str name, const struct naming *names)
{
	decl_error(b->diags, v->src, v->value,
	    "%s: placeholder {{%.*s}} is not known here; use one of: %s%s%s%s, "
	    "{{shop.KEY}}, or a slot of the pack",
	    what, STR_ARG(name), common_placeholders,
	    *names->allowed != '\0' ? " " : "", names->allowed,
	    names->row ? " row.COLUMN" : "");
}

static void check_placeholder(struct building *b, const struct decl *v,
    const char *what, struct str name, const struct naming *names)
{
	struct str shop = STR("shop."), row = STR("row.");
	if (str_starts(name, shop)) {
		struct str key = { name.p + shop.n, name.n - shop.n };
		if (pack_fact(names->pack, key) == NULL)
			unknown_fact(b, v, what, key, names);
	} else if (names->row && str_starts(name, row)) {
		struct str column = { name.p + row.n, name.n - row.n };
		if (names->table != NULL &&
		    table_column(names->table, column) < 0)
			decl_error(b->diags, v->src, v->value,
			    "%s: table \"%s\" has no column \"%.*s\"; see "
			    "the first line of %s",
			    what, names->table->name, STR_ARG(column),
			    names->table->path);
	} else if (!in_list(common_placeholders, name) &&
		   !in_list(names->allowed, name) &&
		   map_get(names->slots, name) == NULL) {
		unknown_placeholder(b, v, what, name, names);
	}
}

static void check_placeholders(struct building *b, const struct decl *v,
    const char *what, const struct naming *names)
{
	struct str rest = str_of(wording_text(v->value));
	const char *open;
	while ((open = strstr(rest.p, "{{")) != NULL) {
		const char *end = strstr(open, "}}");
		if (end == NULL) {
			decl_error(b->diags, v->src, v->value,
			    "%s: \"{{\" is never closed; write {{name}}", what);
			return;
		}
		struct str name = { open + 2, (size_t)(end - open - 2) };
		if (!b->partial)
			check_placeholder(b, v, what, name, names);
		rest.p = end + 2;
	}
}

static enum voice voice_of(const json_t *v)
{
	const char *name = json_string_value(json_object_get(v, "voice"));
	return name == NULL                  ? VOICE_ANY
	       : strcmp(name, "formal") == 0 ? VOICE_FORMAL
					     : VOICE_CASUAL;
}

/* One condition on the row; key names the test in rule files. */
static void build_condition(struct building *b, struct row_condition *out,
    const struct decl *v, const char *key, const char *what,
    const struct naming *names)
{
	void *only = json_object_iter(json_object_get(v->value, key));
	const char *operand = json_string_value(json_object_iter_value(only));
	out->column = arena_strdup(b->a, str_of(json_object_iter_key(only)));
	out->operand = arena_strdup(b->a, str_of(operand));
	if (!names->row)
		decl_error(b->diags, v->src, v->value,
		    "%s: \"%s\" is for wordings about a row, as those of "
		    "\"found\"; take it out",
		    what, key);
	else if (names->table != NULL &&
		 table_column(names->table, str_of(out->column)) < 0)
		decl_error(b->diags, v->src, v->value,
		    "%s: table \"%s\" has no column \"%s\"; see the first "
		    "line of %s",
		    what, names->table->name, out->column, names->table->path);
	if (out->test != ROW_IS && !b->partial &&
	    map_get(names->slots, str_of(operand)) == NULL)
		decl_error(b->diags, v->src, v->value,
		    "%s: \"%s\" names slot \"%.40s\", which the pack does not "
		    "have; add it to \"slots\"",
		    what, key, operand);
}

/* A wording for some rows alone: what "row", "without"... name. */
static void build_conditions(struct building *b, struct variant *out,
    const struct decl *v, const char *what, const struct naming *names)
{
	static const char *const keys[ROW_TESTS] = { [ROW_IS] = "row",
		[ROW_WITHOUT] = "without",
		[ROW_OVER] = "over",
		[ROW_UNDER] = "under" };
	out->rows = arena_alloc(b->a, ROW_TESTS * sizeof(*out->rows));
	for (int k = 0; k < ROW_TESTS; k++) {
		if (json_object_get(v->value, keys[k]) == NULL)
			continue;
		struct row_condition *c = &out->rows[out->n_rows++];
		c->test = (enum row_test)k;
		build_condition(b, c, v, keys[k], what, names);
	}
}

void build_wordings(struct building *b, struct wordings *out,
    const struct decl *list, const char *what, const struct naming *names)
{
	out->n = json_array_size(list->value);
	out->v = arena_alloc(b->a, out->n * sizeof(*out->v));
	size_t i;
	json_t *v;
	json_array_foreach (list->value, i, v) {
		struct decl item = { list->src, v };
		check_placeholders(b, &item, what, names);
		struct str text = str_of(wording_text(v));
		out->v[i] = (struct variant){
			.from_hour = -1,
			.to_hour = -1,
			.voice = voice_of(v),
			.text = { arena_strdup(b->a, text), text.n },
			.hash = (uint32_t)hash_bytes(1, text.p, text.n),
			.no_card = json_is_false(json_object_get(v, "card")),
			.tells_total = strstr(text.p, "{{total}}") != NULL,
			.place = { list->src->path, decl_pos(list->src, v) },
		};
		build_conditions(b, &out->v[i], &item, what, names);
		const char *hours =
		    json_string_value(json_object_get(v, "hours"));
		if (hours != NULL)
			(void)wording_hours(hours, &out->v[i].from_hour,
			    &out->v[i].to_hour); /* the schema has checked it */
	}
}
