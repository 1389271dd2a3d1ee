/* What is said outside a step: the disclosure, words about an agent, and what
 * an agent may say with one key. */
#include "base/mem.h"
#include "talk/inner.h"

const char *talk_disclosure(
    const struct ruleset *rs, const char *lang, struct buf *out)
{
	struct conversation nobody = { 0 };
	struct talk_view view = { .rs = rs };
	struct saying say = {
		.c = &nobody, .pack = ruleset_pack(rs, lang), .view = &view
	};
	say_fixed(&say, "disclosure", out);
	return say.pack->persona;
}

/* What the customer came for: the last request, or NULL. */
static const struct intent *last_request(
    const struct pack *pack, const struct conversation *c)
{
	const struct topic_turn *best = NULL;
	const struct intent *about = NULL;
	for (int i = 0; i < c->n_topics; i++) {
		const struct intent *in =
		    pack_intent(pack, c->topics[i].intent);
		if (in == NULL || in->role != ROLE_REQUEST ||
		    (best != NULL && c->topics[i].last_turn < best->last_turn))
			continue;
		best = &c->topics[i];
		about = in;
	}
	return about;
}

const char *talk_topic(const struct ruleset *rs, const struct conversation *c)
{
	const struct intent *about = last_request(ruleset_pack(rs, c->lang), c);
	return about != NULL ? about->name : "";
}

/* The value that tells most of what it is about: one that names a case, or the
 * first; "" none. */
static void telling_value(
    const struct pack *pack, const struct conversation *c, struct buf *out)
{
	const struct slot_value *best = c->n_slots > 0 ? &c->slots[0] : NULL;
	for (int i = 0; i < c->n_slots; i++) {
		const struct slot *slot = pack_slot(pack, c->slots[i].name);
		if (slot != NULL && slot->identifies)
			best = &c->slots[i];
	}
	if (best != NULL)
		buf_addf(out, "%s %s", say_slot_title(pack, best), best->value);
}

/* What an agent says for this conversation; value is the caller's to clear. */
static struct saying agent_saying(const struct talk_view *view,
    struct conversation *copy, const char *agent, struct buf *value)
{
	const struct pack *pack = ruleset_pack(view->rs, copy->lang);
	const struct intent *about = last_request(pack, copy);
	telling_value(pack, copy, value);
	return (struct saying){ .c = copy,
		.pack = pack,
		.view = view,
		.agent = agent,
		.first = about != NULL ? about->title : NULL,
		.value = value->p };
}

void talk_notice(const struct ruleset *rs, const struct conversation *c,
    const char *key, const char *agent, struct buf *out)
{
	struct conversation copy = *c;
	struct talk_view view = { .rs = rs };
	struct buf value = { 0 };
	struct saying say = agent_saying(&view, &copy, agent, &value);
	say_fixed(&say, key, out);
	buf_clear(&value);
}

void talk_canned(const struct ruleset *rs, const struct conversation *c,
    const char *agent, struct str prefix,
    bool (*each)(void *arg, const char *name, struct str text), void *arg)
{
	struct talk_view view = { .rs = rs };
	struct conversation copy = *c;
	struct buf value = { 0 }, text = { 0 };
	struct saying say = agent_saying(&view, &copy, agent, &value);
	const struct pack *pack = say.pack;
	bool go = true;
	for (size_t i = 0; go && i < pack->n_canned + pack->n_intents; i++) {
		const struct intent *in =
		    i < pack->n_canned ? NULL
				       : &pack->intents[i - pack->n_canned];
		const char *name = in != NULL ? in->name : pack->canned[i].key;
		const struct wordings *w =
		    in != NULL ? intent_reply(in, "default") : &pack->canned[i];
		buf_reset(&text);
		if (!str_starts(str_of(name), prefix) ||
		    (in != NULL && in->role != ROLE_REQUEST) ||
		    !say_first(&say, w, &text))
			continue;
		go = each(arg, name, buf_str(&text));
	}
	buf_clear(&text);
	buf_clear(&value);
}

bool talk_suggest(const struct ruleset *rs, const struct conversation *c,
    const char *agent, const char *name, struct buf *out)
{
	struct talk_view view = { .rs = rs };
	struct conversation copy = *c;
	struct buf value = { 0 };
	struct saying say = agent_saying(&view, &copy, agent, &value);
	bool said = false;
	for (size_t i = 0; i < say.pack->n_canned && !said; i++)
		said = strcmp(say.pack->canned[i].key, name) == 0 &&
		       say_first(&say, &say.pack->canned[i], out);
	buf_clear(&value);
	return said;
}
