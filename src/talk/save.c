/* The state of a conversation as JSON and back, for the store. */
#include "base/mem.h"
#include "talk/talk.h"
#include "json/write.h"

#include <jansson.h>

void talk_save(const struct conversation *c, struct buf *out)
{
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	json_out_text(&o, "lang", c->lang);
	json_out_text(&o, "name", c->name);
	json_out_text(&o, "last_agent", c->last_agent);
	json_out_int(&o, "holder", c->holder);
	json_out_int(&o, "turn", c->turn);
	json_out_int(&o, "misses", c->misses);
	json_out_int(&o, "empathy_turn", c->empathy_turn);
	json_out_int(&o, "care_turn", c->care_turn);
	json_out_int(&o, "safe_turn", c->safe_turn);
	json_out_int(&o, "check_turn", c->check_turn);
	json_out_int(&o, "angry_turns", c->angry_turns);
	json_out_int(&o, "offer_turn", c->offer_turn);
	json_out_int(&o, "listening", c->listening);
	json_out_int(&o, "contact_turn", c->contact_turn);
	json_out_bool(&o, "remembers", c->remembers);
	json_out_int(&o, "voice", c->voice);
	json_out_array(&o, "form");
	json_out_text(&o, NULL, c->form.intent);
	json_out_text(&o, NULL, c->form.slot);
	json_out_int(&o, NULL, c->form.retries);
	json_out_int(&o, NULL, c->form.turn);
	json_out_close(&o, ']');
	json_out_array(&o, "moods");
	for (int i = 0; i < c->n_moods; i++) {
		json_out_array(&o, NULL);
		json_out_int(&o, NULL, c->moods[i].turn);
		json_out_text(&o, NULL, mood_name(c->moods[i].mood));
		json_out_share(&o, NULL, c->moods[i].strength);
		json_out_close(&o, ']');
	}
	json_out_close(&o, ']');
	json_out_array(&o, "topics");
	for (int i = 0; i < c->n_topics; i++) {
		json_out_array(&o, NULL);
		json_out_text(&o, NULL, c->topics[i].intent);
		json_out_int(&o, NULL, c->topics[i].times);
		json_out_int(&o, NULL, c->topics[i].last_turn);
		json_out_close(&o, ']');
	}
	json_out_close(&o, ']');
	json_out_array(&o, "variants");
	for (int i = 0; i < c->n_variants; i++)
		json_out_int(&o, NULL, c->variants[i]);
	json_out_close(&o, ']');
	json_out_object(&o, "slots");
	for (int i = 0; i < c->n_slots; i++)
		json_out_text(&o, c->slots[i].name, c->slots[i].value);
	json_out_close(&o, '}');
	json_out_array(&o, "slot_turns");
	for (int i = 0; i < c->n_slots; i++)
		json_out_int(&o, NULL, c->slots[i].turn);
	json_out_close(&o, ']');
	json_out_array(&o, "other");
	json_out_text(&o, NULL, c->other.name);
	json_out_text(&o, NULL, c->other.value);
	json_out_text(&o, NULL, c->other_option);
	json_out_int(&o, NULL, c->other_turn);
	json_out_close(&o, ']');
	json_out_array(&o, "options");
	for (int i = 0; i < c->n_options; i++)
		json_out_text(&o, NULL, c->options[i]);
	json_out_close(&o, ']');
	json_out_close(&o, '}');
}

static void get_text(
    const json_t *json, const char *key, char *field, size_t size)
{
	const char *z = json_string_value(json_object_get(json, key));
	if (z != NULL)
		field_set(field, size, z, strlen(z));
}

static int get_int(const json_t *json, const char *key)
{
	return (int)json_integer_value(json_object_get(json, key));
}

static void load_lists(struct conversation *c, const json_t *json)
{
	size_t i;
	json_t *v;
	json_array_foreach (json_object_get(json, "moods"), i, v) {
		const char *name = json_string_value(json_array_get(v, 1));
		int mood = name != NULL ? mood_from_name(name) : -1;
		if (mood < 0 || c->n_moods == TALK_MOODS)
			continue;
		c->moods[c->n_moods++] = (struct mood_turn){
			(int)json_integer_value(json_array_get(v, 0)),
			(enum mood)mood,
			json_number_value(json_array_get(v, 2)),
		};
	}
	json_array_foreach (json_object_get(json, "topics"), i, v) {
		const char *name = json_string_value(json_array_get(v, 0));
		if (name == NULL || c->n_topics == TALK_TOPICS)
			continue;
		struct topic_turn *t = &c->topics[c->n_topics++];
		FIELD_SET(t->intent, name, strlen(name));
		t->times = (int)json_integer_value(json_array_get(v, 1));
		t->last_turn = (int)json_integer_value(json_array_get(v, 2));
	}
	json_array_foreach (json_object_get(json, "variants"), i, v)
		if (c->n_variants < TALK_VARIANTS)
			c->variants[c->n_variants++] =
			    (uint32_t)json_integer_value(v);
	json_array_foreach (json_object_get(json, "options"), i, v) {
		const char *name = json_string_value(v);
		if (name == NULL || c->n_options == TALK_OPTIONS)
			continue;
		FIELD_SET(c->options[c->n_options], name, strlen(name));
		c->n_options++;
	}
	const char *key;
	json_object_foreach (json_object_get(json, "slots"), key, v) {
		const char *value = json_string_value(v);
		if (value == NULL || c->n_slots == TALK_SLOTS)
			continue;
		struct slot_value *s = &c->slots[c->n_slots++];
		FIELD_SET(s->name, key, strlen(key));
		FIELD_SET(s->value, value, strlen(value));
		s->turn = (int)json_integer_value(
		    json_array_get(json_object_get(json, "slot_turns"),
			(size_t)c->n_slots - 1));
	}
}

static void load_other(struct conversation *c, const json_t *v)
{
	const char *name = json_string_value(json_array_get(v, 0));
	const char *value = json_string_value(json_array_get(v, 1));
	const char *option = json_string_value(json_array_get(v, 2));
	if (name == NULL || value == NULL || option == NULL)
		return;
	FIELD_SET(c->other.name, name, strlen(name));
	FIELD_SET(c->other.value, value, strlen(value));
	FIELD_SET(c->other_option, option, strlen(option));
	c->other_turn = (int)json_integer_value(json_array_get(v, 3));
}

static void load_form(struct form_state *f, const json_t *v)
{
	const char *intent = json_string_value(json_array_get(v, 0));
	const char *slot = json_string_value(json_array_get(v, 1));
	if (intent == NULL || slot == NULL)
		return;
	FIELD_SET(f->intent, intent, strlen(intent));
	FIELD_SET(f->slot, slot, strlen(slot));
	f->retries = (int)json_integer_value(json_array_get(v, 2));
	f->turn = (int)json_integer_value(json_array_get(v, 3));
}

int talk_load(struct conversation *c, struct str text, struct err *e)
{
	struct json_pos at;
	enum { STATE_DEPTH = 4 };
	json_t *json = json_parse(text, STATE_DEPTH, &at, e);
	if (json == NULL)
		return -1;
	*c = (struct conversation){ 0 };
	get_text(json, "lang", c->lang, sizeof(c->lang));
	get_text(json, "name", c->name, sizeof(c->name));
	get_text(json, "last_agent", c->last_agent, sizeof(c->last_agent));
	int holder = get_int(json, "holder");
	c->holder = holder == HOLDER_WAITING || holder == HOLDER_AGENT
			? (enum holder)holder
			: HOLDER_BOT;
	c->turn = get_int(json, "turn");
	c->misses = get_int(json, "misses");
	c->empathy_turn = get_int(json, "empathy_turn");
	c->care_turn = get_int(json, "care_turn");
	c->safe_turn = get_int(json, "safe_turn");
	c->check_turn = get_int(json, "check_turn");
	c->angry_turns = get_int(json, "angry_turns");
	c->offer_turn = get_int(json, "offer_turn");
	c->listening = get_int(json, "listening");
	c->contact_turn = get_int(json, "contact_turn");
	c->remembers = json_is_true(json_object_get(json, "remembers"));
	int voice = get_int(json, "voice");
	c->voice = voice == VOICE_FORMAL || voice == VOICE_CASUAL
		       ? (enum voice)voice
		       : VOICE_ANY;
	load_form(&c->form, json_object_get(json, "form"));
	load_other(c, json_object_get(json, "other"));
	load_lists(c, json);
	json_decref(json);
	return 0;
}

void talk_recall(struct conversation *c, const struct conversation *before)
{
	if (!before->remembers)
		return;
	c->remembers = true;
	if (c->name[0] == '\0')
		memcpy(c->name, before->name, sizeof(c->name));
	if (c->lang[0] == '\0')
		memcpy(c->lang, before->lang, sizeof(c->lang));
	memcpy(c->last_agent, before->last_agent, sizeof(c->last_agent));
	memcpy(c->slots, before->slots, sizeof(c->slots));
	c->n_slots = before->n_slots;
	memcpy(c->variants, before->variants, sizeof(c->variants));
	c->n_variants = before->n_variants;
}
