/* rules: tables of facts, and fitting confidence. */
#include "base/buf.h"
#include "base/mem.h"
#include "rules/calendar.h"
#include "rules/calibration.h"
#include "rules/table.h"
#include "rules/value.h"
#include "unit/unit.h"

#include <stdlib.h>

static void reads_what_spreadsheets_write(void **state)
{
	(void)state;
	static const char *const files[][2] = {
		{ "orders.csv", "order_id,status,note\r\nHG-2210,dikirim,\"a, "
				"\"\"b\"\"\"\r\n"
				"HG-2211, tiba ,\r\n\r\n" },
		{ "orders.csv",
		    "\xef\xbb\xbforder_id;status;note\nHG-2210;dikirim;"
		    "a, \"b\"\nHG-2211;tiba;\"x\ny\"\n" },
		{ "orders.json",
		    "[{\"order_id\":\"HG-2210\",\"status\":\"dikirim\","
		    "\"note\":\"a, \\\"b\\\"\"},{\"order_id\":\"HG-2211\","
		    "\"status\":\"tiba\",\"note\":null}]" },
	};
	static const char *required[] = { "status" };
	struct table_shape shape = {
		.key = "order_id", .required = required, .n_required = 1
	};
	for (size_t i = 0; i < HG_COUNT(files); i++) {
		struct arena a = { 0 };
		struct diags d = { 0 };
		struct table t = { .name = "orders" };
		struct text_file f = { .path = files[i][0],
			.text = str_of(files[i][1]) };
		assert_true(table_parse(&t, &a, &f, &shape, &d));
		assert_int_equal(t.n_rows, 2);
		const char *const *row = table_find(&t, STR("hg 2210"));
		assert_non_null(row);
		assert_string_equal(
		    row[table_column(&t, STR("status"))], "dikirim");
		assert_string_equal(
		    row[table_column(&t, STR("note"))], "a, \"b\"");
		assert_non_null(table_find(&t, STR("hg2211")));
		assert_null(table_find(&t, STR("hg-9")));
		assert_null(table_find(&t, STR("?!")));
		table_clear(&t);
		diags_clear(&d);
		arena_clear(&a);
	}
}

static void a_row_is_found_by_its_other_names(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct diags d = { 0 };
	struct table t = { .name = "products" };
	struct table_shape shape = { .key = "product", .also = "also" };
	struct text_file f = { .path = "products.csv",
		.text = STR("product,also,price\nJaket Hujan,rain jacket| "
			    "Raincoat |jaket hujan,9\nTopi,,5\n") };
	assert_true(table_parse(&t, &a, &f, &shape, &d));
	assert_int_equal(t.n_rows, 2);
	static const char *const names[] = { "jaket hujan", "Rain Jacket",
		"raincoat" };
	for (size_t i = 0; i < HG_COUNT(names); i++) {
		const char *const *row = table_find(&t, str_of(names[i]));
		assert_non_null(row);
		assert_string_equal(row[t.key], "Jaket Hujan");
	}
	assert_null(table_find(&t, STR("rain")));
	table_clear(&t);
	/* a shop's file may do without the column */
	struct table plain = { .name = "products" };
	f.text = STR("product,price\nTopi,5\n");
	assert_true(table_parse(&plain, &a, &f, &shape, &d));
	assert_non_null(table_find(&plain, STR("topi")));
	table_clear(&plain);
	diags_clear(&d);
	arena_clear(&a);
}

static void a_name_of_several_finds_each(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct diags d = { 0 };
	struct table t = { .name = "products" };
	struct table_shape shape = { .key = "product", .kind = "kind" };
	struct text_file f = { .path = "products.csv",
		.text = STR("product,kind\nRansel,tas|bag\nSelempang,bag|tas\n"
			    "Topi,\nTas Kecil,bag\n") };
	const char *const *rows[TABLE_KIND_ROWS];
	assert_true(table_parse(&t, &a, &f, &shape, &d));
	assert_int_equal(
	    table_find_all(&t, STR("Bag"), rows, TABLE_KIND_ROWS), 3);
	assert_string_equal(rows[0][t.key], "Ransel");
	assert_string_equal(rows[2][t.key], "Tas Kecil");
	assert_int_equal(table_find_all(&t, STR("tas"), rows, 1), 1);
	assert_int_equal(
	    table_find_all(&t, STR("topi"), rows, TABLE_KIND_ROWS), 1);
	assert_int_equal(
	    table_find_all(&t, STR("kaos"), rows, TABLE_KIND_ROWS), 0);
	/* it is the name of no row */
	assert_null(table_find(&t, STR("bag")));
	table_clear(&t);
	diags_clear(&d);
	arena_clear(&a);
}

static void a_hundred_thousand_rows_are_found_by_key(void **state)
{
	(void)state;
	enum { ROWS = 100000 };
	struct buf text = { 0 };
	buf_addz(&text, "order_id,status,city\n");
	for (int i = 0; i < ROWS; i++)
		buf_addf(&text, "HG-%d,status %d,kota %d\n", 100000 + i, i % 7,
		    i % 500);
	struct arena a = { 0 };
	struct diags d = { 0 };
	struct table t = { .name = "orders" };
	struct table_shape shape = { .key = "order_id" };
	struct text_file f = { .path = "orders.csv", .text = buf_str(&text) };
	assert_true(table_parse(&t, &a, &f, &shape, &d));
	assert_int_equal(t.n_rows, ROWS);
	for (int i = 0; i < ROWS; i += 97) {
		char key[32];
		(void)snprintf(key, sizeof(key), "hg%d", 100000 + i); /* fits */
		const char *const *row = table_find(&t, str_of(key));
		assert_non_null(row);
		assert_int_equal(row[1][7] - '0', i % 7);
	}
	table_clear(&t);
	diags_clear(&d);
	arena_clear(&a);
	buf_clear(&text);
}

/* 1,000 messages whose score s is right with probability s * s. */
static size_t make_rows(struct calibration_row *rows, unsigned seed)
{
	size_t n = 1000;
	for (size_t i = 0; i < n; i++) {
		seed = seed * 1103515245u + 12345u;
		double s = (double)(i % 100 + 1) / 100;
		double dice = (double)((seed >> 8) % 10000) / 10000;
		rows[i] = (struct calibration_row){ .score = s,
			.right = dice < s * s };
	}
	return n;
}

static void the_fit_is_monotone_and_close(void **state)
{
	(void)state;
	static struct calibration_row rows[1000], unseen[1000];
	struct calibration c = { .rules = 0 };
	size_t n = make_rows(rows, 1), m = make_rows(unseen, 99);
	calibration_fit(&c, rows, n, 0.3, 0.1);
	double before = 0;
	for (int i = 1; i <= 100; i++) {
		double share = calibration_share(&c.top, i / 100.0);
		assert_true(share >= before && share > 0 && share < 1);
		before = share;
	}
	double middle = calibration_share(&c.top, 0.5);
	assert_true(middle > 0.15 && middle < 0.35);
	static double fitted[1000], raw[1000];
	for (size_t i = 0; i < m; i++) {
		fitted[i] = calibration_share(&c.top, unseen[i].score);
		raw[i] = unseen[i].score;
	}
	assert_true(calibration_error(fitted, unseen, m, 0.3) < 0.05);
	assert_true(calibration_error(raw, unseen, m, 0.3) > 0.1);
}

static void thresholds_keep_the_accepted_error(void **state)
{
	(void)state;
	static struct calibration_row rows[1000];
	struct calibration c = { .rules = 0 };
	size_t n = make_rows(rows, 5);
	double last = 0;
	for (int percent = 20; percent >= 2; percent -= 6) {
		double accepted = percent / 100.0, answered = 0, wrong = 0;
		calibration_fit(&c, rows, n, 0.3, accepted);
		for (size_t i = 0; i < n; i++) {
			if (calibration_share(&c.top, rows[i].score) < c.answer)
				continue;
			answered++;
			wrong += !rows[i].right;
		}
		assert_true(wrong <= accepted * answered);
		assert_true(c.answer >= last); /* the stricter, the higher */
		assert_true(c.clarify <= c.answer);
		last = c.answer;
	}
}

static void out_of_scope_weighs_its_share(void **state)
{
	(void)state;
	static struct calibration_row rows[1200];
	for (size_t i = 0; i < 1200; i++)
		rows[i] = (struct calibration_row){
			.score = 0.8, .right = i < 200, .oos = i >= 200
		};
	struct calibration c = { .rules = 0 };
	calibration_fit(&c, rows, 1200, 0.3, 0.05);
	double share = calibration_share(&c.top, 0.8);
	assert_true(share > 0.65 && share < 0.75);
	calibration_fit(&c, rows, 1200, 0.5, 0.05);
	share = calibration_share(&c.top, 0.8);
	assert_true(share > 0.45 && share < 0.55);
	/* nothing can be answered with that few wrong */
	assert_true(c.answer >= 1);
}

/* Rows of one score, of which `right` in ten are right. */
static size_t add_rows(struct calibration_row *rows, size_t at, size_t n,
    double score, size_t right)
{
	for (size_t i = 0; i < n; i++)
		rows[at + i] = (struct calibration_row){ .score = score,
			.right = i % 10 < right };
	return at + n;
}

static void the_sure_do_not_carry_the_unsure_into_a_question(void **state)
{
	(void)state;
	static struct calibration_row rows[1600];
	struct calibration c = { .rules = 0 };
	size_t n = add_rows(rows, 0, 400, 0.9, 10);
	n = add_rows(rows, n, 800, 0.6, 8);
	n = add_rows(rows, n, 200, 0.4, 6);
	n = add_rows(rows, n, 200, 0.2, 2);
	calibration_fit(&c, rows, n, 0.3, 0.05);
	double unsure = calibration_share(&c.top, 0.2);
	double half = calibration_share(&c.top, 0.4);
	/* on average over all below the answer, .2 would still pass */
	assert_true(c.clarify > unsure && c.clarify <= half + 1e-9);
	assert_true(c.answer > calibration_share(&c.top, 0.6));
}

/* One value, with a few words of Indonesian; "-" when it is none. */
static const char *written(enum value_form form, const char *text)
{
	static struct value_word months[] = { { "maret", 3 }, { "mar", 3 },
		{ "desember", 12 }, { "februari", 2 } };
	static struct value_word days[] = { { "kemarin", -1 },
		{ "hari ini", 0 }, { "kemarin lusa", -2 } };
	static struct value_word units[] = { { "ribu", 1000 }, { "rb", 1000 },
		{ "juta", 1000000 }, { "dua", 2 }, { "lusin", 12 } };
	static char out[64];
	int64_t today = 0;
	assert_true(calendar_read_date(STR("2026-01-02"), &today));
	struct value_words w = { .country = "62" };
	if (form == VALUE_DATE) {
		w.words = months;
		w.n_words = HG_COUNT(months);
		w.days = days;
		w.n_days = HG_COUNT(days);
	} else {
		w.words = units;
		w.n_words = HG_COUNT(units);
	}
	return value_write(form, &w, str_of(text), str_of(text), today, out,
		   sizeof(out))
		   ? out
		   : "-";
}

static void values_have_one_form(void **state)
{
	(void)state;
	static const struct {
		enum value_form form;
		const char *text, *want;
	} rows[] = {
		{ VALUE_AS_IS, "Hg 1", "Hg 1" },
		{ VALUE_UPPER, "hg-1", "HG-1" },
		{ VALUE_LOWER, "Rina@Mail.example", "rina@mail.example" },
		{ VALUE_DIGITS, "12-34", "1234" },
		{ VALUE_DIGITS, "abc", "-" },
		{ VALUE_PHONE, "0812-3456-7890", "+6281234567890" },
		{ VALUE_PHONE, "+62 812 3456 7890", "+6281234567890" },
		{ VALUE_PHONE, "6281234567890", "+6281234567890" },
		{ VALUE_PHONE, "+1 202 555 0142", "+12025550142" },
		{ VALUE_PHONE, "0812", "-" },
		{ VALUE_PHONE, "08123456789012345", "-" },
		{ VALUE_DATE, "12 maret 2026", "2026-03-12" },
		{ VALUE_DATE, "tanggal 12 mar", "2026-03-12" },
		{ VALUE_DATE, "maret 12", "2026-03-12" },
		/* the nearest: last December, not the next */
		{ VALUE_DATE, "30 desember", "2025-12-30" },
		{ VALUE_DATE, "30", "2025-12-30" },
		{ VALUE_DATE, "5", "2026-01-05" },
		{ VALUE_DATE, "5/3", "2026-03-05" },
		{ VALUE_DATE, "5-3-26", "2026-03-05" },
		{ VALUE_DATE, "2026-03-05", "2026-03-05" },
		{ VALUE_DATE, "kemarin", "2026-01-01" },
		{ VALUE_DATE, "kemarin lusa", "2025-12-31" },
		{ VALUE_DATE, "32 maret", "-" },
		{ VALUE_DATE, "29 februari 2026", "-" },
		{ VALUE_DATE, "29 februari 2028", "2028-02-29" },
		{ VALUE_DATE, "maret", "-" },
		{ VALUE_DATE, "1/2/3/4", "-" },
		{ VALUE_DATE, "", "-" },
		{ VALUE_AMOUNT, "150rb", "150000" },
		{ VALUE_AMOUNT, "rp 1.250.000", "1250000" },
		{ VALUE_AMOUNT, "1,250,000", "1250000" },
		{ VALUE_AMOUNT, "1,5 juta", "1500000" },
		{ VALUE_AMOUNT, "2.25 juta", "2250000" },
		{ VALUE_AMOUNT, "12 ekor", "-" },
		{ VALUE_AMOUNT, "0", "-" },
		{ VALUE_AMOUNT, "99999999999999999999", "-" },
		{ VALUE_COUNT, "3", "3" },
		{ VALUE_COUNT, "dua", "2" },
		{ VALUE_COUNT, "2 lusin", "24" },
		{ VALUE_COUNT, "dua lusin", "24" },
		{ VALUE_COUNT, "0", "-" },
		{ VALUE_COUNT, "10000", "-" },
		{ VALUE_COUNT, "2 ekor", "-" },
		{ VALUE_COUNT, "", "-" },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++)
		if (strcmp(written(rows[i].form, rows[i].text), rows[i].want) !=
		    0)
			fail_msg("\"%s\": want \"%s\", got \"%s\"",
			    rows[i].text, rows[i].want,
			    written(rows[i].form, rows[i].text));
}

static void a_sum_is_written_like_a_price(void **state)
{
	(void)state;
	static const struct {
		const char *model;
		int64_t price, sum;
		const char *want;
	} rows[] = {
		{ "Rp79.000", 7900000, 15800000, "Rp158.000" },
		{ "Rp 950.000,-", 95000000, 190000000, "Rp 1.900.000,-" },
		{ "$12.50", 1250, 125000, "$1,250.00" },
		{ "1.234,5 EUR", 123450, 246900, "2.469,0 EUR" },
		/* a decimal that the model cannot show, and two numbers */
		{ "1.234,5 EUR", 123450, 246905, NULL },
		{ "$20", 2000, 2550, NULL },
		{ "Rp5.000 - Rp7.000", 500000, 1000000, NULL },
		{ "9000", 900000, 1800000, "18000" },
		{ "-", -1, 5, NULL },
		{ "gratis", -1, 5, NULL },
		{ "Rp5.000", 500000, -1, NULL },
	};
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		char out[32];
		assert_int_equal(
		    value_hundredths(str_of(rows[i].model)), rows[i].price);
		bool good = value_write_like(
		    str_of(rows[i].model), rows[i].sum, out, sizeof(out));
		assert_int_equal(good, rows[i].want != NULL);
		if (good)
			assert_string_equal(out, rows[i].want);
	}
	char small[6];
	assert_false(
	    value_write_like(STR("Rp1.000"), 100000, small, sizeof(small)));
}

static void a_long_value_is_cut_between_characters(void **state)
{
	(void)state;
	char out[8];
	struct value_words none = { .country = NULL };
	struct str text = STR("jl \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9");
	assert_true(
	    value_write(VALUE_AS_IS, &none, text, text, 0, out, sizeof(out)));
	assert_string_equal(out, "jl \xc3\xa9\xc3\xa9");
}

static void days_and_dates_are_inverse(void **state)
{
	(void)state;
	for (int64_t day = -400000; day < 400000; day += 37) {
		char out[16];
		int64_t back = 0;
		calendar_write_date(day, out, sizeof(out));
		if (calendar_ymd(day).year < 1970)
			continue; /* not read */
		assert_true(calendar_read_date(str_of(out), &back));
		assert_int_equal(back, day);
	}
}

static void the_calendar_knows_days_and_hours(void **state)
{
	(void)state;
	/* seconds since 1970, checked with date(1) */
	static const struct {
		const char *when;
		int64_t at_s;
		int hour;
		bool open;
	} rows[] = {
		{ "Thu 2026-11-26 08:59:59 +07:00", 1795658399, 8, false },
		{ "Thu 2026-11-26 09:00:00 +07:00", 1795658400, 9, true },
		{ "Thu 2026-11-26 12:30:00 +07:00", 1795671000, 12, false },
		{ "Thu 2026-11-26 16:59:00 +07:00", 1795687140, 16, true },
		{ "Thu 2026-11-26 17:00:00 +07:00", 1795687200, 17, false },
		{ "Fri 2026-11-27 00:30:00 +07:00", 1795714200, 0, false },
		{ "Sun 2026-11-29 10:00:00 +07:00", 1795921200, 10, false },
		{ "Fri 2026-12-25 10:00:00 +07:00", 1798167600, 10, false },
		{ "Thu 1970-01-01 09:00:00 +07:00", 7200, 9, true },
		{ "Wed 1969-12-31 23:00:00 +07:00", -28800, 23, false },
	};
	struct calendar c = { .has_hours = true };
	assert_true(calendar_read_offset(STR("+07:00"), &c.offset_minutes));
	for (int d = 0; d < 6; d++)
		assert_true(calendar_read_day(
		    STR("09:00-12:00, 13:00-17:00"), &c.days[d]));
	assert_true(calendar_read_day(STR("closed"), &c.days[6]));
	assert_true(calendar_read_date(STR("2026-12-25"), &c.holidays[0]));
	c.n_holidays = 1;
	for (size_t i = 0; i < HG_COUNT(rows); i++) {
		assert_int_equal(
		    calendar_hour(&c, rows[i].at_s * 1000), rows[i].hour);
		if (calendar_is_open(&c, rows[i].at_s * 1000) != rows[i].open)
			fail_msg("%s", rows[i].when);
	}
	/* when people are there next */
	static const struct {
		int64_t at_s, opens_s;
	} next[] = {
		{ 1795658399, 1795658400 }, /* a second before nine */
		{ 1795658400, 1795672800 }, /* at nine: after lunch */
		{ 1795687200, 1795744800 }, /* Thursday evening: Friday */
		{ 1795921200, 1796004000 }, /* Sunday: Monday */
		{ 1798106400, 1798250400 }, /* before a holiday */
	};
	for (size_t i = 0; i < HG_COUNT(next); i++)
		assert_int_equal(
		    calendar_opens_ms(&c, next[i].at_s * 1000) / 1000,
		    next[i].opens_s);
	struct calendar always = { .has_hours = false };
	assert_int_equal(calendar_opens_ms(&always, 0), 0);
	struct calendar never = { .has_hours = true };
	assert_int_equal(calendar_opens_ms(&never, 0), 0);
	static const char *const bad[] = { "", "9-17", "09:00-08:00",
		"09:00-24:01", "09:60-10:00", "09:00", "shut",
		"01:00-02:00,03:00-04:00,05:00-06:00,07:00-08:00" };
	struct calendar_day day;
	for (size_t i = 0; i < HG_COUNT(bad); i++)
		assert_false(calendar_read_day(str_of(bad[i]), &day));
	static const char *const no_dates[] = { "2026-02-29", "2026-13-01",
		"2026-1-1", "26-01-01", "2026-01-01x", "2026-04-31" };
	int64_t n;
	for (size_t i = 0; i < HG_COUNT(no_dates); i++)
		assert_false(calendar_read_date(str_of(no_dates[i]), &n));
	assert_true(calendar_read_date(STR("2028-02-29"), &n) && n == 21243);
	int m;
	assert_true(calendar_read_offset(STR("-03:30"), &m) && m == -210);
	assert_false(calendar_read_offset(STR("7"), &m));
	assert_false(calendar_read_offset(STR("+15:00"), &m));
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(values_have_one_form),
	cmocka_unit_test(a_sum_is_written_like_a_price),
	cmocka_unit_test(a_long_value_is_cut_between_characters),
	cmocka_unit_test(days_and_dates_are_inverse),
	cmocka_unit_test(the_calendar_knows_days_and_hours),
	cmocka_unit_test(reads_what_spreadsheets_write),
	cmocka_unit_test(a_row_is_found_by_its_other_names),
	cmocka_unit_test(a_name_of_several_finds_each),
	cmocka_unit_test(a_hundred_thousand_rows_are_found_by_key),
	cmocka_unit_test(the_fit_is_monotone_and_close),
	cmocka_unit_test(thresholds_keep_the_accepted_error),
	cmocka_unit_test(out_of_scope_weighs_its_share),
	cmocka_unit_test(the_sure_do_not_carry_the_unsure_into_a_question),
};
RUN(tests)
