/* A gateway: one connection, with a token, that brings the customers of another
 * channel.  Each conversation on it has a peer of its own, so that the rest of
 * the hub sees customers; what they are sent goes out on the gateway's
 * connection with the conversation's name in front. */
#include "base/mem.h"
#include "hub/inner.h"

#include <stdlib.h>

enum { MOST_CARRIED = 10000 };

/* Send an event of the conversation's on the gateway's connection. */
static void carried_send(void *arg, const struct hub_said *said)
{
	struct peer *p = arg, *gateway = p->gateway;
	struct hub_said out = *said;
	struct buf json = { 0 };
	if (said->type != EVENT_WELCOME && p->carries[0] != '\0') {
		buf_addf(&json, "{\"conversation\":\"%s\",%.*s", p->carries,
		    (int)said->json.n - 1, said->json.p + 1);
		out.json = buf_str(&json);
	}
	if (!gateway->gone)
		gateway->ops->send(gateway->conn, &out);
	buf_clear(&json);
}

static void carried_ready(void *arg)
{
	struct peer *p = arg, *gateway = p->gateway;
	if (p->conv == NULL && !p->waiting && p->pending == 0 && !p->idle) {
		/* it came to nothing; not ended from inside the hub */
		p->idle = true;
		p->next_in_conv = gateway->idlers;
		gateway->idlers = p;
	}
	if (!gateway->gone)
		gateway->ops->ready(gateway->conn);
}

static void carried_close(void *arg)
{
	(void)arg; /* the gateway's connection is not one customer's to close */
}

static const struct peer_ops carried_ops = { carried_send, carried_ready,
	carried_close };

void gateway_hello(struct peer *p, const struct request *r)
{
	const struct store_account *a =
	    r->token.p != NULL
		? people_by_token(p->hub, ACCOUNT_GATEWAY, r->token)
		: NULL;
	if (p->role != PEER_NEW) {
		hub_refuse(p, r->id, ERROR_CONFLICT,
		    "this connection is in use; open another for a gateway");
		return;
	}
	if (a == NULL) {
		log_line(
		    LOG_WARN, "hub", "gateway refused reason=\"bad token\"");
		hub_refuse(p, r->id, ERROR_BAD_TOKEN,
		    "this token is not a gateway's; make one with hangatctl "
		    "tokens add gateway NAME");
		return;
	}
	p->role = PEER_GATEWAY;
	p->carried.seed = p->hub->convs.seed;
	FIELD_SET(p->agent, a->who.name, strlen(a->who.name));
	log_line(LOG_INFO, "hub", "gateway=\"%s\" connected", p->agent);
	peer_send(p, &(struct event){ .type = EVENT_WELCOME,
			 .re = r->id,
			 .role = "gateway",
			 .from_name = p->agent });
}

static void end_idlers(struct peer *gateway)
{
	while (gateway->idlers != NULL) {
		struct peer *p = gateway->idlers;
		gateway->idlers = p->next_in_conv;
		p->next_in_conv = NULL;
		hub_disconnect(p);
	}
}

/* Letters and digits, as a conversation's name is made of. */
static bool is_plain(struct str id)
{
	for (size_t i = 0; i < id.n; i++)
		if (memchr("abcdefghijklmnopqrstuvwxyz0123456789_", id.p[i],
			37) == NULL)
			return false;
	return id.n > 0 && id.n < CONV_ID_BYTES;
}

/* A customer's hello: the conversation gets a peer. */
static void begin(struct peer *gateway, const struct request *r)
{
	struct str rest = r->resume, id = STR_NONE;
	if (gateway->carried.n >= MOST_CARRIED) {
		hub_refuse(gateway, r->id, ERROR_BUSY,
		    "a gateway's connection carries at most %d conversations; "
		    "open another",
		    MOST_CARRIED);
		return;
	}
	if (rest.p != NULL && str_next(&rest, '.', &id) &&
	    map_get(&gateway->carried, id) != NULL) {
		hub_refuse(gateway, r->id, ERROR_CONFLICT,
		    "this connection has the conversation already");
		return;
	}
	struct peer *p =
	    hub_connect(gateway->hub, gateway->door, false, &carried_ops, NULL);
	p->conn = p;
	p->gateway = gateway;
	if (is_plain(id)) /* else it is refused */
		FIELD_SET(p->carries, id.p, id.n);
	customer_request(p, r);
	if (p->conv == NULL && !p->waiting && p->pending == 0)
		hub_disconnect(p); /* refused at once */
}

void gateway_request(struct peer *p, const struct request *r)
{
	end_idlers(p);
	if (r->type == REQUEST_PING) {
		peer_send(
		    p, &(struct event){ .type = EVENT_PONG, .re = r->id });
		return;
	}
	if (r->type == REQUEST_HELLO && r->role.p == NULL) {
		begin(p, r);
		return;
	}
	if (r->type == REQUEST_BYE && r->conversation.p == NULL) {
		p->ops->close(p->conn);
		return;
	}
	if (r->conversation.p == NULL) {
		hub_refuse(p, r->id, ERROR_MISSING_FIELD,
		    "\"conversation\" is missing; say hello for each customer, "
		    "and name the conversation of its welcome");
		return;
	}
	struct peer *one = map_get(&p->carried, r->conversation);
	if (one == NULL)
		hub_refuse(p, r->id, ERROR_NOT_FOUND,
		    "this connection has no such conversation; say hello with "
		    "its resume token");
	else if (r->type == REQUEST_BYE)
		hub_disconnect(one);
	else
		customer_request(one, r);
}

void gateway_joined(struct peer *p)
{
	if (p->gateway == NULL)
		return;
	FIELD_SET(p->carries, p->conv->id, strlen(p->conv->id));
	(void)map_put(&p->gateway->carried, str_of(p->carries),
	    p); /* new there: begin() has looked */
}

void gateway_left(struct peer *p)
{
	if (p->gateway != NULL)
		(void)map_del(
		    &p->gateway->carried, str_of(p->carries)); /* it is there */
}

void gateway_caught_up(struct peer *p)
{
	if (p->waits == 0)
		return;
	for (struct peer *x = p->hub->peers; x != NULL; x = x->next)
		if (x->gateway == p && x->resuming != NULL) {
			resume_more(x);
			return; /* one at a time: the reader's pace */
		}
}

void gateway_gone(struct peer *p)
{
	end_idlers(p);
	for (struct peer *x = p->hub->peers, *next; x != NULL; x = next) {
		next = x->next;
		if (x->gateway != p)
			continue;
		hub_disconnect(x);
	}
	map_clear(&p->carried);
}
