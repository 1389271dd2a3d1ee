/* desk: claims, leases, order. */
#include "base/mem.h"
#include "base/rng.h"
#include "desk/desk.h"
#include "unit/unit.h"

static struct ticket *add(
    struct desk *d, int64_t id, enum urgency urgency, int64_t at_ms)
{
	struct ticket t = { .id = id,
		.urgency = urgency,
		.opened_ms = at_ms,
		.queued_ms = at_ms };
	return desk_add(d, &t, at_ms);
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
	assert_int_equal(desk_position(d, upset, URGENCY_UPSET), 1);
	assert_int_equal(desk_position(d, lost, URGENCY_NORMAL), 2);
	assert_int_equal(desk_position(d, old, URGENCY_NORMAL), 3);
	assert_int_equal(desk_position(d, NULL, URGENCY_CRISIS), 1);
	assert_ptr_equal(desk_first(d), upset);
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
	desk_arrive(d, "Sari");
	desk_arrive(d, "Sari");
	desk_view(d, NULL, URGENCY_NORMAL, &v);
	assert_int_equal(v.agents, 1);
	assert_int_equal(v.wait_ms, -1);
	for (int64_t i = 0; i < 3; i++) {
		struct ticket *t = add(d, i, URGENCY_NORMAL, i * 1000);
		(void)desk_claim(d, t, "Sari", i * 1000 + 1);
		desk_end(d, t, i * 1000 + 1 + 60000);
	}
	desk_view(d, NULL, URGENCY_NORMAL, &v);
	assert_int_equal(v.wait_ms, 60000);
	desk_leave(d, "Sari");
	assert_true(desk_is_here(d, "Sari"));
	desk_leave(d, "Sari");
	assert_false(desk_is_here(d, "Sari"));
	desk_free(d);
}

/* Any order of events: positions are 1..n, a held ticket has one holder and
 * a lease, and generations only grow. */
static void random_events_keep_the_invariants(void **state)
{
	(void)state;
	static const char *const who[] = { "A", "B", "C" };
	struct desk *d = desk_new(50);
	struct rng rng = { 11 };
	int64_t now_ms = 0, next = 1;
	for (int step = 0; step < 20000; step++) {
		size_t n;
		now_ms += rng_below(&rng, 20);
		struct ticket **all = desk_tickets(d, &n);
		struct ticket *t =
		    n != 0 ? all[rng_below(&rng, (uint32_t)n)] : NULL;
		const char *agent = who[rng_below(&rng, 3)];
		int64_t was = t != NULL ? t->generation : 0;
		uint32_t what = rng_below(&rng, 5);
		if (what == 0 && n < 12) {
			(void)add(d, next++,
			    (enum urgency)rng_below(&rng, URGENCY_COUNT),
			    now_ms);
		} else if (t != NULL && what == 1) {
			bool waiting = t->state == TICKET_WAITING;
			assert_int_equal(
			    desk_claim(d, t, agent, now_ms) == DESK_OK,
			    waiting);
			assert_int_equal(t->generation, was + waiting);
		} else if (what == 2) {
			desk_touch(d, agent, now_ms);
		} else if (t != NULL && what == 3 &&
			   desk_may_act(t, agent, was) == DESK_OK) {
			desk_end(d, t, now_ms);
		}
		while ((t = desk_expired(d, now_ms)) != NULL)
			desk_requeue(d, t, now_ms);
		all = desk_tickets(d, &n);
		unsigned seen = 0, waiting = 0;
		for (size_t i = 0; i < n; i++) {
			if (all[i]->state == TICKET_HELD) {
				assert_true(all[i]->agent[0] != '\0');
				assert_true(all[i]->lease_until_ms > now_ms);
				continue;
			}
			waiting++;
			seen |= 1u << desk_position(d, all[i], all[i]->urgency);
		}
		assert_int_equal(seen, ((1u << waiting) - 1) << 1);
	}
	desk_free(d);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(claim_is_for_one),
	cmocka_unit_test(lost_lease_goes_to_the_front_of_its_class),
	cmocka_unit_test(a_clock_that_jumps_takes_leases_along),
	cmocka_unit_test(estimate_needs_experience),
	cmocka_unit_test(random_events_keep_the_invariants),
};
RUN(tests)
