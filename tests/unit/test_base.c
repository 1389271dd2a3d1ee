/* base: text, buffers, maps, UTF-8. */
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/utf8.h"
#include "unit/unit.h"

#include <stdio.h>
#include <stdlib.h>

static void distance_counts_edits(void **state)
{
	(void)state;
	static const struct {
		const char *a, *b;
		unsigned d;
	} rows[] = {
		{ "resi", "resi", 0 },
		{ "ongkri", "ongkir", 1 }, /* a swap is one */
		{ "pesan", "pesanan", 2 }, { "murah", "marah", 1 },
		{ "", "abc", 3 },
		{ "abcd", "wxyz", 4 }, /* over the bound of 3 */
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		assert_int_equal(
		    str_distance(str_of(rows[i].a), str_of(rows[i].b), 3),
		    rows[i].d);
}

static void str_next_splits_and_ends(void **state)
{
	(void)state;
	struct str rest = STR("a,,b"), part;
	assert_true(str_next(&rest, ',', &part) && str_is(part, "a"));
	assert_true(str_next(&rest, ',', &part) && part.n == 0);
	assert_true(str_next(&rest, ',', &part) && str_is(part, "b"));
	assert_false(str_next(&rest, ',', &part));
}

static void map_keeps_what_is_put(void **state)
{
	(void)state;
	enum { MANY = 2000 };
	static char keys[MANY][8];
	struct map m = { .seed = 7 };
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(keys[i], sizeof(keys[i]), "k%d", i);
		assert_null(map_put(&m, str_of(keys[i]), keys[i]));
	}
	for (int i = 0; i < MANY; i += 2)
		assert_ptr_equal(map_del(&m, str_of(keys[i])), keys[i]);
	for (int i = 0; i < MANY; i++)
		assert_ptr_equal(
		    map_get(&m, str_of(keys[i])), i % 2 == 0 ? NULL : keys[i]);
	assert_int_equal(m.n, MANY / 2);
	size_t at = 0, seen = 0;
	while (map_next(&m, &at) != NULL)
		seen++;
	assert_int_equal(seen, MANY / 2);
	map_clear(&m);
}

static void utf8_refuses_what_rfc3629_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = { "\xc0\xaf", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\x80", "\xe2\x82", "\xff" };
	for (size_t i = 0; i < HG_COUNT(bad); i++)
		assert_int_equal(utf8_check(str_of(bad[i])), 0);
	struct str good = STR("caf\xc3\xa9 \xf0\x9f\x98\xad");
	assert_int_equal(utf8_check(good), good.n);
}

static void clean_text_has_no_controls(void **state)
{
	(void)state;
	struct buf b = { 0 };
	utf8_add_clean(&b, STR("a\x1b[31m\xe2\x80\xae"
			       "b\nc\xc2\x9b"
			       "d\xff"));
	assert_string_equal(b.p, "a[31mb cd\xef\xbf\xbd");
	buf_clear(&b);
}

static void first_error_wins_and_is_one_line(void **state)
{
	(void)state;
	struct err e = ERR_NONE;
	assert_int_equal(err_set(&e, "one\ntwo %d", 1), -1);
	(void)err_set(&e, "later");
	assert_string_equal(e.text, "one?two 1");
}

static void field_is_cut_at_a_character(void **state)
{
	(void)state;
	char field[5];
	FIELD_SET(field, "abc\xc3\xa9", 5);
	assert_string_equal(field, "abc");
}

static void arena_memory_is_zero_again_after_reset(void **state)
{
	(void)state;
	struct arena a = { 0 };
	for (int round = 0; round < 3; round++) {
		unsigned char *p = arena_alloc(&a, 40000);
		for (size_t i = 0; i < 40000; i++)
			assert_int_equal(p[i], 0);
		memset(p, 1, 40000);
		assert_string_equal(arena_strdup(&a, STR("x")), "x");
		arena_reset(&a);
	}
	arena_clear(&a);
}

static void rng_is_seeded_and_bounded(void **state)
{
	(void)state;
	struct rng a = { 5 }, b = { 5 };
	for (int i = 0; i < 1000; i++) {
		uint32_t x = rng_below(&a, 7);
		assert_in_range(x, 0, 6);
		assert_int_equal(x, rng_below(&b, 7));
	}
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(distance_counts_edits),
	cmocka_unit_test(str_next_splits_and_ends),
	cmocka_unit_test(map_keeps_what_is_put),
	cmocka_unit_test(utf8_refuses_what_rfc3629_refuses),
	cmocka_unit_test(clean_text_has_no_controls),
	cmocka_unit_test(first_error_wins_and_is_one_line),
	cmocka_unit_test(field_is_cut_at_a_character),
	cmocka_unit_test(arena_memory_is_zero_again_after_reset),
	cmocka_unit_test(rng_is_seeded_and_bounded),
};
RUN(tests)
