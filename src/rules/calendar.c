/* The shop's clock.  Days are counted by the civil calendar (Hinnant, "chrono
 * compatible low-level date algorithms"), so no clock of the system is asked.
 */
#include "rules/calendar.h"

#include <stdio.h>

enum { MINUTE_MS = 60 * 1000, EPOCH_WEEKDAY = 3 }; /* a Thursday */

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

/* Minutes since 1970 of local time. */
static int64_t local_minutes(const struct calendar *c, int64_t now_ms)
{
	return floor_div(now_ms, MINUTE_MS) + c->offset_minutes;
}

int calendar_minute(const struct calendar *c, int64_t now_ms)
{
	int64_t m = local_minutes(c, now_ms);
	return (int)(m - floor_div(m, DAY_MINUTES) * DAY_MINUTES);
}

int calendar_hour(const struct calendar *c, int64_t now_ms)
{
	return calendar_minute(c, now_ms) / 60;
}

int calendar_weekday(int64_t day)
{
	int64_t since = day + EPOCH_WEEKDAY;
	return (int)(since - floor_div(since, 7) * 7);
}

int64_t calendar_today(const struct calendar *c, int64_t now_ms)
{
	return floor_div(local_minutes(c, now_ms), DAY_MINUTES);
}

/* What that day has; nothing on a holiday. */
static const struct calendar_day *hours_of(
    const struct calendar *c, int64_t day)
{
	static const struct calendar_day none = { .n = 0 };
	for (int i = 0; i < c->n_holidays; i++)
		if (c->holidays[i] == day)
			return &none;
	return &c->days[calendar_weekday(day)];
}

bool calendar_is_open(const struct calendar *c, int64_t now_ms)
{
	if (!c->has_hours)
		return true;
	int minute = calendar_minute(c, now_ms);
	const struct calendar_day *d = hours_of(c, calendar_today(c, now_ms));
	for (int i = 0; i < d->n; i++)
		if (minute >= d->spans[i].from && minute < d->spans[i].to)
			return true;
	return false;
}

int64_t calendar_opens_ms(const struct calendar *c, int64_t now_ms)
{
	enum { LOOK_DAYS = 15 };
	int64_t today = calendar_today(c, now_ms);
	for (int64_t day = today; c->has_hours && day < today + LOOK_DAYS;
	     day++) {
		const struct calendar_day *d = hours_of(c, day);
		for (int i = 0; i < d->n; i++) {
			int64_t minutes = day * DAY_MINUTES + d->spans[i].from -
					  c->offset_minutes;
			if (minutes * MINUTE_MS > now_ms)
				return minutes * MINUTE_MS;
		}
	}
	return 0;
}

/* `digits` digits from *s on; false when they are not there. */
static bool take_number(struct str *s, size_t digits, int *out)
{
	int n = 0;
	if (s->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (s->p[i] < '0' || s->p[i] > '9')
			return false;
		n = n * 10 + (s->p[i] - '0');
	}
	*s = (struct str){ s->p + digits, s->n - digits };
	*out = n;
	return true;
}

static bool take_char(struct str *s, char c)
{
	if (s->n == 0 || s->p[0] != c)
		return false;
	*s = (struct str){ s->p + 1, s->n - 1 };
	return true;
}

/* "09:30" as minutes. */
static bool take_time(struct str *s, int *minutes)
{
	int h, m;
	if (!take_number(s, 2, &h) || !take_char(s, ':') ||
	    !take_number(s, 2, &m) || m > 59)
		return false;
	*minutes = h * 60 + m;
	return *minutes <= DAY_MINUTES;
}

bool calendar_read_offset(struct str s, int *minutes)
{
	enum { MOST_MINUTES = 14 * 60 };
	bool west = take_char(&s, '-');
	int m;
	if ((!west && !take_char(&s, '+')) || !take_time(&s, &m) || s.n != 0 ||
	    m > MOST_MINUTES)
		return false;
	*minutes = west ? -m : m;
	return true;
}

bool calendar_read_day(struct str s, struct calendar_day *day)
{
	struct str part;
	*day = (struct calendar_day){ .n = 0 };
	if (str_is(str_trim(s), "closed"))
		return true;
	while (str_next(&s, ',', &part)) {
		int from, to;
		part = str_trim(part);
		if (day->n == CALENDAR_SPANS || !take_time(&part, &from) ||
		    !take_char(&part, '-') || !take_time(&part, &to) ||
		    part.n != 0 || from >= to)
			return false;
		day->spans[day->n].from = from;
		day->spans[day->n++].to = to;
	}
	return day->n > 0;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool calendar_read_date(struct str s, int64_t *day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
		30, 31 };
	int y, m, d;
	if (!take_number(&s, 4, &y) || !take_char(&s, '-') ||
	    !take_number(&s, 2, &m) || !take_char(&s, '-') ||
	    !take_number(&s, 2, &d) || s.n != 0 || y < 1970 || m < 1 ||
	    m > 12 || d < 1 ||
	    d > lengths[m - 1] + (m == 2 && is_leap(y) ? 1 : 0))
		return false;
	int64_t year = m <= 2 ? y - 1 : y, era = year / 400;
	int64_t of_era = year - era * 400;
	int64_t of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + d - 1;
	*day = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	       of_year - 719468;
	return true;
}

struct calendar_ymd calendar_ymd(int64_t day)
{
	int64_t z = day + 719468, era = floor_div(z, 146097);
	int64_t of_era = z - era * 146097;
	int64_t year =
	    (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
	int64_t m = (5 * of_year + 2) / 153;
	int month = (int)(m < 10 ? m + 3 : m - 9);
	return (struct calendar_ymd){
		.year = (int)(year + era * 400 + (month <= 2 ? 1 : 0)),
		.month = month,
		.day = (int)(of_year - (153 * m + 2) / 5 + 1),
	};
}

void calendar_write_date(int64_t day, char *out, size_t size)
{
	struct calendar_ymd d = calendar_ymd(day);
	(void)snprintf(out, size, "%04d-%02d-%02d", d.year, d.month,
	    d.day); /* fits, see the header */
}
