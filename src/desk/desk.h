#ifndef HG_DESK_DESK_H
#define HG_DESK_DESK_H

#include "base/err.h"
#include "model/ticket.h"

/* The human queue, pure: who waits, who is here, who holds which ticket.  Time
 * is given; what must be told or stored is the caller's business. */

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

/* Agents by name; a second connection of the same agent counts once more. */
void desk_arrive(struct desk *d, const char *agent);
void desk_leave(struct desk *d, const char *agent);
bool desk_is_here(const struct desk *d, const char *agent);
int desk_agents(const struct desk *d);

/* Why a verb was refused. */
enum desk_refusal {
	DESK_OK,
	DESK_NOT_WAITING, /* somebody else has it, or it has ended */
	DESK_NOT_HOLDER,
	DESK_STALE, /* the generation has moved on */
};
/* Take a waiting ticket: the generation goes up, the lease starts. */
enum desk_refusal desk_claim(
    struct desk *d, struct ticket *t, const char *agent, int64_t now_ms);
/* May this agent, knowing this generation, act on the ticket? */
enum desk_refusal desk_may_act(
    const struct ticket *t, const char *agent, int64_t generation);
/* Any sign of life of an agent renews the leases of what it holds. */
void desk_touch(struct desk *d, const char *agent, int64_t now_ms);
/* Back to the front of its class: given back, or the lease is lost. */
void desk_requeue(struct desk *d, struct ticket *t, int64_t now_ms);
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
 * NULL.  Order: urgency, then `front`, then who has waited longest. */
int desk_position(
    const struct desk *d, const struct ticket *t, enum urgency urgency);
/* Who is first in the queue, or NULL. */
struct ticket *desk_first(const struct desk *d);
/* What a customer may be told. */
void desk_view(const struct desk *d, const struct ticket *t,
    enum urgency urgency, struct desk_view *out);

#endif
