#ifndef HG_DESK_DESK_H
#define HG_DESK_DESK_H

#include "base/err.h"
#include "model/ticket.h"

/* The human queue, pure: who waits, who is here, who holds which ticket.  Time
 * is given; what must be told or stored is the caller's business. */

enum {
	/* an ordinary ticket that has waited so long counts as an upset one:
	 * nobody waits for ever behind newer and angrier customers */
	DESK_AGING_MS = 15 * 60 * 1000,
	/* so long a ticket is kept for an agent who has the skill... */
	DESK_PATIENCE_MS = 5 * 60 * 1000,
	/* ...or who knows the customer, while they are here and free */
	DESK_PREFER_MS = 2 * 60 * 1000,
};

struct desk;

struct desk *desk_new(int64_t lease_ms);
void desk_free(struct desk *d);

/* Add an open ticket: a new one, or one from the store at start (a held one
 * gets a fresh lease).  Returns the desk's own copy, valid until it ends. */
struct ticket *desk_add(struct desk *d, const struct ticket *t, int64_t now_ms);
struct ticket *desk_find(struct desk *d, int64_t id);
struct ticket *desk_find_conversation(struct desk *d, const char *conv);
/* All open tickets, in no order; borrowed. */
struct ticket **desk_tickets(const struct desk *d, size_t *n);
/* It waits for somebody now: not held, not put off. */
bool desk_waits(const struct ticket *t);

/* Agents by name; a second connection of the same agent counts once more, and
 * brings the profile up to date. */
void desk_arrive(struct desk *d, const struct agent_profile *who);
/* The profile has changed; nothing happens when they are not here. */
void desk_update(struct desk *d, const struct agent_profile *who);
void desk_leave(struct desk *d, const char *agent);
bool desk_is_here(const struct desk *d, const char *agent);
int desk_agents(const struct desk *d);
/* The i-th of those who are here, and how many tickets they hold. */
const struct agent_profile *desk_agent(
    const struct desk *d, size_t i, int *holds);

/* Why a verb was refused. */
enum desk_refusal {
	DESK_OK,
	DESK_NOT_WAITING, /* somebody else has it, or it has ended */
	DESK_NOT_HOLDER,
	DESK_STALE, /* the generation has moved on */
	DESK_FULL,  /* the agent holds as many as they may */
};
/* Take a waiting ticket: the generation goes up, the lease starts.  Danger is
 * taken beyond any capacity, and a ticket that was put off too. */
enum desk_refusal desk_claim(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms);
/* The same for a ticket that somebody else holds: a supervisor's right. */
void desk_take_over(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms);
/* May this agent, knowing this generation, act on the ticket? */
enum desk_refusal desk_may_act(
    const struct ticket *t, const char *agent, int64_t generation);
/* Any sign of life of an agent renews the leases of what it holds. */
void desk_touch(struct desk *d, const char *agent, int64_t now_ms);
/* Back to the front of its class: given back, or the lease is lost. */
void desk_requeue(struct desk *d, struct ticket *t, int64_t now_ms);
/* Put a held ticket off until a time; it will be kept for the same agent. */
void desk_snooze(struct desk *d, struct ticket *t, int64_t until_ms);
/* Into the queue again, at the front: its time has come, or the customer has
 * written. */
void desk_wake(struct desk *d, struct ticket *t, int64_t now_ms);
/* A ticket whose time has come, or NULL. */
struct ticket *desk_due(const struct desk *d, int64_t now_ms);
/* Hand a held ticket to another agent. */
void desk_transfer(
    struct desk *d, struct ticket *t, const char *to, int64_t now_ms);
/* The wall clock has jumped by this much: leases move with it. */
void desk_shift_leases(struct desk *d, int64_t by_ms);
/* A held ticket whose lease has run out, or NULL. */
struct ticket *desk_expired(const struct desk *d, int64_t now_ms);
/* Take a ticket out of the desk (resolved, back, forgotten) and free it. */
void desk_end(struct desk *d, struct ticket *t, int64_t now_ms);

/* The place in the queue, from 1, of t; of one more of that urgency when t is
 * NULL.  Order: urgency (with age), then `front`, then who has waited
 * longest. */
int desk_position(const struct desk *d, const struct ticket *t,
    enum urgency urgency, int64_t now_ms);
/* Those who wait, first in the queue first.  The caller frees the list. */
struct ticket **desk_queue(const struct desk *d, int64_t now_ms, size_t *n);
/* What this agent takes next, or NULL: the first in the queue that suits their
 * languages and topics and is not kept for somebody else; when they are full,
 * danger only. */
struct ticket *desk_next(
    const struct desk *d, const char *agent, int64_t now_ms);
/* The estimate alone, for view->position.  It is the median of recent service
 * times for every place ahead, shared by those who are here; its bounds are
 * their quartiles. */
void desk_estimate(const struct desk *d, struct desk_view *view);
/* What a customer may be told. */
void desk_view(const struct desk *d, const struct ticket *t,
    enum urgency urgency, int64_t now_ms, struct desk_view *out);

#endif
