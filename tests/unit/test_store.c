/* store: units are all or nothing, one bad unit does not fail its neighbours,
 * what is stored is read back, what is forgotten is gone. */
#include "base/mem.h"
#include "store/store.h"
#include "unit/unit.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char dir[] = "/tmp/hangat-store-XXXXXX";
static char path[64];
static int failed, finished;

static int setup(void **state)
{
	(void)state;
	if (mkdtemp(dir) == NULL)
		return -1;
	(void)snprintf(path, sizeof(path), "%s/hangat.db", dir);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	char cmd[128];
	(void)snprintf(cmd, sizeof(cmd), "rm -rf '%s'", dir);
	return system(cmd);
}

static struct store *open_store(struct store_start *start)
{
	struct err e = ERR_NONE;
	struct store *s = store_open(path, start, &e);
	assert_string_equal(e.text, "");
	return s;
}

static void unit_done(struct job *job, void *owner)
{
	(void)owner;
	struct store_unit *u = (struct store_unit *)job;
	finished++;
	failed += job->failed;
	store_unit_clear(u);
	free(u);
}

static struct store_unit *unit(int64_t conv, int64_t base, bool is_new)
{
	struct store_unit *u = xcalloc(1, sizeof(*u));
	store_unit_init(u);
	u->job.done = unit_done;
	u->conversation = conv;
	u->is_new = is_new;
	(void)snprintf(u->public_id, sizeof(u->public_id), "c_%d", (int)conv);
	u->base_seq = base;
	u->seq = base + 1;
	buf_addz(&u->state, "{}");
	u->n_events = 1;
	u->events[0].seq = base + 1;
	(void)snprintf(u->events[0].client_id, sizeof(u->events[0].client_id),
	    "m%d", (int)base + 1);
	buf_addf(&u->events[0].body, "{\"type\":\"message\",\"seq\":%d}",
	    (int)base + 1);
	return u;
}

static void run_all(struct store *s)
{
	struct pollfd p = { store_fd(s), POLLIN, 0 };
	while (store_pending(s) > 0) {
		assert_int_equal(poll(&p, 1, 10000), 1);
		store_drain(s, NULL);
	}
}

static void a_bad_unit_fails_alone(void **state)
{
	(void)state;
	struct store_start start;
	struct store *s = open_store(&start);
	failed = finished = 0;
	assert_true(store_submit(s, &unit(1, 0, true)->job));
	assert_true(store_submit(s, &unit(1, 5, false)->job)); /* wrong base */
	assert_true(store_submit(s, &unit(1, 1, false)->job));
	assert_true(store_submit(s, &unit(1, 1, false)->job)); /* again */
	assert_true(store_submit(s, &unit(2, 0, true)->job));
	run_all(s);
	assert_int_equal(finished, 5);
	assert_int_equal(failed, 2);
	store_start_clear(&start);
	store_close(s, NULL);
}

static struct store_load loaded;
static void load_done(struct job *job, void *owner)
{
	(void)owner;
	assert_false(job->failed);
	finished++;
}

static void what_was_stored_is_read_back(void **state)
{
	(void)state;
	struct store_start start;
	struct store *s = open_store(&start);
	assert_int_equal(start.next_conversation, 3);
	store_load_init(&loaded);
	loaded.job.done = load_done;
	loaded.want_state = true;
	loaded.after = 1;
	memcpy(loaded.public_id, "c_1", 4);
	assert_true(store_submit(s, &loaded.job));
	run_all(s);
	assert_true(loaded.found);
	assert_int_equal(loaded.seq, 2);
	assert_int_equal(loaded.n_ids, 2);
	assert_int_equal(loaded.n_events, 1);
	assert_string_equal(
	    loaded.events[0].p, "{\"type\":\"message\",\"seq\":2}");
	store_load_clear(&loaded);
	store_start_clear(&start);
	store_close(s, NULL);
}

static struct store_person person;
static void person_done(struct job *job, void *owner)
{
	(void)owner;
	assert_false(job->failed);
}

static void what_is_forgotten_is_gone(void **state)
{
	(void)state;
	struct store_start start;
	struct store *s = open_store(&start);
	store_person_init(&person);
	person.job.done = person_done;
	person.forget = true;
	memcpy(person.name, "c_1", 4);
	assert_true(store_submit(s, &person.job));
	run_all(s);
	assert_true(person.found);
	store_person_clear(&person);
	failed = 0;
	assert_true(store_submit(s, &unit(1, 2, false)->job));
	run_all(s);
	assert_int_equal(failed, 1); /* nothing writes it back */
	store_person_init(&person);
	person.job.done = person_done;
	memcpy(person.name, "c_1", 4);
	assert_true(store_submit(s, &person.job));
	run_all(s);
	assert_false(person.found);
	store_person_clear(&person);
	store_start_clear(&start);
	store_close(s, NULL);
}

static struct store_purge purged;

static void what_has_rested_too_long_goes(void **state)
{
	(void)state;
	struct store_start start;
	struct store *s = open_store(&start);
	struct store_unit *old = unit(7, 0, true), *new = unit(8, 0, true);
	struct store_unit *open = unit(9, 0, true);
	old->at_ms = 1000;
	new->at_ms = 5000;
	open->at_ms = 1000;
	open->has_ticket = true;
	open->ticket = (struct ticket){ .id = 77, .state = TICKET_WAITING };
	FIELD_SET(open->ticket.conversation, "c_9", 3);
	open->ticket_was = -1;
	failed = 0;
	assert_true(store_submit(s, &old->job));
	assert_true(store_submit(s, &new->job));
	assert_true(store_submit(s, &open->job));
	run_all(s);
	assert_int_equal(failed, 0);
	store_purge_init(&purged);
	purged.job.done = person_done;
	purged.before_ms = 2000;
	assert_true(store_submit(s, &purged.job));
	run_all(s);
	bool has_old = false;
	for (size_t i = 0; i < purged.n; i++) {
		has_old = has_old || strcmp(purged.gone[i], "c_7") == 0;
		assert_string_not_equal(purged.gone[i], "c_8");
		assert_string_not_equal(purged.gone[i], "c_9");
	}
	assert_true(has_old);
	store_person_init(&person);
	person.job.done = person_done;
	memcpy(person.name, "c_7", 4);
	assert_true(store_submit(s, &person.job));
	run_all(s);
	assert_false(person.found);
	store_person_clear(&person);
	store_start_clear(&start);
	store_close(s, NULL);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(a_bad_unit_fails_alone),
	cmocka_unit_test(what_was_stored_is_read_back),
	cmocka_unit_test(what_is_forgotten_is_gone),
	cmocka_unit_test(what_has_rested_too_long_goes),
};

int main(void)
{
	return cmocka_run_group_tests(tests, setup, teardown);
}
