/* Attack texts from the shape of a pattern (pump a repetition, break the tail):
 * the recipe of published regular-expression denial-of-service scanners. */
#include "rules/attack.h"
#include "base/buf.h"
#include "model/limits.h"

enum { BRANCHES = 6, LEAD_BYTES = 400 };

struct attacking {
	bool (*fn)(void *arg, struct str text);
	void *arg;
	int left;
	struct buf text, tail;
};

/* lead, then body until the text is full but for a tail that breaks it. */
static void pump(struct attacking *a, struct str lead, struct str body)
{
	if (body.n == 0 || a->left == 0)
		return;
	buf_reset(&a->text);
	buf_adds(&a->text, lead);
	while (a->text.n + body.n + a->tail.n <= LIMIT_MATCH_BYTES)
		buf_adds(&a->text, body);
	buf_adds(&a->text, buf_str(&a->tail));
	a->left--;
	if (!a->fn(a->arg, buf_str(&a->text)))
		a->left = 0;
}

/* The tail: nothing that x wants next, then all its letters backwards, since
 * PCRE2 gives up at once on a text without a letter that x must have. */
static void make_tail(struct attacking *a, const struct rx *x)
{
	enum { TAIL_BYTES = 64 };
	struct buf sample = { 0 };
	rx_sample(x, false, &sample);
	buf_addz(&a->tail, " 0z ");
	for (size_t i = sample.n; i > 0 && a->tail.n < TAIL_BYTES; i--)
		if ((unsigned char)sample.p[i - 1] < 0x80)
			buf_addc(&a->tail, sample.p[i - 1]);
	buf_clear(&sample);
}

static void pump_body(
    struct attacking *a, const struct buf *lead, const struct rx *body)
{
	struct buf one = { 0 };
	if (body->kind == RX_ALT) {
		for (size_t i = 0; i < body->n && i < BRANCHES; i++) {
			buf_reset(&one);
			rx_sample(body->kids[i], true, &one);
			pump(a, buf_str(lead), buf_str(&one));
		}
	} else {
		rx_sample(body, true, &one);
		pump(a, buf_str(lead), buf_str(&one));
	}
	buf_clear(&one);
}

/* Attack every repetition inside x; lead matches what stands before it. */
static void walk(struct attacking *a, const struct rx *x, struct buf *lead)
{
	size_t n = lead->n;
	if (a->left == 0 || lead->n > LEAD_BYTES)
		return;
	switch (x->kind) {
	case RX_EMPTY:
	case RX_LITERAL:
	case RX_CHAR:
	case RX_UNKNOWN:
		break;
	case RX_CAT:
		for (size_t i = 0; i < x->n; i++) {
			walk(a, x->kids[i], lead);
			rx_sample(x->kids[i], true, lead);
		}
		break;
	case RX_ALT:
		for (size_t i = 0; i < x->n && i < BRANCHES; i++)
			walk(a, x->kids[i], lead);
		break;
	case RX_REPEAT:
		if (x->max > 1)
			pump_body(a, lead, x->kids[0]);
		walk(a, x->kids[0], lead);
		break;
	}
	lead->n = n;
}

/* All but the last part of a sequence, over and over. */
static void repeat_parts(struct attacking *a, const struct rx *x)
{
	struct buf part = { 0 };
	size_t n = x->kind == RX_CAT ? x->n : 1;
	for (size_t i = 0; i < n; i++) {
		if (i > 0 || n == 1) {
			struct buf body = { 0 };
			buf_adds(&body, buf_str(&part));
			buf_addc(&body, ' ');
			pump(a, STR(""), buf_str(&body));
			buf_clear(&body);
		}
		rx_sample(x->kind == RX_CAT ? x->kids[i] : x, true, &part);
	}
	buf_clear(&part);
}

void attack_each(
    const struct rx *x, bool (*fn)(void *arg, struct str text), void *arg)
{
	struct attacking a = { .fn = fn, .arg = arg, .left = ATTACK_TEXTS };
	struct buf lead = { 0 };
	make_tail(&a, x);
	repeat_parts(&a, x);
	walk(&a, x, &lead);
	buf_clear(&lead);
	buf_clear(&a.text);
	buf_clear(&a.tail);
}
