/* Names of decisions, reasons and urgencies; the life of a reply. */
#include "model/effect.h"

#include <string.h>

const char *decision_name(enum decision d)
{
	static const char *const names[] = { [DECISION_ANSWER] = "answer",
		[DECISION_CLARIFY] = "clarify",
		[DECISION_UNSURE] = "unsure" };
	return names[d];
}

static const char *const reasons[REASON_COUNT] = {
	[REASON_UNSURE] = "unsure",
	[REASON_WISH] = "wish",
	[REASON_ANGER] = "anger",
	[REASON_CRISIS] = "crisis",
	[REASON_WORRY] = "worry",
	[REASON_RULE] = "rule",
	[REASON_LIMIT] = "limit",
	[REASON_FORM] = "form",
};

const char *reason_name(enum reason r)
{
	return reasons[r];
}

int reason_from_name(const char *name)
{
	for (int i = 0; i < REASON_COUNT; i++)
		if (strcmp(reasons[i], name) == 0)
			return i;
	return -1;
}

const char *urgency_name(enum urgency u)
{
	static const char *const names[] = { [URGENCY_CRISIS] = "crisis",
		[URGENCY_UPSET] = "upset",
		[URGENCY_NORMAL] = "normal" };
	return names[u];
}

const char *card_field_name(enum card_field f)
{
	static const char *const names[CARD_FIELD_COUNT] = {
		[CARD_TITLE] = "title",
		[CARD_TEXT] = "text",
		[CARD_PRICE] = "price",
		[CARD_URL] = "url",
		[CARD_SPONSOR] = "sponsor",
	};
	return names[f];
}

int reply_pace_ms(const struct reply *r)
{
	enum { LEAST = 400, MOST = 3000, EACH_BYTE = 12 };
	size_t ms = LEAST + r->text.n * EACH_BYTE;
	return ms < MOST ? (int)ms : MOST;
}

void reply_clear(struct reply *r)
{
	buf_clear(&r->text);
	buf_clear(&r->why);
	for (int i = 0; i < r->n_buttons; i++) {
		buf_clear(&r->buttons[i].title);
		buf_clear(&r->buttons[i].text);
	}
	for (int i = 0; i < r->n_cards; i++)
		for (int k = 0; k < CARD_FIELD_COUNT; k++)
			buf_clear(&r->cards[i].fields[k]);
	*r = (struct reply){ 0 };
}

void step_clear(struct step *s)
{
	reply_clear(&s->reply);
	*s = (struct step){ 0 };
}
