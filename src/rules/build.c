/* From declarations to a compiled pack. */
#include "rules/build.h"
#include "base/attr.h"
#include "base/mem.h"
#include "rules/pattern.h"
#include "rules/schema.h"

#include <stdio.h>

/* The weight of a pattern that does not say: one match is enough to answer,
 * two that agree are better. */
static const double DEFAULT_WEIGHT = 0.8;

enum { MAX_PATTERNS = 200000, LEXICON_FULL_WORDS = 8 };

static struct pattern_code *compile_one(struct building *b,
    const struct decl *item, const struct map *concepts, const char *what,
    size_t number, bool edges, const char *source)
{
	struct err e = ERR_NONE;
	struct buf regex = { 0 };
	struct pattern_code *code = NULL;
	int bad = expand_pattern(source, concepts, edges, &regex, &e);
	if (bad == 0)
		code = pattern_compile(buf_str(&regex), &e);
	buf_clear(&regex);
	if (bad == EXPAND_UNKNOWN && b->partial)
		return NULL;
	if (code == NULL) {
		decl_error(b->diags, item->src, item->value,
		    "%s %zu \"%.60s\": %s", what, number, source, e.text);
		return NULL;
	}
	VEC_ROOM(b->codes, b->n_codes, b->cap_codes);
	b->codes[b->n_codes++] = code;
	return code;
}

struct pattern *build_patterns(struct building *b, const struct decl *list,
    const struct map *concepts, const char *what, size_t *n)
{
	*n = 0;
	if (list->value == NULL)
		return NULL;
	size_t count = json_array_size(list->value), i;
	struct pattern *out = arena_alloc(b->a, count * sizeof(*out));
	json_t *v;
	json_array_foreach (list->value, i, v) {
		struct decl item = { list->src, v };
		bool object = json_is_object(v);
		const char *source =
		    json_string_value(object ? json_object_get(v, "match") : v);
		json_t *weight = json_object_get(v, "weight");
		json_t *edges = json_object_get(v, "edges");
		struct pattern *p = &out[*n];
		p->code = compile_one(b, &item, concepts, what, i + 1,
		    edges == NULL || json_is_true(edges), source);
		if (p->code == NULL)
			continue;
		if (b->patterns.n == MAX_PATTERNS) {
			decl_error(b->diags, list->src, v,
			    "more than %d patterns in all; take some out",
			    MAX_PATTERNS);
			break;
		}
		p->source = arena_strdup(b->a, str_of(source));
		p->weight =
		    weight != NULL ? json_number_value(weight) : DEFAULT_WEIGHT;
		p->index = (uint32_t)b->patterns.n;
		p->place =
		    (struct place){ list->src->path, decl_pos(list->src, v) };
		VEC_ROOM(b->patterns.v, b->patterns.n, b->patterns.cap);
		b->patterns.v[b->patterns.n++] = p;
		++*n;
	}
	return out;
}

/* All lists together as one. */
static struct pattern *build_lists(struct building *b,
    const struct decl_list *lists, const struct map *concepts, const char *what,
    size_t *n)
{
	struct pattern *all = NULL;
	*n = 0;
	for (size_t i = 0; i < lists->n; i++) {
		size_t more;
		struct pattern *p =
		    build_patterns(b, &lists->v[i], concepts, what, &more);
		struct pattern *both =
		    arena_alloc(b->a, (*n + more) * sizeof(*both));
		if (*n != 0)
			memcpy(both, all, *n * sizeof(*both));
		if (more != 0)
			memcpy(both + *n, p, more * sizeof(*both));
		for (size_t j = *n; j < *n + more; j++)
			b->patterns.v[both[j].index] = &both[j];
		all = both;
		*n += more;
	}
	return all;
}

static void check_slang(
    struct building *b, const struct source *src, const json_t *v)
{
	size_t words = 1;
	for (const char *c = json_string_value(v); *c != '\0'; c++)
		words += *c == ' ';
	if (words > LEXICON_WORDS || json_string_length(v) > 96)
		decl_error(b->diags, src, v,
		    "lexicon: \"%.60s\" has more than %d words or 96 bytes; "
		    "shorten it",
		    json_string_value(v), LEXICON_WORDS);
}

static void build_lexicon(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	for (size_t i = 0; i < decl->words.n; i++) {
		size_t j;
		json_t *v;
		json_array_foreach (decl->words.v[i].value, j, v) {
			struct str rest = str_of(json_string_value(v)), word;
			while (str_next(&rest, ' ', &word))
				if (word.n != 0)
					lexicon_add_known(
					    &out->lexicon, b->a, word);
		}
	}
	for (size_t i = 0; i < decl->lexicon.n; i++) {
		const struct source *src = decl->lexicon.v[i].src;
		const char *full;
		json_t *list, *v;
		json_object_foreach (decl->lexicon.v[i].value, full, list) {
			size_t j, spaces = 0;
			for (const char *c = full; *c != '\0'; c++)
				spaces += *c == ' ';
			if (spaces >= LEXICON_FULL_WORDS)
				decl_error(b->diags, src, list,
				    "lexicon entry \"%s\" has more than %d "
				    "words; shorten it",
				    full, LEXICON_FULL_WORDS);
			json_array_foreach (list, j, v) {
				check_slang(b, src, v);
				lexicon_add(&out->lexicon, b->a,
				    str_of(json_string_value(v)), str_of(full));
			}
		}
	}
}

static void build_slots(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	out->slots = arena_alloc(b->a, decl->slots.n * sizeof(*out->slots));
	struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&decl->slots, &at)) != NULL;) {
		const struct decl *d = entry->value;
		struct slot *s = &out->slots[out->n_slots++];
		s->name = arena_strdup(b->a, entry->key);
		char what[96];
		(void)snprintf(what, sizeof(what), "slot \"%s\": pattern",
		    s->name); /* cut is fine */
		struct decl list = { d->src,
			json_object_get(d->value, "capture") };
		s->patterns = build_patterns(
		    b, &list, &decl->concepts, what, &s->n_patterns);
	}
}

/* The engine's truth about itself does not depend on a rule author's care. */
static void check_says_bot(
    struct building *b, const struct decl *list, const char *what)
{
	size_t i;
	json_t *v;
	json_array_foreach (list->value, i, v)
		if (strstr(json_string_value(v), "bot") == NULL)
			decl_error(b->diags, list->src, v,
			    "%s: every wording must say \"bot\", so that "
			    "nobody takes it for a person; add the word",
			    what);
}

static void build_phrases(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	out->phrases =
	    arena_alloc(b->a, n_phrase_kinds * sizeof(*out->phrases));
	for (size_t i = 0; i < n_phrase_kinds; i++) {
		const struct phrase_kind *kind = &phrase_kinds[i];
		const struct decl *list =
		    map_get(&decl->phrases, str_of(kind->key));
		if (list == NULL)
			continue;
		char what[96];
		(void)snprintf(what, sizeof(what), "phrase \"%s\"",
		    kind->key); /* cut is fine */
		struct wordings *w = &out->phrases[out->n_phrases++];
		w->key = kind->key;
		build_wordings(
		    b, w, list, what, kind->placeholders, &decl->slots);
		if (strcmp(kind->key, "disclosure") == 0)
			check_says_bot(b, list, what);
	}
}

static enum role role_of(const struct intent_decl *d)
{
	static const struct {
		const char *name;
		enum role role;
	} fixed[] = {
		{ "crisis", ROLE_CRISIS },
		{ "contact_human_agent", ROLE_WISH },
		{ "bot_identity", ROLE_BOT },
	};
	for (size_t i = 0; i < HG_COUNT(fixed); i++)
		if (strcmp(d->name, fixed[i].name) == 0)
			return fixed[i].role;
	json_t *kind = d->keys[INTENT_KIND].value;
	bool social =
	    kind != NULL && strcmp(json_string_value(kind), "social") == 0;
	return social ? ROLE_SOCIAL : ROLE_REQUEST;
}

/* Some wording must always be possible: one without slots. */
static void check_sayable(
    struct building *b, const struct intent *i, const struct decl *whole)
{
	const struct wordings *w = intent_reply(i, "default");
	for (size_t v = 0; w != NULL && v < w->n; v++) {
		const char *p = w->v[v].text.p;
		bool free = true;
		while (free && (p = strstr(p, "{{")) != NULL) {
			p += 2;
			free = strncmp(p, "persona}}", 9) == 0 ||
			       strncmp(p, "call}}", 6) == 0;
		}
		if (free)
			return;
	}
	decl_error(b->diags, whole->src, whole->value,
	    w == NULL ? "intent \"%s\" has no reply; add \"replies\": "
			"{\"default\": [...]}"
		      : "intent \"%s\": every default reply needs a slot or "
			"a name; add one that can always be said",
	    i->name);
}

static void build_replies(struct building *b, struct intent *out,
    const struct intent_decl *d, const struct map *slots)
{
	const struct decl *replies = &d->keys[INTENT_REPLIES];
	const char *key;
	json_t *v;
	out->replies = arena_alloc(
	    b->a, json_object_size(replies->value) * sizeof(*out->replies));
	json_object_foreach (replies->value, key, v) {
		char what[128];
		(void)snprintf(what, sizeof(what),
		    "intent \"%s\": reply \"%s\"", d->name,
		    key); /* cut is fine */
		struct decl list = { replies->src, v };
		struct wordings *w = &out->replies[out->n_replies++];
		w->key = arena_strdup(b->a, str_of(key));
		build_wordings(b, w, &list, what, "", slots);
		if (out->role == ROLE_BOT)
			check_says_bot(b, &list, what);
	}
	if (!b->partial)
		check_sayable(b, out, &d->whole);
}

static const char **build_texts(struct building *b, const struct decl *list,
    struct place **places, size_t *n)
{
	*n = json_array_size(list->value);
	const char **out = arena_alloc(b->a, *n * sizeof(*out));
	*places = arena_alloc(b->a, *n * sizeof(**places));
	size_t i;
	json_t *v;
	json_array_foreach (list->value, i, v) {
		out[i] = arena_strdup(b->a, str_of(json_string_value(v)));
		(*places)[i] =
		    (struct place){ list->src->path, decl_pos(list->src, v) };
	}
	return out;
}

static void build_buttons(
    struct building *b, struct intent *out, const struct decl *list)
{
	size_t i;
	json_t *v;
	out->buttons = arena_alloc(
	    b->a, json_array_size(list->value) * sizeof(*out->buttons));
	json_array_foreach (list->value, i, v) {
		if (out->n_buttons == REPLY_BUTTONS) {
			decl_error(b->diags, list->src, v,
			    "intent \"%s\": more than %d quick replies; keep "
			    "the most useful",
			    out->name, REPLY_BUTTONS);
			return;
		}
		struct button_text *t = &out->buttons[out->n_buttons++];
		t->title = arena_strdup(b->a,
		    str_of(json_string_value(json_object_get(v, "title"))));
		t->text = arena_strdup(b->a,
		    str_of(json_string_value(json_object_get(v, "text"))));
	}
}

static void build_intent(struct building *b, struct intent *out,
    const struct intent_decl *d, const struct pack_decl *decl)
{
	out->name = arena_strdup(b->a, str_of(d->name));
	out->role = role_of(d);
	out->place = (struct place){ d->whole.src->path,
		decl_pos(d->whole.src, d->whole.value) };
	json_t *title = d->keys[INTENT_TITLE].value;
	out->title = title != NULL
			 ? arena_strdup(b->a, str_of(json_string_value(title)))
			 : out->name;
	if (title == NULL && out->role == ROLE_REQUEST && !b->partial)
		decl_error(b->diags, d->whole.src, d->whole.value,
		    "intent \"%s\": \"title\" is missing; add the words a "
		    "customer would use for it",
		    d->name);
	out->priority = (int)json_integer_value(d->keys[INTENT_PRIORITY].value);
	out->handoff = json_is_true(d->keys[INTENT_HANDOFF].value);
	char what[128];
	(void)snprintf(what, sizeof(what), "intent \"%s\": pattern",
	    d->name); /* cut is fine */
	out->patterns = build_patterns(b, &d->keys[INTENT_PATTERNS],
	    &decl->concepts, what, &out->n_patterns);
	if (json_array_size(d->keys[INTENT_PATTERNS].value) == 0 && !b->partial)
		decl_error(b->diags, d->whole.src, d->whole.value,
		    "intent \"%s\" has no patterns and can never be found; "
		    "add \"patterns\": [...]",
		    d->name);
	(void)snprintf(what, sizeof(what), "intent \"%s\": unless",
	    d->name); /* cut is fine */
	out->unless = build_patterns(
	    b, &d->keys[INTENT_UNLESS], &decl->concepts, what, &out->n_unless);
	build_replies(b, out, d, &decl->slots);
	build_buttons(b, out, &d->keys[INTENT_BUTTONS]);
	out->examples = build_texts(b, &d->keys[INTENT_EXAMPLES],
	    &out->example_places, &out->n_examples);
	out->not_examples = build_texts(b, &d->keys[INTENT_NOT_EXAMPLES],
	    &out->not_example_places, &out->n_not_examples);
}

static const char *text_or(
    struct building *b, const struct decl *d, const char *otherwise)
{
	return d->value == NULL
		   ? otherwise
		   : arena_strdup(b->a, str_of(json_string_value(d->value)));
}

static double number_or(const struct decl *d, double otherwise)
{
	return d->value == NULL ? otherwise : json_number_value(d->value);
}

void pack_build(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	out->lang = arena_strdup(b->a, str_of(decl->lang));
	out->persona = text_or(b, &decl->persona_name, "Bot");
	out->calls_customer = text_or(b, &decl->calls_customer, "");
	/* first guesses that the shipped examples bear out; `hangatctl test
	 * --labelled` shows what they mean on a shop's own messages */
	out->answer_at = number_or(&decl->answer, 0.55);
	out->clarify_at = number_or(&decl->clarify, 0.3);
	out->margin = number_or(&decl->margin, 0.04);
	build_lexicon(b, out, decl);
	build_slots(b, out, decl);
	build_phrases(b, out, decl);
	for (int m = 0; m < MOOD_COUNT; m++) {
		char what[64];
		(void)snprintf(what, sizeof(what), "mood \"%s\": pattern",
		    mood_name((enum mood)m)); /* cut is fine */
		out->moods[m].patterns = build_lists(b, &decl->moods[m],
		    &decl->concepts, what, &out->moods[m].n);
	}
	out->negators = build_lists(b, &decl->negators, &decl->concepts,
	    "negators: pattern", &out->n_negators);
	out->intents =
	    arena_alloc(b->a, decl->n_intents * sizeof(*out->intents));
	for (size_t i = 0; i < decl->n_intents; i++)
		build_intent(
		    b, &out->intents[out->n_intents++], decl->intents[i], decl);
}
