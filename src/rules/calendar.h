#ifndef HG_RULES_CALENDAR_H
#define HG_RULES_CALENDAR_H

#include "base/str.h"

#include <stdint.h>

/* The shop's clock: its time zone, when people are there, holidays. */
enum { CALENDAR_SPANS = 3, CALENDAR_HOLIDAYS = 64, DAY_MINUTES = 24 * 60 };

struct calendar {
	int offset_minutes; /* of local time from UTC */
	bool has_hours;     /* else always open */
	struct calendar_day {
		/* minutes of the day, from <= m < to; n 0: closed */
		struct {
			int from, to;
		} spans[CALENDAR_SPANS];
		int n;
	} days[7];                           /* Monday first */
	int64_t holidays[CALENDAR_HOLIDAYS]; /* days since 1970-01-01 */
	int n_holidays;
};

/* The hour there, 0..23, at a time in milliseconds since 1970 (UTC). */
int calendar_hour(const struct calendar *c, int64_t now_ms);
/* Is somebody there?  Without hours always; never on a holiday. */
bool calendar_is_open(const struct calendar *c, int64_t now_ms);

/* When somebody is there next, in milliseconds since 1970; 0 when nobody comes
 * within two weeks, or somebody is there always. */
int64_t calendar_opens_ms(const struct calendar *c, int64_t now_ms);
/* Of a day the weekday, 0 Monday; of a time the minute of the day there. */
int calendar_weekday(int64_t day);
int calendar_minute(const struct calendar *c, int64_t now_ms);

/* Days since 1970-01-01 there. */
int64_t calendar_today(const struct calendar *c, int64_t now_ms);
struct calendar_ymd {
	int year, month, day; /* month and day from 1 */
};
struct calendar_ymd calendar_ymd(int64_t day);
/* "2026-12-25"; size at least 16 holds any day of years up to 9999. */
void calendar_write_date(int64_t day, char *out, size_t size);

/* Read "+07:00", "09:00-12:00, 13:00-17:30" or "closed" (to 24:00 at most), and
 * "2026-12-25" as days since 1970.  False when it is something else. */
bool calendar_read_offset(struct str s, int *minutes);
bool calendar_read_day(struct str s, struct calendar_day *day);
bool calendar_read_date(struct str s, int64_t *day);

#endif
