/* Wordings of replies and phrases: their placeholders are checked here, so
 * that a raw {{...}} never reaches a customer. */
#include "base/attr.h"
#include "base/buf.h"
#include "rules/build.h"
#include "rules/schema.h"

/* Is name one of the words of list (spaces between)? */
static bool in_list(const char *list, struct str name)
{
	struct str rest = str_of(list), word;
	while (str_next(&rest, ' ', &word))
		if (word.n != 0 && str_eq(word, name))
			return true;
	return false;
}

static void unknown_placeholder(struct building *b, const struct decl *v,
    const char *what, struct str name, const char *allowed)
{
	decl_error(b->diags, v->src, v->value,
	    "%s: placeholder {{%.*s}} is not known here; use one of: %s%s%s, "
	    "or a slot of the pack",
	    what, STR_ARG(name), common_placeholders,
	    *allowed != '\0' ? " " : "", allowed);
}

static void check_placeholders(struct building *b, const struct decl *v,
    const char *what, const char *allowed, const struct map *slots)
{
	struct str rest = str_of(json_string_value(v->value));
	const char *open;
	while ((open = strstr(rest.p, "{{")) != NULL) {
		const char *end = strstr(open, "}}");
		if (end == NULL) {
			decl_error(b->diags, v->src, v->value,
			    "%s: \"{{\" is never closed; write {{name}}", what);
			return;
		}
		struct str name = { open + 2, (size_t)(end - open - 2) };
		if (!b->partial && !in_list(common_placeholders, name) &&
		    !in_list(allowed, name) && map_get(slots, name) == NULL)
			unknown_placeholder(b, v, what, name, allowed);
		rest.p = end + 2;
	}
}

void build_wordings(struct building *b, struct wordings *out,
    const struct decl *list, const char *what, const char *allowed,
    const struct map *slots)
{
	out->n = json_array_size(list->value);
	out->v = arena_alloc(b->a, out->n * sizeof(*out->v));
	size_t i;
	json_t *v;
	json_array_foreach (list->value, i, v) {
		struct decl item = { list->src, v };
		check_placeholders(b, &item, what, allowed, slots);
		struct str text = str_of(json_string_value(v));
		out->v[i] = (struct variant){
			.text = { arena_strdup(b->a, text), text.n },
			.hash = (uint32_t)hash_bytes(1, text.p, text.n),
			.place = { list->src->path, decl_pos(list->src, v) },
		};
	}
}
