/* Conversations in memory: made, read back, attached to, evicted, mended. */
#include "base/mem.h"
#include "hub/inner.h"

#include <stdio.h>
#include <stdlib.h>

static struct conv *conv_put(struct hub *h, const char *id)
{
	struct conv *c = xcalloc(1, sizeof(*c));
	FIELD_SET(c->id, id, strlen(id));
	c->ids.seed = h->convs.seed;
	c->used_ms = clock_steady_ms();
	(void)map_put(&h->convs, str_of(c->id), c); /* ids are unique */
	return c;
}

struct conv *conv_new(struct hub *h)
{
	char hex[ID_TEXT_BYTES], id[CONV_ID_BYTES];
	secret_id(hex);
	(void)snprintf(id, sizeof(id), "c_%s", hex); /* fits */
	struct conv *c = conv_put(h, id);
	c->number = h->next_conversation++;
	return c;
}

struct conv *conv_find(struct hub *h, const char *id)
{
	return map_get(&h->convs, str_of(id));
}

void conv_remember_id(struct conv *c, const char *client_id, int64_t seq,
    int64_t text_hash, int64_t reply_seq)
{
	struct store_id *id = xcalloc(1, sizeof(*id));
	FIELD_SET(id->client_id, client_id, strlen(client_id));
	id->seq = seq;
	id->text_hash = text_hash;
	id->reply_seq = reply_seq;
	free(map_put(&c->ids, str_of(id->client_id), id));
}

static void clear_ids(struct conv *c)
{
	struct map_entry *entry;
	for (size_t at = 0; (entry = map_next(&c->ids, &at)) != NULL;)
		free(entry->value);
	map_clear(&c->ids);
}

/* Take over what was read. */
static void conv_fill(struct conv *c, struct store_load *l)
{
	struct err e = ERR_NONE;
	c->number = l->conversation;
	c->seq = l->seq;
	memcpy(c->resume_hash, l->resume_hash, sizeof(c->resume_hash));
	memcpy(c->customer, l->customer, sizeof(c->customer));
	if (talk_load(&c->talk, buf_str(&l->state), &e) != 0) {
		log_line(LOG_ERROR, "hub",
		    "conversation=%s state cannot be read, starts anew: %s",
		    c->id, e.text);
		c->talk = (struct conversation){ 0 };
	}
	clear_ids(c);
	for (size_t i = 0; i < l->n_ids; i++)
		conv_remember_id(c, l->ids[i].client_id, l->ids[i].seq,
		    l->ids[i].text_hash, l->ids[i].reply_seq);
}

struct conv *conv_from_load(struct hub *h, struct store_load *l)
{
	struct conv *c = conv_find(h, l->public_id);
	if (c != NULL || !l->found)
		return c;
	c = conv_put(h, l->public_id);
	conv_fill(c, l);
	if (l->has_ticket &&
	    desk_find_conversation(h->desk, l->public_id) == NULL)
		(void)desk_add(
		    h->desk, &l->ticket, clock_wall_ms()); /* found by id */
	return c;
}

void conv_attach(struct conv *c, struct peer *p)
{
	conv_detach(p);
	p->conv = c;
	p->next_in_conv = c->peers;
	c->peers = p;
	gateway_joined(p);
}

void conv_detach(struct peer *p)
{
	if (p->conv == NULL)
		return;
	gateway_left(p);
	struct peer **link = &p->conv->peers;
	while (*link != p)
		link = &(*link)->next_in_conv;
	*link = p->next_in_conv;
	p->conv->used_ms = clock_steady_ms();
	p->conv = NULL;
}

void conv_free(struct conv *c)
{
	if (c == NULL)
		return;
	while (c->peers != NULL)
		conv_detach(c->peers);
	clear_ids(c);
	free(c);
}

void conv_evict(struct hub *h, int64_t steady_ms)
{
	enum {
		EVICT_LOOKS = 2048,    /* per tick, so that no tick is long */
		MAX_IN_MEMORY = 50000, /* over it, idle ones go at once */
	};
	for (int i = 0; i < EVICT_LOOKS; i++) {
		struct map_entry *entry = map_next(&h->convs, &h->conv_walk);
		if (entry == NULL) {
			h->conv_walk = 0;
			return;
		}
		struct conv *c = entry->value;
		bool idle = c->forgotten || h->convs.n > MAX_IN_MEMORY ||
			    steady_ms - c->used_ms > h->config.forget_cache_ms;
		/* who waits or is held has a ticket */
		if (!idle || c->peers != NULL || c->pending > 0 ||
		    c->burst != NULL ||
		    (c->talk.holder != HOLDER_BOT && !c->forgotten))
			continue;
		(void)map_del(&h->convs, str_of(c->id)); /* it is there */
		conv_free(c);
	}
}

/* Reading a conversation again: what the desk has goes by what is stored. */
struct mending {
	struct store_load load; /* first */
	struct conv *conv;
};

static void mend_desk(struct hub *h, struct conv *c, struct store_load *l)
{
	int64_t now_ms = clock_wall_ms();
	struct ticket *old = desk_find_conversation(h->desk, c->id);
	if (old != NULL) {
		old->claimed_ms = 0; /* not a service time */
		desk_end(h->desk, old, now_ms);
	}
	if (l->has_ticket)
		(void)desk_add(h->desk, &l->ticket, now_ms); /* found by id */
}

static void mend_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct mending *m = (struct mending *)job;
	struct conv *c = m->conv;
	c->pending--;
	if (c->forgotten) {
		; /* what was read is being erased, or has been */
	} else if (!job->failed && m->load.found) {
		conv_fill(c, &m->load);
		mend_desk(h, c, &m->load);
		c->broken = false;
	} else if (!job->failed) {
		c->forgotten = true; /* it was never stored, or is erased */
		while (c->peers != NULL)
			conv_detach(c->peers);
		mend_desk(h, c, &m->load);
	}
	store_load_clear(&m->load);
	free(m);
}

void conv_mend(struct hub *h, struct conv *c)
{
	struct mending *m = xcalloc(1, sizeof(*m));
	store_load_init(&m->load);
	m->load.job.done = mend_done;
	FIELD_SET(m->load.public_id, c->id, strlen(c->id));
	m->load.want_state = true;
	m->conv = c;
	c->broken = true;
	if (!store_submit(h->store, &m->load.job)) {
		free(m); /* the next request tries again */
		return;
	}
	c->pending++;
}
