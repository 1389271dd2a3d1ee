/* Agents on the desk: signing in, the queue, who is here; what they do with a
 * ticket is in verbs.c. */
#include "base/mem.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdlib.h>

static void send_queue(struct peer *p, struct str re)
{
	size_t n;
	struct ticket **tickets = desk_tickets(p->hub->desk, &n);
	struct buf json = { 0 };
	int64_t now_ms = clock_wall_ms();
	buf_addc(&json, '[');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(&json, ',');
		ticket_json(tickets[i], now_ms, &json);
	}
	buf_addc(&json, ']');
	peer_send(
	    p, &(struct event){
		   .type = EVENT_QUEUE, .re = re, .json = buf_str(&json) });
	buf_clear(&json);
}

static void write_name(struct json_out *o, int64_t ticket)
{
	char name[TICKET_NAME_BYTES];
	ticket_name(ticket, name);
	json_out_text(o, NULL, name);
}

void agent_presence(struct hub *h)
{
	struct buf json = { 0 };
	struct json_out o = { &json, false };
	json_out_array(&o, NULL);
	for (int i = 0; i < desk_agents(h->desk); i++) {
		int holds;
		const struct agent_profile *who =
		    desk_agent(h->desk, (size_t)i, &holds);
		json_out_object(&o, NULL);
		json_out_text(&o, "name", who->name);
		json_out_int(&o, "holds", holds);
		json_out_int(&o, "capacity", who->capacity);
		json_out_array(&o, "viewing");
		for (const struct peer *x = h->peers; x != NULL; x = x->next)
			if (x->role == PEER_AGENT && x->viewing > 0 &&
			    strcmp(x->agent, who->name) == 0)
				write_name(&o, x->viewing);
		json_out_close(&o, ']');
		json_out_close(&o, '}');
	}
	json_out_close(&o, ']');
	for (struct peer *x = h->peers; x != NULL; x = x->next)
		if (x->role == PEER_AGENT)
			peer_send(x, &(struct event){ .type = EVENT_PRESENCE,
					 .json = buf_str(&json) });
	buf_clear(&json);
	h->presence_stale = false;
}

void agent_hello(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	const struct store_account *a =
	    r->token.p != NULL ? people_by_token(h, ACCOUNT_AGENT, r->token)
	    : p->vouched[0] != '\0' ? people_find(h, str_of(p->vouched))
				    : NULL;
	if (p->role != PEER_NEW) {
		hub_refuse(p, r->id, ERROR_CONFLICT,
		    "this connection is in use; open another for an agent");
		return;
	}
	if (a == NULL || a->disabled || a->kind != ACCOUNT_AGENT) {
		log_line(LOG_WARN, "hub", "agent refused reason=\"bad token\"");
		hub_refuse(p, r->id, ERROR_BAD_TOKEN,
		    "this token is not an agent's; get one with hangatctl "
		    "agents token NAME");
		return;
	}
	p->role = PEER_AGENT;
	memcpy(p->agent, a->who.name, sizeof(p->agent));
	p->supervisor = a->who.supervisor;
	desk_arrive(h->desk, &a->who);
	h->presence_stale = true;
	desk_touch(h->desk, p->agent, clock_wall_ms());
	log_line(LOG_INFO, "hub", "agent=\"%s\" signed in", p->agent);
	audit_line(h, p->agent, "sign_in", 0,
	    r->token.p != NULL ? "with a token" : "with a session");
	peer_send(p, &(struct event){ .type = EVENT_WELCOME,
			 .re = r->id,
			 .role = "agent",
			 .supervisor = p->supervisor,
			 .from_name = p->agent });
	send_queue(p, STR_NONE);
}

int64_t ticket_number(struct str name)
{
	char *end, text[32];
	if (!str_starts(name, STR("t_")) || name.n < 3 ||
	    name.n >= sizeof(text))
		return 0;
	FIELD_SET(text, name.p + 2, name.n - 2);
	long long id = strtoll(text, &end, 10);
	return *end == '\0' && id > 0 ? id : 0;
}

static struct ticket *ticket_of(struct peer *p, struct str name)
{
	struct desk *d = p->hub->desk;
	if (str_is(name, "next"))
		return desk_next(d, p->agent, clock_wall_ms());
	int64_t id = ticket_number(name);
	return id > 0 ? desk_find(d, id) : NULL;
}

/* Look at a ticket, or at none any more. */
static void view(struct peer *p, const struct request *r)
{
	int64_t id = r->ticket.p != NULL ? ticket_number(r->ticket) : 0;
	if (r->ticket.p != NULL && id <= 0) {
		hub_refuse(p, r->id, ERROR_NOT_FOUND,
		    "\"%.*s\" is no ticket; they are called t_1, t_2...",
		    STR_ARG(r->ticket));
		return;
	}
	p->viewing = id;
	p->hub->presence_stale = true;
	if (id > 0)
		card_of_view(p, id, r->id, r->after);
	else
		peer_send(p, &(struct event){ .type = EVENT_ACK, .re = r->id });
}

/* A verb on a ticket: find it and its conversation. */
static void on_ticket(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	if (r->ticket.p == NULL) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"ticket\" is missing; the queue shows their names");
		return;
	}
	struct ticket *t = ticket_of(p, r->ticket);
	struct conv *c = t != NULL ? conv_find(h, t->conversation) : NULL;
	if (c == NULL) {
		if (str_is(r->ticket, "next"))
			hub_refuse(p, r->id, ERROR_NOT_FOUND,
			    "nobody waits whom you could take");
		else
			hub_refuse(p, r->id, ERROR_NOT_FOUND,
			    "there is no open ticket \"%.*s\"",
			    STR_ARG(r->ticket));
		return;
	}
	if (hub_refuse_busy(p, r->id))
		return;
	if (c->forgotten) {
		hub_refuse(p, r->id, ERROR_CLOSED,
		    "this conversation is being erased");
		return;
	}
	if (c->broken) {
		if (c->pending == 0)
			conv_mend(h, c);
		hub_refuse(p, r->id, ERROR_STORAGE,
		    "the conversation is being read again; try once more");
		return;
	}
	h->presence_stale = true;
	verb_request(p, r, t, c);
}

void agent_request(struct peer *p, const struct request *r)
{
	desk_touch(p->hub->desk, p->agent, clock_wall_ms());
	switch (r->type) {
	case REQUEST_PING:
		peer_send(
		    p, &(struct event){ .type = EVENT_PONG, .re = r->id });
		return;
	case REQUEST_BYE:
		p->ops->close(p->conn);
		return;
	case REQUEST_TICKETS:
		send_queue(p, r->id);
		return;
	case REQUEST_VIEW:
		view(p, r);
		return;
	case REQUEST_CANNED:
	case REQUEST_STATS:
	case REQUEST_ENDED:
	case REQUEST_AUDIT:
		report_request(p, r);
		return;
	case REQUEST_CLAIM:
	case REQUEST_MESSAGE:
	case REQUEST_NOTE:
	case REQUEST_TRANSFER:
	case REQUEST_RELEASE:
	case REQUEST_RESOLVE:
	case REQUEST_RETURN_TO_BOT:
	case REQUEST_SNOOZE:
	case REQUEST_DRAFT:
	case REQUEST_TYPING:
		on_ticket(p, r);
		return;
	case REQUEST_HELLO:
	case REQUEST_FEEDBACK:
	case REQUEST_ATTRIBUTES:
	case REQUEST_STATUS:
	case REQUEST_RELOAD:
	case REQUEST_AGENT_ADD:
	case REQUEST_AGENT_LIST:
	case REQUEST_AGENT_TOKEN:
	case REQUEST_AGENT_PASSWD:
	case REQUEST_AGENT_SET:
	case REQUEST_SIGN_IN:
	case REQUEST_AGENT_DISABLE:
	case REQUEST_EXPORT:
	case REQUEST_FORGET:
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "an agent's connection cannot do this");
	}
}
