/* Values as programs compare them.  Months, "kemarin" and "ribu" are words of
 * the rule files; only digits and their order are known here. */
#include "rules/value.h"
#include "rules/calendar.h"

#include <stdio.h>
#include <string.h>

enum {
	PHONE_LEAST = 8, /* E.164 allows 15; shorter ones are service numbers */
	PHONE_MOST = 15,
	DATE_PARTS = 3,
	AMOUNT_DIGITS = 15,
};

static const char *const form_names[VALUE_FORM_COUNT] = {
	[VALUE_UPPER] = "upper",
	[VALUE_LOWER] = "lower",
	[VALUE_DIGITS] = "digits",
	[VALUE_PHONE] = "phone",
	[VALUE_DATE] = "date",
	[VALUE_AMOUNT] = "amount",
	[VALUE_COUNT] = "count",
};

const char *value_form_name(enum value_form form)
{
	return form_names[form];
}

int value_form_from_name(const char *name)
{
	for (int i = VALUE_UPPER; i < VALUE_FORM_COUNT; i++)
		if (strcmp(form_names[i], name) == 0)
			return i;
	return -1;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Append a character while there is room. */
static bool put(char *out, size_t size, size_t *n, char c)
{
	if (*n + 1 >= size)
		return false;
	out[(*n)++] = c;
	out[*n] = '\0';
	return true;
}

static bool write_letters(
    enum value_form form, struct str s, char *out, size_t size)
{
	size_t n = 0;
	s = str_cut(s, size - 1); /* not inside a character */
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (form == VALUE_DIGITS && !is_digit(c))
			continue;
		if (form == VALUE_UPPER && c >= 'a' && c <= 'z')
			c = (char)(c - 32);
		if (form == VALUE_LOWER && c >= 'A' && c <= 'Z')
			c = (char)(c + 32);
		if (!put(out, size, &n, c))
			break;
	}
	return n > 0;
}

/* "0812-3456-7890", "+62 812...", "62812..." are one number. */
static bool write_phone(
    const struct value_words *w, struct str s, char *out, size_t size)
{
	char digits[PHONE_MOST + 2] = "";
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++)
		if (is_digit(s.p[i]) &&
		    !put(digits, sizeof(digits), &n, s.p[i]))
			return false;
	bool foreign = s.n > 0 && s.p[0] == '+';
	const char *code = foreign ? NULL : w->country, *rest = digits;
	if (n < PHONE_LEAST || n > PHONE_MOST)
		return false;
	if (code != NULL && digits[0] == '0')
		rest = digits + 1;
	else if (code != NULL && strncmp(digits, code, strlen(code)) == 0)
		code = "";
	int k = snprintf(out, size, "%s%s%s",
	    foreign || code != NULL ? "+" : "", code != NULL ? code : "", rest);
	return k > 0 && (size_t)k < size;
}

static const struct value_word *find_word(
    const struct value_word *v, size_t n, struct str s)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(s, v[i].word))
			return &v[i];
	return NULL;
}

/* A whole number; -1 when there is more in it than a few digits. */
static int64_t number_of(struct str s)
{
	int64_t n = 0;
	if (s.n == 0 || s.n > AMOUNT_DIGITS)
		return -1;
	for (size_t i = 0; i < s.n; i++) {
		if (!is_digit(s.p[i]))
			return -1;
		n = n * 10 + (s.p[i] - '0');
	}
	return n;
}

/* The parts of a date: numbers, and months by name; others are left out.
 * month_at: which part was a name, or -1. */
static int date_parts(const struct value_words *w, struct str s,
    int64_t part[DATE_PARTS], int *month_at)
{
	int n = 0;
	*month_at = -1;
	while (s.n > 0) {
		size_t len = 0;
		while (len < s.n && strchr(" /.-", s.p[len]) == NULL)
			len++;
		struct str token = { s.p, len };
		len += len < s.n ? 1 : 0;
		s = (struct str){ s.p + len, s.n - len };
		const struct value_word *month =
		    find_word(w->words, w->n_words, token);
		int64_t number =
		    month != NULL ? month->number : number_of(token);
		if (number < 0)
			continue;
		if (n == DATE_PARTS)
			return 0;
		if (month != NULL)
			*month_at = n;
		part[n++] = number;
	}
	return n;
}

/* Day, month and year that exist, as days since 1970. */
static bool day_of(int64_t y, int64_t m, int64_t d, int64_t *day)
{
	char iso[40];
	if (y < 0 || y > 9999 || m < 1 || m > 12 || d < 1 || d > 31)
		return false;
	(void)snprintf(iso, sizeof(iso), "%04d-%02d-%02d", (int)y, (int)m,
	    (int)d); /* fits */
	return calendar_read_date(str_of(iso), day);
}

static int64_t distance(int64_t a, int64_t b)
{
	return a < b ? b - a : a - b;
}

/* The nearest day to today among the same day of other years, or months. */
static bool nearest_day(int64_t today, int64_t m, int64_t d, int64_t *day)
{
	struct calendar_ymd now = calendar_ymd(today);
	bool found = false;
	for (int k = -1; k <= 1; k++) {
		int64_t month = m > 0 ? m : now.month + k;
		int64_t year = now.year + (m > 0 ? k : 0);
		int64_t there;
		if (month < 1 || month > 12) {
			year += month < 1 ? -1 : 1;
			month = month < 1 ? 12 : 1;
		}
		if (!day_of(year, month, d, &there) ||
		    (found && distance(there, today) >= distance(*day, today)))
			continue;
		*day = there;
		found = true;
	}
	return found;
}

static bool read_day(
    const struct value_words *w, struct str s, int64_t today, int64_t *day)
{
	const struct value_word *near = find_word(w->days, w->n_days, s);
	int64_t p[DATE_PARTS];
	int month_at;
	if (near != NULL) {
		*day = today + near->number;
		return true;
	}
	int n = date_parts(w, s, p, &month_at);
	if (n == 1)
		return month_at < 0 && nearest_day(today, 0, p[0], day);
	if (n == 2 && month_at == 0) /* "march 12" */
		return nearest_day(today, p[0], p[1], day);
	if (n == 2)
		return nearest_day(today, p[1], p[0], day);
	if (n != DATE_PARTS)
		return false;
	if (p[0] > 31) /* "2026-03-12" */
		return day_of(p[0], p[1], p[2], day);
	int64_t year = p[2] < 100 ? p[2] + 2000 : p[2];
	return month_at == 0 ? day_of(year, p[0], p[1], day)
			     : day_of(year, p[1], p[0], day);
}

/* Digits with their separators as a number of 1/100: "150.000", "1,5", "12.50".
 * Three digits behind a separator are thousands, one or two are a fraction. */
static int64_t hundredths(struct str s, size_t *used)
{
	int64_t n = 0;
	size_t i = 0;
	int fraction = -1; /* digits behind the last separator */
	size_t digits = 0;
	for (; i < s.n && (is_digit(s.p[i]) || s.p[i] == '.' || s.p[i] == ',');
	     i++) {
		if (!is_digit(s.p[i])) {
			fraction = 0;
			continue;
		}
		if (++digits > AMOUNT_DIGITS - 2)
			return -1;
		n = n * 10 + (s.p[i] - '0');
		fraction += fraction >= 0 ? 1 : 0;
	}
	*used = i;
	if (digits == 0)
		return -1;
	return fraction == 1 ? n * 10 : fraction == 2 ? n : n * 100;
}

int64_t value_hundredths(struct str s)
{
	size_t used;
	while (s.n > 0 && !is_digit(s.p[0]))
		s = (struct str){ s.p + 1, s.n - 1 };
	return hundredths(s, &used);
}

int value_count(struct str s)
{
	static const int64_t WHOLE = 100;
	int64_t n = value_hundredths(s) / WHOLE;
	return n >= 1 && n <= VALUE_MOST ? (int)n : 0;
}

/* How a number is written: where it stands, and its separators. */
struct number_style {
	size_t from, to; /* bytes */
	char group, point;
	int decimals;
};

static bool number_style(struct str model, struct number_style *style)
{
	size_t i = 0, last = 0;
	*style = (struct number_style){ 0 };
	while (i < model.n && !is_digit(model.p[i]))
		i++;
	style->from = i;
	for (; i < model.n && strchr("0123456789.,", model.p[i]) != NULL; i++)
		if (is_digit(model.p[i]))
			last = i + 1;
	style->to = last;
	for (; i < model.n; i++)
		if (is_digit(model.p[i]))
			return false; /* "5.000 - 7.000", which is it? */
	if (last == 0)
		return false;
	for (i = style->from; i < style->to; i++) {
		if (is_digit(model.p[i]))
			continue;
		if (style->to - i - 1 > 2) {
			style->group = model.p[i];
			continue;
		}
		style->point = model.p[i];
		style->decimals = (int)(style->to - i - 1);
	}
	if (style->group == 0 && style->point != 0)
		style->group = style->point == ',' ? '.' : ',';
	return true;
}

bool value_write_like(
    struct str model, int64_t hundredths, char *out, size_t size)
{
	struct number_style style;
	if (hundredths < 0 || !number_style(model, &style) ||
	    hundredths % (style.decimals > 1       ? 1
			     : style.decimals == 1 ? 10
						   : 100) !=
		0)
		return false;
	char digits[24];
	int n = snprintf(
	    digits, sizeof(digits), "%lld", (long long)(hundredths / 100));
	size_t used = 0;
	bool fits = true;
	out[0] = '\0';
	for (size_t i = 0; i < style.from; i++)
		fits = fits && put(out, size, &used, model.p[i]);
	for (int i = 0; i < n; i++) {
		if (i > 0 && (n - i) % 3 == 0 && style.group != 0)
			fits = fits && put(out, size, &used, style.group);
		fits = fits && put(out, size, &used, digits[i]);
	}
	int rest = (int)(hundredths % 100);
	if (style.decimals > 0)
		fits = fits && put(out, size, &used, style.point) &&
		       put(out, size, &used, (char)('0' + rest / 10));
	if (style.decimals > 1)
		fits = fits && put(out, size, &used, (char)('0' + rest % 10));
	for (size_t i = style.to; i < model.n; i++)
		fits = fits && put(out, size, &used, model.p[i]);
	return fits;
}

/* "2 lusin": the numbers and the words for numbers, multiplied. */
static bool write_count(
    const struct value_words *w, struct str s, char *out, size_t size)
{
	int64_t n = 1;
	struct str part;
	while (str_next(&s, ' ', &part)) {
		const struct value_word *word =
		    find_word(w->words, w->n_words, part);
		int64_t k = word != NULL ? word->number : number_of(part);
		if (k < 1 || k > VALUE_MOST / n)
			return false;
		n *= k;
	}
	int k = snprintf(out, size, "%lld", (long long)n);
	return k > 0 && (size_t)k < size;
}

static bool write_amount(
    const struct value_words *w, struct str s, char *out, size_t size)
{
	size_t used = 0;
	while (s.n > 0 && !is_digit(s.p[0]))
		s = (struct str){ s.p + 1, s.n - 1 };
	int64_t n = hundredths(s, &used);
	if (n < 0)
		return false;
	struct str unit = str_trim((struct str){ s.p + used, s.n - used });
	const struct value_word *factor = find_word(w->words, w->n_words, unit);
	if (unit.n > 0 && factor == NULL)
		return false;
	if (factor != NULL) {
		if (factor->number < 1 || n > INT64_MAX / factor->number)
			return false;
		n *= factor->number;
	}
	int k = snprintf(out, size, "%lld", (long long)(n / 100));
	return n >= 100 && k > 0 && (size_t)k < size;
}

bool value_write(enum value_form form, const struct value_words *w,
    struct str original, struct str normal, int64_t today, char *out,
    size_t size)
{
	int64_t day;
	out[0] = '\0';
	switch (form) {
	case VALUE_PHONE:
		return write_phone(w, original, out, size);
	case VALUE_DATE:
		if (!read_day(w, normal, today, &day))
			return false;
		calendar_write_date(day, out, size);
		return true;
	case VALUE_AMOUNT:
		return write_amount(w, normal, out, size);
	case VALUE_COUNT:
		return write_count(w, normal, out, size);
	case VALUE_AS_IS:
	case VALUE_UPPER:
	case VALUE_LOWER:
	case VALUE_DIGITS:
		break;
	}
	return write_letters(form, original, out, size);
}
