/* Slots: what catches a value, and the form it is kept in. */
#include "base/mem.h"
#include "rules/build.h"

#include <stdio.h>

static struct value_word *build_numbers(
    struct building *b, json_t *object, size_t *n)
{
	struct value_word *v =
	    arena_alloc(b->a, json_object_size(object) * sizeof(*v));
	const char *word;
	json_t *number;
	json_object_foreach (object, word, number)
		v[(*n)++] =
		    (struct value_word){ arena_strdup(b->a, str_of(word)),
			    json_integer_value(number) };
	return v;
}

/* A text of the slot, or NULL. */
static const char *text_of(
    struct building *b, const json_t *slot, const char *key)
{
	const char *z = json_string_value(json_object_get(slot, key));
	return z != NULL ? arena_strdup(b->a, str_of(z)) : NULL;
}

static const char **build_words(
    struct building *b, const json_t *list, size_t *n)
{
	size_t i;
	json_t *v;
	const char **out =
	    arena_alloc(b->a, json_array_size(list) * sizeof(*out));
	json_array_foreach (list, i, v)
		out[(*n)++] = arena_strdup(b->a, str_of(json_string_value(v)));
	return out;
}

static void build_slot(struct building *b, struct slot *s, struct str name,
    const struct decl *d, const struct map *concepts)
{
	char what[96];
	json_t *v = d->value;
	s->name = arena_strdup(b->a, name);
	s->title = text_of(b, v, "title");
	if (s->title == NULL)
		s->title = s->name;
	(void)snprintf(what, sizeof(what), "slot \"%s\": pattern",
	    s->name); /* cut is fine */
	struct decl list = { d->src, json_object_get(v, "capture") };
	s->patterns = build_patterns(b, &list, concepts, what, &s->n_patterns);
	struct decl bare = { d->src, json_object_get(v, "answer") };
	s->bare.patterns = build_patterns(b, &bare, concepts, what, &s->bare.n);
	struct decl unless = { d->src, json_object_get(v, "unless") };
	s->unless.patterns =
	    build_patterns(b, &unless, concepts, what, &s->unless.n);
	for (size_t i = 0; i < s->n_patterns; i++)
		s->patterns[i].captures = true;
	for (size_t i = 0; i < s->bare.n; i++)
		s->bare.patterns[i].captures = true;
	const char *form = json_string_value(json_object_get(v, "normalise"));
	s->form = form != NULL ? (enum value_form)value_form_from_name(form)
			       : VALUE_AS_IS;
	s->from = text_of(b, v, "from");
	s->words.country = text_of(b, v, "country");
	s->words.words =
	    build_numbers(b, json_object_get(v, "words"), &s->words.n_words);
	s->words.days =
	    build_numbers(b, json_object_get(v, "days"), &s->words.n_days);
	s->identifies = json_is_true(json_object_get(v, "identifies"));
	s->contact = json_is_true(json_object_get(v, "contact"));
	s->reads_as = text_of(b, v, "reads_as");
	s->not_after =
	    build_words(b, json_object_get(v, "not_after"), &s->n_not_after);
	s->other_with =
	    build_words(b, json_object_get(v, "other_with"), &s->n_other_with);
	s->detail = json_is_true(json_object_get(v, "detail"));
	if (s->from != NULL) {
		struct decl from = { d->src, json_object_get(v, "from") };
		build_table_known(b, &from, "slot", s->from);
	}
}

void build_slots(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	out->slots = arena_alloc(b->a, decl->slots.n * sizeof(*out->slots));
	struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&decl->slots, &at)) != NULL;)
		build_slot(b, &out->slots[out->n_slots++], entry->key,
		    entry->value, &decl->concepts);
}
