/* Wordings: which one, and what stands in its placeholders.  What a customer
 * wrote is data: a value is put in once and never expanded again. */
#include "talk/say.h"
#include "base/mem.h"

#include <stdio.h>

enum { VALUE_BYTES = 512, CONTACT_EVERY = 10 };

/* {{row.column}}: the cell of the row that was found. */
static const char *cell_of(const struct saying *s, struct str name)
{
	struct str row = STR("row.");
	struct str column = { name.p + row.n, name.n - row.n };
	int c = s->row != NULL ? table_column(s->table, column) : -1;
	return c >= 0 ? s->row[c] : NULL;
}

const char *say_slot_title(
    const struct pack *pack, const struct slot_value *slot)
{
	const struct slot *s = pack_slot(pack, slot->name);
	return s != NULL ? s->title : slot->name;
}

/* {{memory}}: what is remembered of the customer, as a list; false when that is
 * nothing. */
static bool list_memory(const struct saying *s, char *out, size_t size)
{
	const struct conversation *c = s->c;
	struct buf list = { 0 };
	buf_addz(&list, c->name);
	for (int i = 0; i < c->n_slots; i++)
		buf_addf(&list, "%s%s %s", list.n > 0 ? ", " : "",
		    say_slot_title(s->pack, &c->slots[i]), c->slots[i].value);
	field_set(out, size, buf_str(&list).p != NULL ? list.p : "", list.n);
	buf_clear(&list);
	return out[0] != '\0';
}

/* {{wait}}: minutes, "5", or "5-10" when the waits differ that much. */
static bool minutes_of(const struct desk_view *desk, char *out, size_t size)
{
	enum { MINUTE_MS = 60 * 1000 };
	long long low = (desk->wait_low_ms + MINUTE_MS - 1) / MINUTE_MS;
	long long usual = (desk->wait_ms + MINUTE_MS - 1) / MINUTE_MS;
	long long high = (desk->wait_high_ms + MINUTE_MS - 1) / MINUTE_MS;
	if (low >= 1 && high > low + 1)
		(void)snprintf(out, size, "%lld-%lld", low, high); /* fits */
	else
		(void)snprintf(out, size, "%lld", usual); /* fits */
	return desk->wait_ms > 0;
}

/* {{opens}}: the day in the pack's words, and the time: "besok jam 08.00". */
static bool opening_of(const struct saying *s, char *out, size_t size)
{
	const struct calendar *c = &s->pack->calendar;
	int64_t at_ms = s->view->desk.opens_ms;
	int64_t day = calendar_today(c, at_ms);
	int64_t days = day - calendar_today(c, s->view->now_ms);
	const struct wordings *w =
	    pack_phrase(s->pack, days == 0   ? "day_today"
				 : days == 1 ? "day_tomorrow"
					     : "day_names");
	size_t i = days > 1 ? (size_t)calendar_weekday(day) : 0;
	if (at_ms <= 0 || days < 0 || w == NULL || i >= w->n)
		return false;
	int minute = calendar_minute(c, at_ms);
	(void)snprintf(out, size, "%.*s %02d.%02d", STR_ARG(w->v[i].text),
	    minute / 60, minute % 60); /* cut is fine */
	return true;
}

/* The value of a placeholder; false when it has none now. */
static bool value_of(
    const struct saying *s, struct str name, char *out, size_t size)
{
	const struct conversation *c = s->c;
	const struct desk_view *desk = &s->view->desk;
	const char *value = NULL;
	out[0] = '\0';
	const struct {
		const char *name, *value;
	} texts[] = { { "persona", s->pack->persona }, { "name", c->name },
		{ "first", s->first }, { "second", s->second },
		{ "value", s->value }, { "agent", s->agent },
		{ "total", s->total }, { "goods", s->goods },
		{ "shipping", s->shipping } };
	for (size_t i = 0; i < HG_COUNT(texts); i++)
		if (str_is(name, texts[i].name))
			value = texts[i].value;
	if (str_is(name, "memory")) {
		return list_memory(s, out, size);
	} else if (str_is(name, "kilos")) {
		(void)snprintf(out, size, "%d", s->kilos); /* fits */
		return s->kilos > 0;
	} else if (str_starts(name, STR("row."))) {
		value = cell_of(s, name);
	} else if (str_starts(name, STR("shop."))) {
		value =
		    pack_fact(s->pack, (struct str){ name.p + 5, name.n - 5 });
	} else if (str_is(name, "call")) {
		const char *call = s->pack->calls_customer;
		(void)snprintf(out, size, "%s%s%s", call,
		    *call != '\0' && c->name[0] != '\0' ? " " : "",
		    c->name); /* fits: see VALUE_BYTES */
		return out[0] != '\0';
	} else if (str_is(name, "position")) {
		(void)snprintf(out, size, "%d", desk->position); /* fits */
		return desk->position > 0;
	} else if (str_is(name, "wait")) {
		return minutes_of(desk, out, size);
	} else if (str_is(name, "opens")) {
		return opening_of(s, out, size);
	}
	if (value == NULL && s->counted != NULL && str_is(name, s->counted)) {
		(void)snprintf(out, size, "%d", s->times); /* fits */
		return s->times > 0;
	}
	if (value == NULL)
		value = conversation_value(c, name);
	if (value == NULL)
		return false;
	field_set(out, size, value, strlen(value));
	return out[0] != '\0';
}

/* Append text with its placeholders filled; false (and nothing appended) when
 * one of them has no value. */
static bool fill(const struct saying *s, struct str text, struct buf *out)
{
	size_t start = out->n;
	const char *p = text.p, *end = text.p + text.n;
	while (p < end) {
		const char *open = strstr(p, "{{");
		if (open == NULL) {
			buf_add(out, p, (size_t)(end - p));
			return true;
		}
		buf_add(out, p, (size_t)(open - p));
		const char *close = strstr(open, "}}");
		char value[VALUE_BYTES];
		struct str name = { open + 2, (size_t)(close - open - 2) };
		if (!value_of(s, name, value, sizeof(value))) {
			out->n = start;
			out->p[start] = '\0';
			return false;
		}
		buf_addz(out, value);
		p = close + 2;
	}
	return true;
}

/* How long ago a wording was used: 0 never, else 1 for the newest. */
static int last_used(const struct conversation *c, uint32_t hash)
{
	for (int i = c->n_variants - 1; i >= 0; i--)
		if (c->variants[i] == hash)
			return c->n_variants - i;
	return 0;
}

static void note_used(struct conversation *c, uint32_t hash)
{
	if (c->n_variants == TALK_VARIANTS) {
		memmove(c->variants, c->variants + 1,
		    (TALK_VARIANTS - 1) * sizeof(c->variants[0]));
		c->n_variants--;
	}
	c->variants[c->n_variants++] = hash;
}

static bool is_in_list(const char *list, const char *value)
{
	struct str rest = str_of(list), item;
	while (str_next(&rest, '|', &item))
		if (str_eq_case(str_trim(item), str_of(value)))
			return true;
	return false;
}

/* The number that the message names for the slot in hundredths, or -1. */
static int64_t number_named(const struct saying *s, const char *slot)
{
	static const int64_t WHOLE = 100;
	if (s->counted != NULL && strcmp(slot, s->counted) == 0)
		return s->times > 0 ? s->times * WHOLE : -1;
	const char *value = conversation_named_now(s->c, str_of(slot));
	return value != NULL ? value_hundredths(str_of(value)) : -1;
}

/* Does a condition hold of the row that was found?  Of a row that lists nothing
 * nothing is lacking. */
static bool holds(const struct saying *s, const struct row_condition *r)
{
	int c = s->row != NULL ? table_column(s->table, str_of(r->column)) : -1;
	if (c < 0)
		return false;
	const char *cell = s->row[c], *value;
	if (r->test == ROW_IS)
		return strcmp(cell, r->operand) == 0;
	if (r->test == ROW_WITHOUT) {
		value = conversation_named_now(s->c, str_of(r->operand));
		return value != NULL && *cell != '\0' &&
		       !is_in_list(cell, value);
	}
	int64_t limit = value_hundredths(str_of(cell));
	int64_t named = number_named(s, r->operand);
	if (limit < 0 || named < 0)
		return false;
	return r->test == ROW_OVER ? named > limit : named < limit;
}

static bool is_of_row(const struct saying *s, const struct variant *v)
{
	for (size_t i = 0; i < v->n_rows; i++)
		if (!holds(s, &v->rows[i]))
			return false;
	return true;
}

bool say_is_special(const struct saying *s, const struct wordings *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->v[i].n_rows > 0 && is_of_row(s, &w->v[i]))
			return true;
	return false;
}

/* Does its condition hold now? */
static bool may_be_said(const struct saying *s, const struct variant *v)
{
	if (v->voice != VOICE_ANY && v->voice != s->c->voice)
		return false;
	if (!is_of_row(s, v))
		return false;
	if (v->from_hour < 0)
		return true;
	int hour = calendar_hour(&s->pack->calendar, s->view->now_ms);
	return v->from_hour <= v->to_hour
		   ? hour >= v->from_hour && hour <= v->to_hour
		   : hour >= v->from_hour || hour <= v->to_hour;
}

/* What is true of this row, or of how many are wanted, goes before what can be
 * said of any. */
static int rank(const struct variant *v)
{
	static const int worth[ROW_TESTS] = {
		[ROW_WITHOUT] = 8, [ROW_IS] = 4, [ROW_OVER] = 2, [ROW_UNDER] = 2
	};
	int sum = v->tells_total;
	for (size_t i = 0; i < v->n_rows; i++)
		sum += worth[v->rows[i].test];
	return sum;
}

/* The n-th best wording to try: unused ones first, from a random start, then
 * the one used longest ago. */
static const struct variant *choose(
    const struct saying *s, const struct wordings *w, const bool *tried)
{
	enum { RANK = 4 * TALK_VARIANTS }; /* more than any age */
	const struct variant *best = NULL;
	int best_age = -1;
	uint32_t start = rng_below(s->view->rng, (uint32_t)w->n);
	for (size_t k = 0; k < w->n; k++) {
		size_t i = (start + k) % w->n;
		if (tried[i] || !may_be_said(s, &w->v[i]))
			continue;
		int used = last_used(s->c, w->v[i].hash);
		int age = used == 0 ? TALK_VARIANTS + 1 : used;
		/* among equals, what is meant for a customer like this one */
		age = 2 * age + (w->v[i].voice != VOICE_ANY);
		age += rank(&w->v[i]) * RANK;
		if (age > best_age) {
			best_age = age;
			best = &w->v[i];
		}
	}
	return best;
}

/* A part of the reply begins at the space at `at`. */
static void note_break(const struct saying *s, size_t at, const struct buf *out)
{
	struct reply *r = s->reply;
	if (r != NULL && out == &r->text && at > 0 &&
	    r->n_breaks < REPLY_BREAKS)
		r->breaks[r->n_breaks++] = (uint32_t)at;
}

bool say_one(struct saying *s, const struct wordings *w, struct buf *out)
{
	enum { MOST = 64 };
	if (w == NULL || w->n == 0)
		return false;
	struct wordings some = *w;
	if (some.n > MOST)
		some.n = MOST;
	bool tried[MOST] = { false };
	size_t before = out->n;
	const struct variant *v;
	while ((v = choose(s, &some, tried)) != NULL) {
		tried[v - some.v] = true;
		if (before != 0)
			buf_addc(out, ' ');
		if (fill(s, v->text, out)) {
			note_used(s->c, v->hash);
			s->said = v;
			note_break(s, before, out);
			return true;
		}
		out->n = before;
	}
	if (out->p != NULL)
		out->p[before] = '\0';
	return false;
}

bool say_phrase(struct saying *s, const char *key, struct buf *out)
{
	return say_one(s, pack_phrase(s->pack, key), out);
}

bool say_first(struct saying *s, const struct wordings *w, struct buf *out)
{
	for (size_t i = 0; w != NULL && i < w->n; i++)
		if (fill(s, w->v[i].text, out))
			return true;
	return false;
}

void say_fixed(struct saying *s, const char *key, struct buf *out)
{
	(void)say_first(s, pack_phrase(s->pack, key), out); /* or nothing */
}

/* Is there a way to reach the customer later? */
static bool can_be_reached(const struct saying *s)
{
	for (int i = 0; i < s->c->n_slots; i++) {
		const struct slot *slot =
		    pack_slot(s->pack, s->c->slots[i].name);
		if (slot != NULL && slot->contact)
			return true;
	}
	return false;
}

void say_queue(struct saying *s, struct buf *out)
{
	const struct desk_view *desk = &s->view->desk;
	if (desk->open && desk->agents > 0) {
		if (!(desk->wait_ms > 0 && say_phrase(s, "queue", out)))
			(void)say_phrase(s, "queue_unknown", out);
		return;
	}
	(void)say_phrase(s, desk->open ? "nobody" : "closed", out);
	/* asked once is enough for a while */
	struct conversation *c = s->c;
	bool asked =
	    c->contact_turn > 0 && c->turn - c->contact_turn < CONTACT_EVERY;
	if (!can_be_reached(s) && !asked && say_phrase(s, "ask_contact", out))
		c->contact_turn = c->turn;
}
