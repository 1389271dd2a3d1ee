/* From declarations to a compiled pack. */
#include "rules/build.h"
#include "base/attr.h"
#include "base/mem.h"
#include "rules/pattern.h"
#include "rules/schema.h"

#include <stdio.h>

enum { LEXICON_FULL_WORDS = 8 };

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

static void add_known_words(
    struct building *b, struct pack *out, struct str rest)
{
	struct str word;
	while (str_next(&rest, ' ', &word))
		if (word.n != 0)
			lexicon_add_known(&out->lexicon, b->a, word);
}

static void build_clitics(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	for (size_t i = 0; i < decl->clitics.n; i++) {
		const struct decl *d = &decl->clitics.v[i];
		size_t j;
		json_t *v;
		json_array_foreach (d->value, j, v)
			if (!lexicon_add_clitic(&out->lexicon, b->a,
				str_of(json_string_value(v))))
				decl_error(b->diags, d->src, v,
				    "more than %d clitics; keep the usual "
				    "ones",
				    LEXICON_CLITICS);
	}
}

static void build_lexicon(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	for (size_t i = 0; i < decl->words.n; i++) {
		size_t j;
		json_t *v;
		json_array_foreach (decl->words.v[i].value, j, v) {
			struct str words = str_of(json_string_value(v));
			add_known_words(b, out, words);
			b->match_hash =
			    hash_bytes(b->match_hash, words.p, words.n);
		}
	}
	build_clitics(b, out, decl);
	for (size_t i = 0; i < decl->lexicon.n; i++) {
		const struct source *src = decl->lexicon.v[i].src;
		const char *full;
		json_t *list, *v;
		out->lexicon_place = (struct place){ src->path,
			decl_pos(src, decl->lexicon.v[i].value) };
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
				struct str slang = str_of(json_string_value(v));
				lexicon_add(
				    &out->lexicon, b->a, slang, str_of(full));
				b->match_hash =
				    hash_bytes(b->match_hash, slang.p, slang.n);
			}
			add_known_words(b, out, str_of(full));
		}
	}
}

/* The engine's truth about itself does not depend on a rule author's care. */
static void check_says_bot(
    struct building *b, const struct decl *list, const char *what)
{
	size_t i;
	json_t *v;
	json_array_foreach (list->value, i, v)
		if (strstr(wording_text(v), "bot") == NULL)
			decl_error(b->diags, list->src, v,
			    "%s: every wording must say \"bot\", so that "
			    "nobody takes it for a person; add the word",
			    what);
}

/* The schema has read all of it once. */
static void build_calendar(struct calendar *c, const struct pack_decl *decl)
{
	size_t i;
	json_t *v;
	if (decl->utc_offset.value != NULL)
		(void)calendar_read_offset(
		    str_of(json_string_value(decl->utc_offset.value)),
		    &c->offset_minutes); /* good */
	for (int d = 0; d < 7; d++) {
		if (decl->days[d].value == NULL)
			continue;
		c->has_hours = true;
		(void)calendar_read_day(
		    str_of(json_string_value(decl->days[d].value)),
		    &c->days[d]); /* good */
	}
	json_array_foreach (decl->holidays.value, i, v)
		if (calendar_read_date(str_of(json_string_value(v)),
			&c->holidays[c->n_holidays]))
			c->n_holidays++;
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
		struct naming names = { .allowed = kind->placeholders,
			.slots = &decl->slots,
			.pack = out };
		w->key = kind->key;
		build_wordings(b, w, list, what, &names);
		if (strcmp(kind->key, "disclosure") == 0)
			check_says_bot(b, list, what);
	}
}

/* What agents may say with one key. */
static void build_canned(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	struct naming names = { .allowed = "agent first value",
		.slots = &decl->slots,
		.pack = out };
	struct map_entry *entry;
	out->canned = arena_alloc(b->a, decl->canned.n * sizeof(*out->canned));
	for (size_t at = 0; (entry = map_next(&decl->canned, &at)) != NULL;) {
		struct wordings *w = &out->canned[out->n_canned++];
		char what[96];
		w->key = arena_strdup(b->a, entry->key);
		(void)snprintf(what, sizeof(what), "canned reply \"%s\"",
		    w->key); /* cut is fine */
		build_wordings(b, w, entry->value, what, &names);
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
	const json_t *kind = d->keys[INTENT_KIND].value;
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
			       strncmp(p, "call}}", 6) == 0 ||
			       strncmp(p, "shop.", 5) == 0;
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
    const struct intent_decl *d, const struct pack *pack,
    const struct map *slots)
{
	struct naming names = { .allowed = "", .slots = slots, .pack = pack };
	struct map_entry *entry;
	out->replies = arena_alloc(b->a, d->replies.n * sizeof(*out->replies));
	for (size_t at = 0; (entry = map_next(&d->replies, &at)) != NULL;) {
		const struct decl *list = entry->value;
		char what[128];
		(void)snprintf(what, sizeof(what),
		    "intent \"%s\": reply \"%.*s\"", d->name,
		    STR_ARG(entry->key)); /* cut is fine */
		struct wordings *w = &out->replies[out->n_replies++];
		w->key = arena_strdup(b->a, entry->key);
		build_wordings(b, w, list, what, &names);
		if (out->role == ROLE_BOT)
			check_says_bot(b, list, what);
	}
	if (!b->partial)
		check_sayable(b, out, &d->whole);
}

static const char **build_texts(struct building *b,
    const struct decl_list *lists, struct place **places, size_t *n)
{
	size_t room = 0, i;
	json_t *v;
	*n = 0;
	for (size_t l = 0; l < lists->n; l++)
		room += json_array_size(lists->v[l].value);
	const char **out = arena_alloc(b->a, room * sizeof(*out));
	*places = arena_alloc(b->a, room * sizeof(**places));
	for (size_t l = 0; l < lists->n; l++) {
		const struct source *src = lists->v[l].src;
		json_array_foreach (lists->v[l].value, i, v) {
			out[*n] =
			    arena_strdup(b->a, str_of(json_string_value(v)));
			(*places)[(*n)++] =
			    (struct place){ src->path, decl_pos(src, v) };
		}
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

/* The patterns of an intent speak for it, each in the context it names, or that
 * the intent names for all. */
static void own_patterns(struct intent *out, const struct intent_decl *d,
    uint32_t number, struct building *b)
{
	const json_t *after = d->keys[INTENT_AFTER].value, *v;
	const json_t *within = d->keys[INTENT_WITHIN].value;
	const char **names =
	    arena_alloc(b->a, json_array_size(after) * sizeof(*names));
	size_t n = 0, i;
	for (i = 0; i < json_array_size(after); i++) {
		v = json_array_get(after, i);
		names[n++] = arena_strdup(b->a, str_of(json_string_value(v)));
	}
	for (i = 0; i < out->n_patterns; i++) {
		struct pattern *p = &out->patterns[i];
		p->owner = number;
		if (p->n_after > 0 || n == 0)
			continue;
		p->after = names;
		p->n_after = n;
		if (within != NULL)
			p->within = (int)json_integer_value(within);
	}
	b->match_hash = hash_bytes(b->match_hash, out->name, strlen(out->name));
}

static void build_intent(struct building *b, struct intent *out,
    const struct intent_decl *d, const struct pack_decl *decl,
    const struct pack *pack)
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
	out->listens = json_is_true(d->keys[INTENT_LISTENS].value);
	out->enquiry = json_is_true(d->keys[INTENT_ENQUIRY].value);
	char what[128];
	(void)snprintf(what, sizeof(what), "intent \"%s\": pattern",
	    d->name); /* cut is fine */
	out->patterns = build_lists(b, &d->lists[INTENT_PATTERNS],
	    &decl->concepts, what, &out->n_patterns);
	own_patterns(out, d, (uint32_t)(out - pack->intents), b);
	if (d->lists[INTENT_PATTERNS].n == 0 && !b->partial)
		decl_error(b->diags, d->whole.src, d->whole.value,
		    "intent \"%s\" has no patterns and can never be found; "
		    "add \"patterns\": [...]",
		    d->name);
	(void)snprintf(what, sizeof(what), "intent \"%s\": unless",
	    d->name); /* cut is fine */
	b->in_vetoes = true;
	out->unless = build_lists(
	    b, &d->lists[INTENT_UNLESS], &decl->concepts, what, &out->n_unless);
	b->in_vetoes = false;
	build_replies(b, out, d, pack, &decl->slots);
	build_buttons(b, out, &d->keys[INTENT_BUTTONS]);
	build_lookup(b, out, &d->keys[INTENT_LOOKUP], pack, &decl->slots);
	build_needs(b, out, &d->keys[INTENT_NEEDS], pack, &decl->slots);
	out->examples = build_texts(b, &d->lists[INTENT_EXAMPLES],
	    &out->example_places, &out->n_examples);
	out->not_examples = build_texts(b, &d->lists[INTENT_NOT_EXAMPLES],
	    &out->not_example_places, &out->n_not_examples);
}

static const char *text_or(
    struct building *b, const struct decl *d, const char *otherwise)
{
	return d->value == NULL
		   ? otherwise
		   : arena_strdup(b->a, str_of(json_string_value(d->value)));
}

static void build_signals(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	for (int m = 0; m < MOOD_COUNT; m++) {
		char what[64];
		(void)snprintf(what, sizeof(what), "mood \"%s\": pattern",
		    mood_name((enum mood)m)); /* cut is fine */
		out->moods[m].patterns = build_lists(b, &decl->moods[m],
		    &decl->concepts, what, &out->moods[m].n);
	}
	for (int k = 0; k < SIGNAL_COUNT; k++) {
		char what[64];
		(void)snprintf(what, sizeof(what), "signal \"%s\": pattern",
		    signal_name((enum signal)k)); /* cut is fine */
		out->signals[k].patterns = build_lists(b, &decl->signals[k],
		    &decl->concepts, what, &out->signals[k].n);
	}
	out->negators.patterns = build_lists(b, &decl->negators,
	    &decl->concepts, "negators: pattern", &out->negators.n);
	out->refusals.patterns = build_lists(b, &decl->refusals,
	    &decl->concepts, "refusals: pattern", &out->refusals.n);
	out->joins.patterns = build_lists(
	    b, &decl->joins, &decl->concepts, "joins: pattern", &out->joins.n);
	out->harmless.patterns = build_lists(b, &decl->harmless,
	    &decl->concepts, "harmless: pattern", &out->harmless.n);
}

static bool is_off(const struct intent_decl *d)
{
	return json_is_true(d->keys[INTENT_OFF].value);
}

void pack_build(
    struct building *b, struct pack *out, const struct pack_decl *decl)
{
	out->lang = arena_strdup(b->a, str_of(decl->lang));
	build_calendar(&out->calendar, decl);
	out->persona = text_or(b, &decl->persona_name, "Bot");
	out->calls_customer = text_or(b, &decl->calls_customer, "");
	b->filter = filter_builder_new();
	b->vocabulary = &out->lexicon.vocabulary;
	b->match_hash = 0;
	build_lexicon(b, out, decl);
	build_shop(b, out, decl);
	build_slots(b, out, decl);
	build_phrases(b, out, decl);
	build_canned(b, out, decl);
	build_signals(b, out, decl);
	out->intents =
	    arena_alloc(b->a, decl->n_intents * sizeof(*out->intents));
	for (size_t i = 0; i < decl->n_intents; i++)
		if (!is_off(decl->intents[i]))
			build_intent(b, &out->intents[out->n_intents++],
			    decl->intents[i], decl, out);
	check_parcels(b, out);
	build_classifier(b, out, decl);
	build_detector(b, out, decl);
	build_calibration(b, out, decl);
	out->filter = filter_build(b->filter, b->a, &b->n_clauses);
	filter_builder_free(b->filter);
	b->filter = NULL;
	map_clear(&b->vetoes);
	vocabulary_seal(b->vocabulary);
}
