/* json: strict parsing, places, the writer. */
#include "base/buf.h"
#include "unit/unit.h"
#include "json/check.h"
#include "json/places.h"
#include "json/write.h"

static void strict_json_refuses(void **state)
{
	(void)state;
	static const char *const bad[] = { "", "{\"a\":1,\"a\":2}",
		"{\"a\":\"\\u0000\"}", "[1,]", "{} x", "\xef\xbb\xbf{}",
		"{\"a\":\"\xff\"}", "[[[[[1]]]]]" };
	for (size_t i = 0; i < HG_COUNT(bad); i++) {
		struct err e = ERR_NONE;
		struct json_pos at;
		assert_null(json_parse(str_of(bad[i]), 4, &at, &e));
		assert_true(e.text[0] != '\0');
	}
}

static void a_nul_is_refused_wherever_it_stands(void **state)
{
	(void)state;
	static const char text[] = "{\"a\":[true\0],\n\"b\":1}";
	struct err e = ERR_NONE;
	struct json_pos at;
	assert_null(
	    json_parse((struct str){ text, sizeof(text) - 1 }, 4, &at, &e));
	assert_int_equal(at.col, 11);
}

static void depth_ignores_brackets_in_text(void **state)
{
	(void)state;
	assert_true(json_depth_ok(STR("{\"a\":\"[[[[\\\"[[\"}"), 1));
	assert_false(json_depth_ok(STR("[[1]]"), 1));
}

static const char doc[] = "{ \"a\": [ 1,\n  \"x\" ],\n"
			  "  \"b\\u0041\": { \"c\": \"y\" } }";

static void places_and_paths_agree(void **state)
{
	(void)state;
	struct err e = ERR_NONE;
	struct json_pos at;
	json_t *json = json_parse(str_of(doc), 8, &at, &e);
	assert_non_null(json);
	struct json_places *p = json_places_new(str_of(doc), json);
	struct json_at a = { NULL, "a", 0 }, x = { &a, NULL, 1 };
	struct json_at b = { NULL, "bA", 0 }, c = { &b, "c", 0 };
	struct json_pos by_path = json_locate(str_of(doc), &x, false);
	struct json_pos by_value =
	    json_places_find(p, json_array_get(json_object_get(json, "a"), 1));
	assert_int_equal(by_path.line, 2);
	assert_int_equal(by_path.col, 3);
	assert_int_equal(by_value.line, 2);
	assert_int_equal(by_value.col, 3);
	by_path = json_locate(str_of(doc), &c, true);
	assert_int_equal(by_path.line, 3);
	assert_int_equal(by_path.col, 16);
	by_value = json_places_find(
	    p, json_object_get(json_object_get(json, "bA"), "c"));
	assert_int_equal(by_value.line, 3);
	assert_int_equal(by_value.col, 21);
	json_places_free(p);
	json_decref(json);
}

static void what_is_written_parses_back(void **state)
{
	(void)state;
	struct buf b = { 0 };
	struct json_out o = { &b, false };
	struct str odd = STR("\"\\\n\t\x01\x7f \xe2\x80\xa8 \xc3\xa9");
	json_out_object(&o, NULL);
	json_out_str(&o, "s", odd);
	json_out_int(&o, "i", -5);
	json_out_array(&o, "l");
	json_out_bool(&o, NULL, true);
	json_out_null(&o, NULL);
	json_out_share(&o, NULL, 0.9996);
	json_out_close(&o, ']');
	json_out_close(&o, '}');
	struct err e = ERR_NONE;
	struct json_pos at;
	json_t *json = json_parse(buf_str(&b), 4, &at, &e);
	assert_non_null(json);
	assert_string_equal(
	    json_string_value(json_object_get(json, "s")), odd.p);
	assert_null(strstr(b.p, "\xe2\x80\xa8"));
	assert_non_null(strstr(b.p, "1.000"));
	json_decref(json);
	buf_clear(&b);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(strict_json_refuses),
	cmocka_unit_test(a_nul_is_refused_wherever_it_stands),
	cmocka_unit_test(depth_ignores_brackets_in_text),
	cmocka_unit_test(places_and_paths_agree),
	cmocka_unit_test(what_is_written_parses_back),
};
RUN(tests)
