/* desk: claims, leases, order. */
#include "base/mem.h"
#include "base/rng.h"
#include "desk/desk.h"
#include "unit/unit.h"

#include <stdlib.h>

static struct ticket *add(
    struct desk *d, int64_t id, enum urgency urgency, int64_t at_ms)
{
	struct ticket t = { .id = id,
		.urgency = urgency,
		.opened_ms = at_ms,
		.queued_ms = at_ms };
	return desk_add(d, &t, at_ms);
}

static void arrive(struct desk *d, const char *name, int capacity,
    const char *langs, const char *topics)
{
	struct agent_profile who = { .capacity = capacity };
	FIELD_SET(who.name, name, strlen(name));
	FIELD_SET(who.langs, langs, strlen(langs));
	FIELD_SET(who.topics, topics, strlen(topics));
	desk_arrive(d, &who);
}

static void claim_is_for_one(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	struct ticket *t = add(d, 1, URGENCY_NORMAL, 10);
	assert_int_equal(desk_claim(d, t, "Sari", 20), DESK_OK);
	assert_int_equal(t->generation, 1);
	assert_int_equal(desk_claim(d, t, "Budi", 20), DESK_NOT_WAITING);
	assert_int_equal(desk_may_act(t, "Sari", 1), DESK_OK);
	assert_int_equal(desk_may_act(t, "Budi", 1), DESK_NOT_HOLDER);
	assert_int_equal(desk_may_act(t, "Sari", 0), DESK_STALE);
	desk_free(d);
}

static void lost_lease_goes_to_the_front_of_its_class(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	struct ticket *old = add(d, 1, URGENCY_NORMAL, 10);
	struct ticket *lost = add(d, 2, URGENCY_NORMAL, 20);
	struct ticket *upset = add(d, 3, URGENCY_UPSET, 30);
	assert_int_equal(desk_claim(d, lost, "Sari", 100), DESK_OK);
	desk_touch(d, "Sari", 500);
	assert_null(desk_expired(d, 1499));
	assert_ptr_equal(desk_expired(d, 1500), lost);
	desk_requeue(d, lost, 1500);
	assert_int_equal(desk_may_act(lost, "Sari", 1), DESK_STALE);
	assert_int_equal(desk_position(d, upset, URGENCY_UPSET, 1500), 1);
	assert_int_equal(desk_position(d, lost, URGENCY_NORMAL, 1500), 2);
	assert_int_equal(desk_position(d, old, URGENCY_NORMAL, 1500), 3);
	assert_int_equal(desk_position(d, NULL, URGENCY_CRISIS, 1500), 1);
	arrive(d, "Sari", 0, "", "");
	assert_ptr_equal(desk_next(d, "Sari", 1500), upset);
	desk_free(d);
}

static void a_clock_that_jumps_takes_leases_along(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	struct ticket *t = add(d, 1, URGENCY_NORMAL, 10);
	assert_int_equal(desk_claim(d, t, "Sari", 100), DESK_OK);
	desk_shift_leases(d, 86400000);
	assert_null(desk_expired(d, 86400000 + 1099));
	assert_ptr_equal(desk_expired(d, 86400000 + 1100), t);
	desk_free(d);
}

static void estimate_needs_experience(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	struct desk_view v;
	arrive(d, "Sari", 0, "", "");
	arrive(d, "Sari", 0, "", "");
	desk_view(d, NULL, URGENCY_NORMAL, 0, &v);
	assert_int_equal(v.agents, 1);
	assert_int_equal(v.wait_ms, -1);
	for (int64_t i = 0; i < 3; i++) {
		struct ticket *t = add(d, i, URGENCY_NORMAL, i * 1000);
		(void)desk_claim(d, t, "Sari", i * 1000 + 1);
		desk_end(d, t, i * 1000 + 1 + (i + 1) * 60000);
	}
	desk_view(d, NULL, URGENCY_NORMAL, 0, &v);
	assert_int_equal(v.wait_low_ms, 60000);
	assert_int_equal(v.wait_ms, 120000);
	assert_int_equal(v.wait_high_ms, 180000);
	(void)add(d, 9, URGENCY_NORMAL, 0);
	desk_view(d, NULL, URGENCY_NORMAL, 0, &v);
	assert_int_equal(v.wait_ms, 2 * 120000);
	arrive(d, "Budi", 0, "", "");
	desk_view(d, NULL, URGENCY_NORMAL, 0, &v);
	assert_int_equal(v.wait_ms, 120000);
	desk_leave(d, "Sari");
	assert_true(desk_is_here(d, "Sari"));
	desk_leave(d, "Sari");
	assert_false(desk_is_here(d, "Sari"));
	desk_free(d);
}

/* Danger is not waved off by the customer, nor is what may be it. */
static void who_waits_because_of_danger(void **state)
{
	(void)state;
	struct desk *d = desk_new(60000);
	struct desk_view v;
	struct ticket *wish = add(d, 1, URGENCY_NORMAL, 0);
	struct ticket *danger = add(d, 2, URGENCY_CRISIS, 0);
	struct ticket *worry = add(d, 3, URGENCY_UPSET, 0);
	worry->reason = REASON_WORRY;
	desk_view(d, NULL, URGENCY_NORMAL, 0, &v);
	assert_false(v.danger);
	desk_view(d, wish, URGENCY_NORMAL, 0, &v);
	assert_false(v.danger);
	desk_view(d, danger, URGENCY_NORMAL, 0, &v);
	assert_true(v.danger);
	desk_view(d, worry, URGENCY_NORMAL, 0, &v);
	assert_true(v.danger);
	desk_free(d);
}

static void capacity_ends_at_danger(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	arrive(d, "Sari", 1, "", "");
	struct ticket *first = add(d, 1, URGENCY_NORMAL, 10);
	struct ticket *second = add(d, 2, URGENCY_UPSET, 20);
	assert_int_equal(desk_claim(d, first, "Sari", 30), DESK_OK);
	assert_int_equal(desk_claim(d, second, "Sari", 30), DESK_FULL);
	assert_null(desk_next(d, "Sari", 30));
	struct ticket *danger = add(d, 3, URGENCY_CRISIS, 40);
	assert_ptr_equal(desk_next(d, "Sari", 40), danger);
	assert_int_equal(desk_claim(d, danger, "Sari", 40), DESK_OK);
	desk_end(d, first, 50);
	desk_end(d, danger, 50);
	assert_ptr_equal(desk_next(d, "Sari", 60), second);
	desk_free(d);
}

static void skills_are_asked_first_and_not_for_ever(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	struct ticket *refund = add(d, 1, URGENCY_NORMAL, 0);
	FIELD_SET(refund->lang, "en", 2);
	FIELD_SET(refund->topic, "get_refund", 10);
	arrive(d, "Budi", 0, "id", "");
	/* nobody here has the skill: anybody will do */
	assert_ptr_equal(desk_next(d, "Budi", 0), refund);
	arrive(d, "Ellen", 0, "id en", "get_refund damaged_item");
	assert_null(desk_next(d, "Budi", 0));
	assert_ptr_equal(desk_next(d, "Ellen", 0), refund);
	assert_null(desk_next(d, "Budi", DESK_PATIENCE_MS - 1));
	assert_ptr_equal(desk_next(d, "Budi", DESK_PATIENCE_MS), refund);
	FIELD_SET(refund->topic, "store_hours", 11);
	assert_ptr_equal(desk_next(d, "Ellen", 0), refund); /* nobody's own */
	refund->urgency = URGENCY_CRISIS;
	assert_ptr_equal(desk_next(d, "Budi", 0), refund);
	desk_free(d);
}

static void who_knows_the_customer_comes_first(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	struct ticket *t = add(d, 1, URGENCY_NORMAL, 0);
	FIELD_SET(t->prefer, "Sari", 4);
	arrive(d, "Budi", 0, "", "");
	assert_ptr_equal(desk_next(d, "Budi", 0), t); /* Sari is not here */
	arrive(d, "Sari", 1, "", "");
	assert_null(desk_next(d, "Budi", 0));
	assert_ptr_equal(desk_next(d, "Sari", 0), t);
	assert_ptr_equal(desk_next(d, "Budi", DESK_PREFER_MS), t);
	struct ticket *other = add(d, 2, URGENCY_NORMAL, 5);
	assert_int_equal(desk_claim(d, other, "Sari", 6), DESK_OK);
	assert_ptr_equal(desk_next(d, "Budi", 6), t); /* Sari is full */
	desk_free(d);
}

static void put_off_it_comes_back_to_the_same_agent(void **state)
{
	(void)state;
	struct desk *d = desk_new(1000);
	arrive(d, "Sari", 0, "", "");
	arrive(d, "Budi", 0, "", "");
	struct ticket *t = add(d, 1, URGENCY_NORMAL, 0);
	struct ticket *newer = add(d, 2, URGENCY_NORMAL, 5);
	assert_int_equal(desk_claim(d, t, "Sari", 10), DESK_OK);
	desk_snooze(d, t, 50000);
	assert_int_equal(desk_may_act(t, "Sari", 1), DESK_STALE);
	assert_ptr_equal(desk_next(d, "Sari", 20), newer);
	assert_int_equal(desk_position(d, newer, URGENCY_NORMAL, 20), 1);
	assert_null(desk_due(d, 49999));
	assert_ptr_equal(desk_due(d, 50000), t);
	desk_wake(d, t, 50000);
	assert_null(desk_due(d, 50000));
	assert_ptr_equal(desk_next(d, "Sari", 50000), t); /* at the front */
	assert_ptr_equal(desk_next(d, "Budi", 50000), newer);
	/* it can be taken before its time as well */
	assert_int_equal(desk_claim(d, t, "Budi", 50001), DESK_OK);
	desk_snooze(d, t, 90000);
	assert_int_equal(desk_claim(d, t, "Sari", 60000), DESK_OK);
	assert_int_equal(t->snooze_ms, 0);
	desk_free(d);
}

/* Upset customers come faster than they are served, for hours: the ordinary one
 * at the start is served all the same. */
static void nobody_waits_for_ever(void **state)
{
	(void)state;
	enum { SERVICE = 60 * 1000, ARRIVES = 40 * 1000 };
	struct desk *d = desk_new(10 * SERVICE);
	arrive(d, "Sari", 0, "", "");
	struct ticket *plain = add(d, 1, URGENCY_NORMAL, 0);
	int64_t next = 2, came = 0, now_ms = 0;
	for (; now_ms < 3 * 3600 * 1000; now_ms += SERVICE) {
		for (; came <= now_ms; came += ARRIVES)
			(void)add(d, next++, URGENCY_UPSET, came);
		struct ticket *t = desk_next(d, "Sari", now_ms);
		assert_non_null(t);
		if (t == plain)
			break;
		assert_int_equal(desk_claim(d, t, "Sari", now_ms), DESK_OK);
		desk_end(d, t, now_ms);
	}
	assert_true(now_ms <= DESK_AGING_MS + SERVICE);
	desk_free(d);
}

enum { PEOPLE = 4, MOST_TICKETS = 14 };
static const char *const people[PEOPLE] = { "A", "B", "C", "D" };

/* What the model knows beside the desk. */
struct model {
	struct desk *d;
	struct rng rng;
	int64_t now_ms, next;
	size_t open; /* tickets made and not ended */
	bool here[PEOPLE];
};

static void come_or_go(struct model *m)
{
	static const char *const langs[] = { "", "id", "en" };
	static const char *const topics[] = { "", "refund", "size" };
	size_t i = rng_below(&m->rng, PEOPLE);
	if (m->here[i])
		desk_leave(m->d, people[i]);
	else
		arrive(m->d, people[i], (int)rng_below(&m->rng, 3),
		    langs[rng_below(&m->rng, 3)],
		    topics[rng_below(&m->rng, 3)]);
	m->here[i] = !m->here[i];
}

static void open_one(struct model *m)
{
	static const char *const langs[] = { "id", "en" };
	static const char *const topics[] = { "", "refund", "size" };
	struct ticket *t = add(m->d, m->next++,
	    (enum urgency)rng_below(&m->rng, URGENCY_COUNT), m->now_ms);
	const char *lang = langs[rng_below(&m->rng, 2)];
	const char *topic = topics[rng_below(&m->rng, 3)];
	FIELD_SET(t->lang, lang, strlen(lang));
	FIELD_SET(t->topic, topic, strlen(topic));
	if (rng_below(&m->rng, 3) == 0)
		FIELD_SET(t->prefer, people[rng_below(&m->rng, PEOPLE)], 1);
	m->open++;
}

static int held_by(struct model *m, const char *who)
{
	size_t n;
	struct ticket **all = desk_tickets(m->d, &n);
	int held = 0;
	for (size_t i = 0; i < n; i++)
		held += all[i]->state == TICKET_HELD &&
			strcmp(all[i]->agent, who) == 0;
	return held;
}

static int capacity_of(struct model *m, const char *who)
{
	for (int i = 0; i < desk_agents(m->d); i++) {
		int holds = 0;
		const struct agent_profile *a =
		    desk_agent(m->d, (size_t)i, &holds);
		if (strcmp(a->name, who) == 0)
			return a->capacity;
	}
	return 0;
}

static void try_claim(struct model *m, struct ticket *t, const char *who)
{
	int64_t was = t->generation;
	bool waiting = t->state == TICKET_WAITING;
	int most = capacity_of(m, who);
	bool full =
	    most > 0 && held_by(m, who) >= most && t->urgency != URGENCY_CRISIS;
	enum desk_refusal got = desk_claim(m->d, t, who, m->now_ms);
	assert_int_equal(got, !waiting ? DESK_NOT_WAITING
			      : full   ? DESK_FULL
				       : DESK_OK);
	assert_int_equal(t->generation, was + (got == DESK_OK));
}

/* What `next` gives waits, passes over no danger, and is the very first of the
 * queue once it has waited so long that nothing is kept for anybody. */
static void check_next(struct model *m, struct ticket **queue, size_t n)
{
	for (size_t i = 0; i < PEOPLE; i++) {
		struct ticket *t = desk_next(m->d, people[i], m->now_ms);
		int most = capacity_of(m, people[i]);
		bool full = most > 0 && held_by(m, people[i]) >= most;
		bool danger = n > 0 && queue[0]->urgency == URGENCY_CRISIS;
		if (!m->here[i] || n == 0) {
			assert_null(t);
			continue;
		}
		assert_true(t == NULL || desk_waits(t));
		if (danger)
			assert_ptr_equal(t, queue[0]);
		else if (full)
			assert_null(t);
		else if (m->now_ms - queue[0]->queued_ms >= DESK_PATIENCE_MS)
			assert_ptr_equal(t, queue[0]);
	}
}

static void check(struct model *m)
{
	size_t n, waiting;
	struct ticket **all = desk_tickets(m->d, &n);
	struct ticket **queue = desk_queue(m->d, m->now_ms, &waiting);
	assert_int_equal(n, m->open); /* none lost, none made twice */
	size_t waits = 0;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < i; j++)
			assert_int_not_equal(all[i]->id, all[j]->id);
		waits += desk_waits(all[i]);
		if (all[i]->state != TICKET_HELD) {
			assert_int_equal(all[i]->agent[0], '\0');
			continue;
		}
		assert_int_not_equal(all[i]->agent[0], '\0');
		assert_int_equal(all[i]->snooze_ms, 0);
		assert_true(all[i]->lease_until_ms > m->now_ms);
	}
	assert_int_equal(waiting, waits);
	for (size_t i = 0; i < waiting; i++)
		assert_int_equal(
		    desk_position(m->d, queue[i], queue[i]->urgency, m->now_ms),
		    i + 1);
	check_next(m, queue, waiting);
	free(queue);
}

static void one_event(struct model *m)
{
	size_t n;
	struct ticket **all = desk_tickets(m->d, &n);
	struct ticket *t = n != 0 ? all[rng_below(&m->rng, (uint32_t)n)] : NULL;
	const char *who = people[rng_below(&m->rng, PEOPLE)];
	int64_t was = t != NULL ? t->generation : 0;
	uint32_t what = rng_below(&m->rng, 10);
	bool mine = t != NULL && desk_may_act(t, who, was) == DESK_OK;
	if (what == 0 && n < MOST_TICKETS) {
		open_one(m);
	} else if (what == 1) {
		come_or_go(m);
	} else if (what == 2) {
		desk_touch(m->d, who, m->now_ms);
	} else if (t != NULL && what <= 4) {
		struct ticket *next = desk_next(m->d, who, m->now_ms);
		try_claim(m, what == 3 && next != NULL ? next : t, who);
	} else if (mine && what == 5) {
		desk_end(m->d, t, m->now_ms);
		m->open--;
	} else if (mine && what == 6) {
		desk_requeue(m->d, t, m->now_ms);
		assert_int_equal(t->generation, was + 1);
	} else if (mine && what == 7) {
		desk_snooze(m->d, t, m->now_ms + rng_below(&m->rng, 90000));
		assert_int_equal(t->generation, was + 1);
	} else if (mine && what == 8) {
		desk_transfer(m->d, t, people[0], m->now_ms);
		assert_int_equal(t->generation, was + 1);
	} else if (t != NULL && t->state == TICKET_HELD && what == 9) {
		desk_take_over(m->d, t, who, m->now_ms);
		assert_int_equal(t->generation, was + 1);
		assert_int_equal(desk_may_act(t, who, was), DESK_STALE);
	}
}

static void random_events_keep_the_invariants(void **state)
{
	(void)state;
	size_t events = 0;
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct model m = {
			.d = desk_new(30000), .rng = { seed }, .next = 1
		};
		for (int step = 0; step < 1500; step++, events++) {
			struct ticket *t;
			/* now and then an hour in which nobody moves */
			m.now_ms += rng_below(&m.rng, 200) == 0
					? 3600 * 1000
					: rng_below(&m.rng, 20000);
			while ((t = desk_expired(m.d, m.now_ms)) != NULL)
				desk_requeue(m.d, t, m.now_ms);
			while ((t = desk_due(m.d, m.now_ms)) != NULL)
				desk_wake(m.d, t, m.now_ms);
			one_event(&m);
			check(&m);
		}
		desk_free(m.d);
	}
	print_message("# %zu random events\n", events);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(claim_is_for_one),
	cmocka_unit_test(lost_lease_goes_to_the_front_of_its_class),
	cmocka_unit_test(a_clock_that_jumps_takes_leases_along),
	cmocka_unit_test(estimate_needs_experience),
	cmocka_unit_test(who_waits_because_of_danger),
	cmocka_unit_test(capacity_ends_at_danger),
	cmocka_unit_test(skills_are_asked_first_and_not_for_ever),
	cmocka_unit_test(who_knows_the_customer_comes_first),
	cmocka_unit_test(put_off_it_comes_back_to_the_same_agent),
	cmocka_unit_test(nobody_waits_for_ever),
	cmocka_unit_test(random_events_keep_the_invariants),
};
RUN(tests)
