/* The admin socket: status, reload, tickets, agents, export, forget. */
#include "base/mem.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdlib.h>

static void send_result(struct peer *p, struct str re, const struct buf *json)
{
	peer_send(
	    p, &(struct event){
		   .type = EVENT_RESULT, .re = re, .json = buf_str(json) });
}

static void status(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	struct buf json = { 0 };
	struct json_out o = { &json, false };
	size_t peers = 0, patterns = h->rs->n_patterns, intents = 0, tickets;
	for (const struct peer *x = h->peers; x != NULL; x = x->next)
		peers++;
	for (size_t i = 0; i < h->rs->n_packs; i++)
		intents += h->rs->packs[i].n_intents;
	(void)desk_tickets(h->desk, &tickets); /* only their number */
	json_out_object(&o, NULL);
	json_out_text(&o, "version", PACKAGE_VERSION);
	json_out_int(&o, "up_ms", clock_steady_ms() - h->started_ms);
	json_out_object(&o, "rules");
	json_out_int(&o, "files", (int64_t)h->rs->n_files);
	json_out_int(&o, "languages", (int64_t)h->rs->n_packs);
	json_out_int(&o, "intents", (int64_t)intents);
	json_out_int(&o, "patterns", (int64_t)patterns);
	json_out_int(&o, "quarantined", match_scratch_quarantined(h->scratch));
	json_out_bool(&o, "jit", h->rs->jit);
	json_out_int(&o, "loaded_ms", h->loaded_ms);
	if (h->reload_errors != NULL)
		json_out_text(&o, "errors", h->reload_errors);
	json_out_close(&o, '}');
	json_out_int(&o, "connections", (int64_t)peers);
	json_out_int(&o, "conversations_in_memory", (int64_t)h->convs.n);
	json_out_int(&o, "writes_pending", (int64_t)store_pending(h->store));
	json_out_int(&o, "agents", desk_agents(h->desk));
	json_out_int(&o, "waiting", hub_tickets_waiting(h));
	json_out_int(&o, "open_tickets", (int64_t)tickets);
	json_out_object(&o, "counters");
	for (int c = 0; c < COUNTERS; c++)
		json_out_int(&o, counter_name((enum counter)c),
		    count_get((enum counter)c));
	json_out_close(&o, '}');
	json_out_close(&o, '}');
	send_result(p, r->id, &json);
	buf_clear(&json);
}

static void tickets(struct peer *p, const struct request *r)
{
	size_t n;
	struct ticket **v = desk_tickets(p->hub->desk, &n);
	struct buf json = { 0 };
	buf_addc(&json, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&json, ',');
		ticket_json(v[i], clock_wall_ms(), &json);
	}
	buf_addc(&json, ']');
	send_result(p, r->id, &json);
	buf_clear(&json);
}

/* Export or forget, on its way. */
struct asking {
	struct store_person person; /* first */
	struct peer *peer;
	struct conv **convs; /* in memory, being forgotten */
	size_t n_convs, cap_convs;
	char re[LIMIT_ID_BYTES + 1];
};

void conv_drop_memory(struct hub *h, struct conv *c)
{
	for (struct peer *x = c->peers; x != NULL; x = x->next_in_conv)
		hub_refuse(x, STR_NONE, ERROR_CLOSED,
		    "this conversation has been erased; send hello to start "
		    "anew");
	while (c->peers != NULL)
		conv_detach(c->peers); /* what they write starts anew */
	struct ticket *t = desk_find_conversation(h->desk, c->id);
	if (t != NULL) {
		t->state = TICKET_RESOLVED;
		t->claimed_ms = 0; /* not a service time */
		FIELD_SET(t->outcome, "forgotten", 9);
		for (struct peer *x = h->peers; x != NULL; x = x->next)
			if (x->role == PEER_AGENT)
				peer_send(
				    x, &(struct event){
					   .type = EVENT_TICKET, .ticket = t });
		desk_end(h->desk, t, clock_wall_ms());
	}
	memset(&c->talk, 0, sizeof(c->talk));
}

static void asking_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct asking *x = (struct asking *)job;
	struct peer *p = x->peer;
	struct str re = str_of(x->re);
	for (size_t i = 0; i < x->n_convs; i++) {
		x->convs[i]->pending--;
		if (job->failed) /* it is still there, and so are we */
			x->convs[i]->forgotten = false;
		else
			conv_drop_memory(h, x->convs[i]);
	}
	if (p->gone)
		; /* nobody is left to tell */
	else if (job->failed)
		hub_refuse(p, re, ERROR_STORAGE, "%s", job->err.text);
	else if (!x->person.found)
		hub_refuse(p, re, ERROR_NOT_FOUND,
		    "nothing is stored of \"%s\"", x->person.name);
	else if (x->person.forget)
		peer_send(p, &(struct event){ .type = EVENT_RESULT,
				 .re = re,
				 .json = STR("{\"forgotten\":true}") });
	else
		send_result(p, re, &x->person.json);
	store_person_clear(&x->person);
	free(x->convs);
	free(x);
	peer_release(p);
}

/* Those in memory that are named, by conversation or by customer. */
static void mark_forgotten(struct hub *h, struct asking *x)
{
	struct map_entry *entry;
	h->erasures++;
	for (size_t at = 0; (entry = map_next(&h->convs, &at)) != NULL;) {
		struct conv *c = entry->value;
		if (strcmp(c->id, x->person.name) != 0 &&
		    strcmp(c->customer, x->person.name) != 0)
			continue;
		VEC_ROOM(x->convs, x->n_convs, x->cap_convs);
		x->convs[x->n_convs++] = c;
		c->forgotten = true;
		c->pending++;
	}
}

static void ask_store(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	struct str id =
	    r->customer.p != NULL ? r->customer : ((struct str){ "", 0 });
	if (id.n == 0) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "name a conversation (c_...), or a customer whom the "
		    "shop's server signs for");
		return;
	}
	struct asking *x = xcalloc(1, sizeof(*x));
	store_person_init(&x->person);
	x->person.job.done = asking_done;
	x->person.forget = r->type == REQUEST_FORGET;
	x->peer = p;
	FIELD_SET(x->person.name, id.p, id.n);
	FIELD_SET(x->re, r->id.p != NULL ? r->id.p : "", r->id.n);
	peer_hold(p);
	if (!store_submit(h->store, &x->person.job)) {
		peer_unhold(p);
		free(x);
		(void)hub_refuse_busy(p, r->id); /* it is */
		return;
	}
	/* from now on nothing of it is written; what is on its way to the
	 * disk comes before the erasing */
	if (r->type == REQUEST_FORGET)
		mark_forgotten(h, x);
}

void admin_request(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	switch (r->type) {
	case REQUEST_STATUS:
		status(p, r);
		return;
	case REQUEST_RELOAD:
		reload_start(h, p, r->id);
		return;
	case REQUEST_TICKETS:
		tickets(p, r);
		return;
	case REQUEST_AGENT_ADD:
	case REQUEST_AGENT_LIST:
	case REQUEST_AGENT_TOKEN:
	case REQUEST_AGENT_PASSWD:
	case REQUEST_AGENT_SET:
	case REQUEST_AGENT_DISABLE:
		people_request(p, r);
		return;
	case REQUEST_STATS:
	case REQUEST_ENDED:
	case REQUEST_AUDIT:
		report_request(p, r);
		return;
	case REQUEST_EXPORT:
	case REQUEST_FORGET:
		ask_store(p, r);
		return;
	case REQUEST_BYE:
		p->ops->close(p->conn);
		return;
	case REQUEST_SIGN_IN:
	case REQUEST_HELLO:
	case REQUEST_MESSAGE:
	case REQUEST_TYPING:
	case REQUEST_FEEDBACK:
	case REQUEST_ATTRIBUTES:
	case REQUEST_CLAIM:
	case REQUEST_NOTE:
	case REQUEST_TRANSFER:
	case REQUEST_RELEASE:
	case REQUEST_RESOLVE:
	case REQUEST_RETURN_TO_BOT:
	case REQUEST_SNOOZE:
	case REQUEST_DRAFT:
	case REQUEST_VIEW:
	case REQUEST_CANNED:
	case REQUEST_PING:
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "the admin socket does not talk with customers");
	}
}
