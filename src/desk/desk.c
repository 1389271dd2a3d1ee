/* The human queue.  Tickets live from desk_add to desk_end; the queue's order
 * is computed, not kept, since a shop has tens of tickets. */
#include "desk/desk.h"
#include "base/map.h"
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>

enum { SERVICE_TIMES = 16 }; /* recent ones that the estimate looks at */

struct agent_here {
	struct agent_profile who;
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
		if (strcmp(d->agents[i].who.name, name) == 0)
			return &d->agents[i];
	return NULL;
}

bool desk_waits(const struct ticket *t)
{
	return t->state == TICKET_WAITING && t->snooze_ms == 0;
}

void desk_arrive(struct desk *d, const struct agent_profile *who)
{
	struct agent_here *a = find_agent(d, who->name);
	if (a == NULL) {
		VEC_ROOM(d->agents, d->n_agents, d->cap_agents);
		a = &d->agents[d->n_agents++];
		a->connections = 0;
	}
	a->who = *who;
	a->connections++;
}

void desk_update(struct desk *d, const struct agent_profile *who)
{
	struct agent_here *a = find_agent(d, who->name);
	if (a != NULL)
		a->who = *who;
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

static int count_held(const struct desk *d, const char *agent)
{
	int n = 0;
	for (size_t i = 0; i < d->n; i++)
		n += d->tickets[i]->state == TICKET_HELD &&
		     strcmp(d->tickets[i]->agent, agent) == 0;
	return n;
}

const struct agent_profile *desk_agent(
    const struct desk *d, size_t i, int *holds)
{
	*holds = count_held(d, d->agents[i].who.name);
	return &d->agents[i].who;
}

static bool is_full(const struct desk *d, const char *agent)
{
	const struct agent_here *a = find_agent(d, agent);
	return a != NULL && a->who.capacity > 0 &&
	       count_held(d, agent) >= a->who.capacity;
}

static void give(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms)
{
	t->generation++;
	t->lease_until_ms = now_ms + d->lease_ms;
	FIELD_SET(t->agent, agent, strlen(agent));
}

enum desk_refusal desk_claim(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms)
{
	if (t->state != TICKET_WAITING)
		return DESK_NOT_WAITING;
	if (t->urgency != URGENCY_CRISIS && is_full(d, agent))
		return DESK_FULL;
	t->state = TICKET_HELD;
	t->front = false;
	t->snooze_ms = 0;
	t->claimed_ms = now_ms;
	if (t->first_ms == 0)
		t->first_ms = now_ms;
	give(d, t, agent, now_ms);
	return DESK_OK;
}

void desk_take_over(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms)
{
	give(d, t, agent, now_ms);
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

void desk_snooze(struct desk *d, struct ticket *t, int64_t until_ms)
{
	char agent[LIMIT_NAME_BYTES];
	memcpy(agent, t->agent, sizeof(agent));
	desk_requeue(d, t, until_ms);
	memcpy(t->prefer, agent, sizeof(agent));
	t->snooze_ms = until_ms;
}

void desk_wake(struct desk *d, struct ticket *t, int64_t now_ms)
{
	(void)d; /* the queue is computed from the tickets */
	t->snooze_ms = 0;
	t->queued_ms = now_ms;
}

struct ticket *desk_due(const struct desk *d, int64_t now_ms)
{
	for (size_t i = 0; i < d->n; i++)
		if (d->tickets[i]->state == TICKET_WAITING &&
		    d->tickets[i]->snooze_ms != 0 &&
		    d->tickets[i]->snooze_ms <= now_ms)
			return d->tickets[i];
	return NULL;
}

void desk_transfer(
    struct desk *d, struct ticket *t, const char *to, int64_t now_ms)
{
	give(d, t, to, now_ms);
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

/* Its class now: with age an ordinary ticket comes to count as an upset one,
 * but danger stays before everything. */
static enum urgency class_of(const struct ticket *t, int64_t now_ms)
{
	return t->urgency == URGENCY_NORMAL &&
		       now_ms - t->opened_ms >= DESK_AGING_MS
		   ? URGENCY_UPSET
		   : t->urgency;
}

/* Does a stand before b?  Ties (same millisecond) go by ticket number. */
static bool stands_before(
    const struct ticket *a, const struct ticket *b, int64_t now_ms)
{
	enum urgency x = class_of(a, now_ms), y = class_of(b, now_ms);
	if (x != y)
		return x < y;
	if (a->front != b->front)
		return a->front;
	if (a->queued_ms != b->queued_ms)
		return a->queued_ms < b->queued_ms;
	return a->id < b->id;
}

int desk_position(const struct desk *d, const struct ticket *t,
    enum urgency urgency, int64_t now_ms)
{
	struct ticket last = { .id = INT64_MAX,
		.urgency = urgency,
		.opened_ms = now_ms,
		.queued_ms = INT64_MAX };
	const struct ticket *of = t != NULL ? t : &last;
	int position = 1;
	for (size_t i = 0; i < d->n; i++)
		position += d->tickets[i] != t && desk_waits(d->tickets[i]) &&
			    stands_before(d->tickets[i], of, now_ms);
	return position;
}

/* Sort by merging: qsort has no room for the time. */
static void sort(
    struct ticket **v, struct ticket **spare, size_t n, int64_t now_ms)
{
	if (n < 2)
		return;
	size_t half = n / 2, i = 0, j = half;
	sort(v, spare, half, now_ms);
	sort(v + half, spare, n - half, now_ms);
	for (size_t k = 0; k < n; k++)
		spare[k] =
		    j == n || (i < half && stands_before(v[i], v[j], now_ms))
			? v[i++]
			: v[j++];
	memcpy(v, spare, n * sizeof(struct ticket *));
}

struct ticket **desk_queue(const struct desk *d, int64_t now_ms, size_t *n)
{
	struct ticket **v = xcalloc(2 * d->n + 1, sizeof(struct ticket *));
	*n = 0;
	for (size_t i = 0; i < d->n; i++)
		if (desk_waits(d->tickets[i]))
			v[(*n)++] = d->tickets[i];
	sort(v, v + *n, *n, now_ms);
	return v;
}

/* Is word in a list with spaces between?  An empty list or word says nothing
 * against it. */
static bool allows(const char *list, const char *word)
{
	struct str rest = str_of(list), item;
	if (*list == '\0' || *word == '\0')
		return true;
	while (str_next(&rest, ' ', &item))
		if (str_is(item, word))
			return true;
	return false;
}

static bool suits(const struct agent_profile *who, const struct ticket *t)
{
	return allows(who->langs, t->lang) && allows(who->topics, t->topic);
}

/* Is there somebody here with the skill? */
static bool somebody_suits(const struct desk *d, const struct ticket *t)
{
	for (size_t i = 0; i < d->n_agents; i++)
		if (suits(&d->agents[i].who, t))
			return true;
	return false;
}

/* May this agent take it next, or is it kept for another?  Danger is for
 * whoever comes first. */
static bool is_for(const struct desk *d, const struct agent_here *a,
    const struct ticket *t, int64_t now_ms)
{
	int64_t waited = now_ms - t->queued_ms;
	if (t->urgency == URGENCY_CRISIS)
		return true;
	if (t->prefer[0] != '\0' && waited < DESK_PREFER_MS &&
	    strcmp(t->prefer, a->who.name) != 0 &&
	    find_agent(d, t->prefer) != NULL && !is_full(d, t->prefer))
		return false;
	return suits(&a->who, t) || waited >= DESK_PATIENCE_MS ||
	       !somebody_suits(d, t);
}

struct ticket *desk_next(
    const struct desk *d, const char *agent, int64_t now_ms)
{
	const struct agent_here *a = find_agent(d, agent);
	bool full = is_full(d, agent);
	struct ticket *best = NULL;
	for (size_t i = 0; a != NULL && i < d->n; i++) {
		struct ticket *t = d->tickets[i];
		if (!desk_waits(t) || (full && t->urgency != URGENCY_CRISIS) ||
		    (best != NULL && !stands_before(t, best, now_ms)) ||
		    !is_for(d, a, t, now_ms))
			continue;
		best = t;
	}
	return best;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* The quartiles of recent service times; false before three are known. */
static bool usual_service_ms(const struct desk *d, int64_t quartile[3])
{
	enum { ENOUGH = 3 };
	int64_t sorted[SERVICE_TIMES];
	size_t n = d->n_service < SERVICE_TIMES ? d->n_service : SERVICE_TIMES;
	if (n < ENOUGH)
		return false;
	memcpy(sorted, d->service_ms, n * sizeof(*sorted));
	qsort(sorted, n, sizeof(*sorted), by_size);
	quartile[0] = sorted[n / 4];
	quartile[1] = sorted[n / 2];
	quartile[2] = sorted[n * 3 / 4];
	return true;
}

void desk_estimate(const struct desk *d, struct desk_view *view)
{
	int64_t quartile[3], people = (int64_t)d->n_agents;
	view->wait_ms = -1;
	view->wait_low_ms = view->wait_high_ms = 0;
	if (people == 0 || !usual_service_ms(d, quartile))
		return;
	view->wait_low_ms = quartile[0] * view->position / people;
	view->wait_ms = quartile[1] * view->position / people;
	view->wait_high_ms = quartile[2] * view->position / people;
}

void desk_view(const struct desk *d, const struct ticket *t,
    enum urgency urgency, int64_t now_ms, struct desk_view *out)
{
	*out = (struct desk_view){ .open = true,
		.agents = (int)d->n_agents,
		.position = desk_position(d, t, urgency, now_ms),
		.danger = t != NULL && (t->urgency == URGENCY_CRISIS ||
					   t->reason == REASON_WORRY) };
	desk_estimate(d, out);
}
