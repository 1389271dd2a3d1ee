/* The human queue.  Tickets live from desk_add to desk_end; the queue's order
 * is computed, not kept, since a shop has tens of tickets. */
#include "desk/desk.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

enum { SERVICE_TIMES = 16 }; /* recent ones that the estimate looks at */

struct agent_here {
	char name[LIMIT_NAME_BYTES];
	int connections;
};

struct desk {
	int64_t lease_ms;
	struct ticket **tickets;
	size_t n, cap;
	struct agent_here *agents;
	size_t n_agents, cap_agents;
	int64_t service_ms[SERVICE_TIMES]; /* claim to end, a ring */
	size_t n_service;
};

struct desk *desk_new(int64_t lease_ms)
{
	struct desk *d = xcalloc(1, sizeof(*d));
	d->lease_ms = lease_ms;
	return d;
}

void desk_free(struct desk *d)
{
	if (d == NULL)
		return;
	for (size_t i = 0; i < d->n; i++)
		free(d->tickets[i]);
	free(d->tickets);
	free(d->agents);
	free(d);
}

struct ticket *desk_add(struct desk *d, const struct ticket *t, int64_t now_ms)
{
	struct ticket *own = xmalloc(sizeof(*own));
	*own = *t;
	if (own->state == TICKET_HELD)
		own->lease_until_ms = now_ms + d->lease_ms;
	VEC_ROOM(d->tickets, d->n, d->cap);
	d->tickets[d->n++] = own;
	return own;
}

struct ticket *desk_find(struct desk *d, int64_t id)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->tickets[i]->id == id)
			return d->tickets[i];
	return NULL;
}

struct ticket *desk_find_conversation(struct desk *d, const char *conv)
{
	for (size_t i = 0; i < d->n; i++)
		if (strcmp(d->tickets[i]->conversation, conv) == 0)
			return d->tickets[i];
	return NULL;
}

struct ticket **desk_tickets(const struct desk *d, size_t *n)
{
	*n = d->n;
	return d->tickets;
}

static struct agent_here *find_agent(const struct desk *d, const char *name)
{
	for (size_t i = 0; i < d->n_agents; i++)
		if (strcmp(d->agents[i].name, name) == 0)
			return &d->agents[i];
	return NULL;
}

void desk_arrive(struct desk *d, const char *agent)
{
	struct agent_here *a = find_agent(d, agent);
	if (a == NULL) {
		VEC_ROOM(d->agents, d->n_agents, d->cap_agents);
		a = &d->agents[d->n_agents++];
		FIELD_SET(a->name, agent, strlen(agent));
		a->connections = 0;
	}
	a->connections++;
}

void desk_leave(struct desk *d, const char *agent)
{
	struct agent_here *a = find_agent(d, agent);
	if (a != NULL && --a->connections == 0)
		*a = d->agents[--d->n_agents];
}

bool desk_is_here(const struct desk *d, const char *agent)
{
	return find_agent(d, agent) != NULL;
}

int desk_agents(const struct desk *d)
{
	return (int)d->n_agents;
}

enum desk_refusal desk_claim(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms)
{
	if (t->state != TICKET_WAITING)
		return DESK_NOT_WAITING;
	t->state = TICKET_HELD;
	t->generation++;
	t->front = false;
	t->claimed_ms = now_ms;
	t->lease_until_ms = now_ms + d->lease_ms;
	FIELD_SET(t->agent, agent, strlen(agent));
	return DESK_OK;
}

enum desk_refusal desk_may_act(
    const struct ticket *t, const char *agent, int64_t generation)
{
	if (generation != t->generation)
		return DESK_STALE;
	if (t->state != TICKET_HELD || strcmp(t->agent, agent) != 0)
		return DESK_NOT_HOLDER;
	return DESK_OK;
}

void desk_touch(struct desk *d, const char *agent, int64_t now_ms)
{
	for (size_t i = 0; i < d->n; i++) {
		struct ticket *t = d->tickets[i];
		if (t->state == TICKET_HELD && strcmp(t->agent, agent) == 0 &&
		    t->lease_until_ms < now_ms + d->lease_ms)
			t->lease_until_ms = now_ms + d->lease_ms;
	}
}

void desk_requeue(struct desk *d, struct ticket *t, int64_t now_ms)
{
	(void)d; /* the queue is computed from the tickets */
	t->state = TICKET_WAITING;
	t->generation++;
	t->front = true;
	t->queued_ms = now_ms;
	t->agent[0] = '\0';
	t->lease_until_ms = 0;
}

void desk_transfer(
    struct desk *d, struct ticket *t, const char *to, int64_t now_ms)
{
	t->generation++;
	t->lease_until_ms = now_ms + d->lease_ms;
	FIELD_SET(t->agent, to, strlen(to));
}

void desk_shift_leases(struct desk *d, int64_t by_ms)
{
	for (size_t i = 0; i < d->n; i++)
		d->tickets[i]->lease_until_ms += by_ms;
}

struct ticket *desk_expired(const struct desk *d, int64_t now_ms)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->tickets[i]->state == TICKET_HELD &&
		    d->tickets[i]->lease_until_ms <= now_ms)
			return d->tickets[i];
	return NULL;
}

void desk_end(struct desk *d, struct ticket *t, int64_t now_ms)
{
	if (t->claimed_ms > 0 && now_ms > t->claimed_ms)
		d->service_ms[d->n_service++ % SERVICE_TIMES] =
		    now_ms - t->claimed_ms;
	for (size_t i = 0; i < d->n; i++)
		if (d->tickets[i] == t) {
			d->tickets[i] = d->tickets[--d->n];
			break;
		}
	free(t);
}

/* Does a stand before b?  Ties (same millisecond) go by ticket number. */
static bool stands_before(const struct ticket *a, const struct ticket *b)
{
	if (a->urgency != b->urgency)
		return a->urgency < b->urgency;
	if (a->front != b->front)
		return a->front;
	if (a->queued_ms != b->queued_ms)
		return a->queued_ms < b->queued_ms;
	return a->id < b->id;
}

int desk_position(
    const struct desk *d, const struct ticket *t, enum urgency urgency)
{
	struct ticket last = {
		.id = INT64_MAX, .urgency = urgency, .queued_ms = INT64_MAX
	};
	const struct ticket *of = t != NULL ? t : &last;
	int position = 1;
	for (size_t i = 0; i < d->n; i++)
		position += d->tickets[i] != t &&
			    d->tickets[i]->state == TICKET_WAITING &&
			    stands_before(d->tickets[i], of);
	return position;
}

struct ticket *desk_first(const struct desk *d)
{
	struct ticket *first = NULL;
	for (size_t i = 0; i < d->n; i++) {
		struct ticket *t = d->tickets[i];
		if (t->state == TICKET_WAITING &&
		    (first == NULL || stands_before(t, first)))
			first = t;
	}
	return first;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The median of recent service times; -1 before three are known. */
static int64_t usual_service_ms(const struct desk *d)
{
	enum { ENOUGH = 3 };
	int64_t sorted[SERVICE_TIMES];
	size_t n = d->n_service < SERVICE_TIMES ? d->n_service : SERVICE_TIMES;
	if (n < ENOUGH)
		return -1;
	memcpy(sorted, d->service_ms, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_size);
	return sorted[n / 2];
}

void desk_view(const struct desk *d, const struct ticket *t,
    enum urgency urgency, struct desk_view *out)
{
	*out = (struct desk_view){ .open = true,
		.agents = (int)d->n_agents,
		.position = desk_position(d, t, urgency),
		.wait_ms = -1,
		.danger = t != NULL && t->urgency == URGENCY_CRISIS };
	int64_t usual = usual_service_ms(d);
	if (usual >= 0 && d->n_agents > 0)
		out->wait_ms = usual * out->position / (int64_t)d->n_agents;
}
