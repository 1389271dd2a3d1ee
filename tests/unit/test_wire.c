/* wire: telling protocols apart, lines at every split, requests, events. */
#include "base/attr.h"
#include "model/limits.h"
#include "unit/unit.h"
#include "wire/frame.h"
#include "wire/wire.h"

static void first_bytes_tell_the_protocol(void **state)
{
	(void)state;
	static const struct {
		const char *head;
		enum frame_kind kind;
	} rows[] = {
		{ "", FRAME_UNKNOWN },
		{ "{\"type\"", FRAME_JSON },
		{ "halo", FRAME_TEXT },
		{ "\x16\x03\x01", FRAME_TLS },
		{ "GET / HTTP/1.1\r\n", FRAME_HTTP },
		{ "GET / HT", FRAME_UNKNOWN },
		{ "GET me my money back\n", FRAME_TEXT },
		{ "POST /x HTTP/1.0\n", FRAME_HTTP },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		assert_int_equal(
		    frame_kind_of(str_of(rows[i].head)), rows[i].kind);
}

static void lines_come_out_the_same_at_every_split(void **state)
{
	(void)state;
	struct str all = STR("satu\r\n\ndua tiga\nempat");
	for (size_t split = 0; split <= all.n; split++) {
		char got[64] = "";
		size_t done = 0, used, ends[2] = { split, all.n };
		struct str line;
		for (int part = 0; part < 2; part++)
			while (frame_line((struct str){ all.p + done,
					      ends[part] - done },
				   32, &line, &used) == 1) {
				strncat(got, line.p, line.n);
				strncat(got, "|", 2);
				done += used;
			}
		assert_string_equal(got, "satu||dua tiga|");
		assert_int_equal(all.n - done, 5);
	}
}

static void line_length_is_exact(void **state)
{
	(void)state;
	char text[16] = "0123456789\n";
	struct str line;
	size_t used;
	assert_int_equal(frame_line(str_of(text), 10, &line, &used), 1);
	assert_int_equal(frame_line(str_of(text), 9, &line, &used), -1);
	text[10] = '\0';
	assert_int_equal(frame_line(str_of(text), 10, &line, &used), 0);
	assert_int_equal(frame_line(str_of(text), 8, &line, &used), -1);
}

static void bad_requests_have_their_code(void **state)
{
	(void)state;
	static const struct {
		const char *json;
		enum error_code code;
	} rows[] = {
		{ "{", ERROR_BAD_JSON },
		{ "[]", ERROR_BAD_JSON },
		{ "{\"type\":\"hello\",\"type\":\"bye\"}", ERROR_BAD_JSON },
		{ "{}", ERROR_MISSING_FIELD },
		{ "{\"type\":\"message\"}", ERROR_MISSING_FIELD },
		{ "{\"type\":\"claim\"}", ERROR_MISSING_FIELD },
		{ "{\"type\":\"mesage\",\"text\":\"a\"}", ERROR_UNKNOWN_TYPE },
		{ "{\"type\":\"message\",\"text\":5}", ERROR_BAD_JSON },
		{ "{\"type\":\"hello\",\"after\":-1}", ERROR_BAD_JSON },
		{ "{\"type\":\"message\",\"text\":\"\xff\"}", ERROR_BAD_UTF8 },
		{ "{\"type\":\"message\",\"text\":\"a\\u0000\"}",
		    ERROR_BAD_JSON },
		{ "{\"a\":[[[[[[[[1]]]]]]]]}", ERROR_TOO_DEEP },
		{ "{\"type\":\"message\",\"text\":\"a\",\"id\":"
		  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		  "aaaaaaaaaaa\"}",
		    ERROR_TOO_LONG },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		struct request r;
		enum error_code code = ERROR_BUSY;
		struct err e = ERR_NONE;
		assert_int_equal(
		    request_parse(&r, str_of(rows[i].json), NULL, &code, &e),
		    -1);
		assert_string_equal(
		    error_code_name(code), error_code_name(rows[i].code));
		assert_true(e.text[0] != '\0');
		request_clear(&r);
	}
}

static void request_keeps_its_fields(void **state)
{
	(void)state;
	struct request r;
	enum error_code code;
	struct err e = ERR_NONE;
	assert_int_equal(request_parse(&r,
			     STR("{\"type\":\"hello\",\"id\":\"h\",\"lang\":"
				 "\"id\",\"after\":12,\"resume\":\"c_1.x\"}"),
			     NULL, &code, &e),
	    0);
	assert_int_equal(r.type, REQUEST_HELLO);
	assert_true(str_is(r.id, "h") && str_is(r.lang, "id"));
	assert_int_equal(r.after, 12);
	assert_int_equal(r.generation, -1);
	assert_null(r.text.p);
	request_clear(&r);
}

static void events_as_json_and_as_lines(void **state)
{
	(void)state;
	struct buf json = { 0 }, plain = { 0 };
	struct event ev = { .type = EVENT_MESSAGE,
		.seq = 7,
		.re = STR("m\"1"),
		.from = SPEAKER_HUMAN,
		.from_name = "Sari",
		.text = STR("satu\ndua") };
	event_json(&ev, &json);
	event_plain(&ev, &plain);
	assert_string_equal(json.p,
	    "{\"type\":\"message\",\"seq\":7,\"re\":\"m\\\"1\",\"from\":{"
	    "\"kind\":\"human\",\"name\":\"Sari\"},\"text\":\"satu\\ndua\"}");
	assert_string_equal(plain.p, "Sari (human): satu\n  dua\n");
	buf_reset(&json);
	event_json(
	    &(struct event){
		.type = EVENT_ERROR, .code = ERROR_TAKEN, .text = STR("x") },
	    &json);
	assert_string_equal(json.p, "{\"type\":\"error\",\"code\":\"taken\","
				    "\"message\":\"x\",\"retry_ms\":null}");
	buf_clear(&json);
	buf_clear(&plain);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(first_bytes_tell_the_protocol),
	cmocka_unit_test(lines_come_out_the_same_at_every_split),
	cmocka_unit_test(line_length_is_exact),
	cmocka_unit_test(bad_requests_have_their_code),
	cmocka_unit_test(request_keeps_its_fields),
	cmocka_unit_test(events_as_json_and_as_lines),
};
RUN(tests)
