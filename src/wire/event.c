/* Events as JSON: the few shapes of the hot path, written by hand. */
#include "wire/wire.h"
#include "json/write.h"

static void write_from(const struct event *ev, struct json_out *o)
{
	json_out_object(o, "from");
	json_out_text(o, "kind", speaker_name(ev->from));
	if (ev->from_name != NULL && ev->from_name[0] != '\0')
		json_out_text(o, "name", ev->from_name);
	json_out_close(o, '}');
}

/* The text in the parts it was said in; left out when it is one. */
static void write_bubbles(const struct reply *r, struct json_out *o)
{
	size_t from = 0;
	if (r->n_breaks == 0)
		return;
	json_out_array(o, "bubbles");
	for (int i = 0; i <= r->n_breaks; i++) {
		size_t to = i < r->n_breaks ? r->breaks[i] : r->text.n;
		json_out_str(o, NULL,
		    str_trim((struct str){ r->text.p + from, to - from }));
		from = to;
	}
	json_out_close(o, ']');
}

static void write_cards(const struct reply *r, struct json_out *o)
{
	json_out_array(o, "cards");
	for (int i = 0; i < r->n_cards; i++) {
		json_out_object(o, NULL);
		for (int k = 0; k < CARD_FIELD_COUNT; k++) {
			const struct buf *b = &r->cards[i].fields[k];
			if (b->n > 0)
				json_out_str(o,
				    card_field_name((enum card_field)k),
				    buf_str(b));
		}
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
}

static void write_reply(const struct step *step, struct json_out *o)
{
	const struct reply *r = &step->reply;
	json_out_text(o, "intent", r->intent);
	json_out_share(o, "confidence", r->confidence);
	json_out_text(o, "decision", decision_name(r->decision));
	json_out_text(o, "mood", mood_name(r->mood.mood));
	json_out_share(o, "mood_strength", r->mood.strength);
	json_out_text(o, "lang", r->lang);
	json_out_bool(o, "handoff", step->opens_ticket);
	json_out_array(o, "quick_replies");
	for (int i = 0; i < r->n_buttons; i++) {
		json_out_object(o, NULL);
		json_out_str(o, "title", buf_str(&r->buttons[i].title));
		json_out_str(o, "text", buf_str(&r->buttons[i].text));
		json_out_close(o, '}');
	}
	json_out_close(o, ']');
	write_cards(r, o);
	json_out_int(o, "pace_ms", reply_pace_ms(r));
	write_bubbles(r, o);
	if (r->n_also > 0) {
		json_out_array(o, "also");
		for (int i = 0; i < r->n_also; i++)
			json_out_text(o, NULL, r->also[i]);
		json_out_close(o, ']');
	}
}

static void write_ticket(
    const struct ticket *t, int64_t waited_ms, struct json_out *o)
{
	char id[TICKET_NAME_BYTES];
	ticket_name(t->id, id);
	json_out_text(o, "ticket", id);
	json_out_text(o, "conversation", t->conversation);
	json_out_text(o, "state", ticket_state_name(t->state));
	json_out_text(o, "reason", reason_name(t->reason));
	json_out_text(o, "priority", urgency_name(t->urgency));
	json_out_text(o, "lang", t->lang);
	if (t->customer[0] != '\0')
		json_out_text(o, "customer", t->customer);
	if (t->topic[0] != '\0')
		json_out_text(o, "topic", t->topic);
	json_out_text(o, "mood", mood_name(t->mood_end));
	json_out_int(o, "generation", t->generation);
	if (t->agent[0] != '\0')
		json_out_text(o, "agent", t->agent);
	if (t->state == TICKET_WAITING && t->prefer[0] != '\0')
		json_out_text(o, "prefer", t->prefer);
	if (t->state == TICKET_WAITING && t->snooze_ms > 0)
		json_out_int(o, "snoozed_until_ms", t->snooze_ms);
	if (t->outcome[0] != '\0')
		json_out_text(o, "outcome", t->outcome);
	json_out_int(o, "waited_ms", waited_ms);
}

void ticket_json(const struct ticket *t, int64_t now_ms, struct buf *out)
{
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	write_ticket(t, now_ms - t->opened_ms, &o);
	json_out_close(&o, '}');
}

static void write_welcome(const struct event *ev, struct json_out *o)
{
	json_out_text(o, "type", "welcome");
	if (ev->role != NULL) {
		json_out_text(o, "role", ev->role);
		json_out_text(o, "name", ev->from_name);
		if (ev->supervisor)
			json_out_bool(o, "supervisor", true);
		if (ev->csrf != NULL)
			json_out_text(o, "csrf", ev->csrf);
		return;
	}
	json_out_text(o, "conversation", ev->conversation);
	if (ev->resume != NULL)
		json_out_text(o, "resume", ev->resume);
	json_out_int(o, "seq", ev->seq);
	json_out_object(o, "bot");
	json_out_text(o, "kind", "bot");
	json_out_text(o, "name", ev->from_name);
	json_out_close(o, '}');
	json_out_str(o, "disclosure", ev->text);
}

static void write_message(const struct event *ev, struct json_out *o)
{
	write_from(ev, o);
	if (ev->id.p != NULL)
		json_out_str(o, "id", ev->id);
	if (ev->ticket != NULL) {
		char id[TICKET_NAME_BYTES];
		ticket_name(ev->ticket->id, id);
		json_out_text(o, "ticket", id);
		if (ev->mood != NULL)
			json_out_text(o, "mood", ev->mood);
	}
	json_out_str(o, "text", ev->text);
	if (ev->step != NULL)
		write_reply(ev->step, o);
	if (ev->explain && ev->step != NULL)
		json_out_raw(o, "explain", buf_str(&ev->step->reply.why));
}

static void write_error(const struct event *ev, struct json_out *o)
{
	json_out_text(o, "code", error_code_name(ev->code));
	json_out_str(o, "message", ev->text);
	if (ev->retry_ms > 0)
		json_out_int(o, "retry_ms", ev->retry_ms);
	else
		json_out_null(o, "retry_ms");
}

static void write_handoff(const struct event *ev, struct json_out *o)
{
	json_out_text(o, "state", ev->state);
	if (ev->position > 0)
		json_out_int(o, "position", ev->position);
	if (ev->position > 0 && ev->wait_s >= 0) {
		json_out_int(o, "wait_s", ev->wait_s);
		json_out_int(o, "wait_low_s", ev->wait_low_s);
		json_out_int(o, "wait_high_s", ev->wait_high_s);
	}
}

static void write_claimed(const struct event *ev, struct json_out *o)
{
	char id[TICKET_NAME_BYTES];
	ticket_name(ev->ticket->id, id);
	json_out_text(o, "ticket", id);
	json_out_int(o, "generation", ev->ticket->generation);
	json_out_int(o, "lease_ms", ev->lease_ms);
	json_out_raw(o, "card", ev->json);
}

static void write_body(const struct event *ev, struct json_out *o)
{
	switch (ev->type) {
	case EVENT_WELCOME:
	case EVENT_ACK:
	case EVENT_PONG:
		break;
	case EVENT_MESSAGE:
		write_message(ev, o);
		break;
	case EVENT_ERROR:
		write_error(ev, o);
		break;
	case EVENT_HANDOFF:
		write_handoff(ev, o);
		break;
	case EVENT_FEEDBACK:
		write_from(ev, o);
		json_out_int(o, "rating", ev->rating);
		json_out_str(o, "text", ev->text);
		break;
	case EVENT_TYPING:
	case EVENT_JOINED:
	case EVENT_LEFT:
		write_from(ev, o);
		if (ev->ticket != NULL)
			write_ticket(ev->ticket, ev->waited_ms, o);
		break;
	case EVENT_QUEUE:
		json_out_raw(o, "tickets", ev->json);
		break;
	case EVENT_TICKET:
	case EVENT_LEASE_LOST:
		write_ticket(ev->ticket, ev->waited_ms, o);
		break;
	case EVENT_CLAIMED:
		write_claimed(ev, o);
		break;
	case EVENT_CARD:
		write_ticket(ev->ticket, ev->waited_ms, o);
		json_out_raw(o, "card", ev->json);
		break;
	case EVENT_PRESENCE:
		json_out_raw(o, "agents", ev->json);
		break;
	case EVENT_RESULT:
		if (ev->json.n != 0)
			json_out_raw(o, "result", ev->json);
		break;
	}
}

void event_json(const struct event *ev, struct buf *out)
{
	static const char *const names[] = {
		[EVENT_WELCOME] = "welcome",
		[EVENT_MESSAGE] = "message",
		[EVENT_ACK] = "ack",
		[EVENT_ERROR] = "error",
		[EVENT_TYPING] = "typing",
		[EVENT_HANDOFF] = "handoff",
		[EVENT_FEEDBACK] = "feedback",
		[EVENT_JOINED] = "joined",
		[EVENT_LEFT] = "left",
		[EVENT_QUEUE] = "queue",
		[EVENT_TICKET] = "ticket",
		[EVENT_CLAIMED] = "claimed",
		[EVENT_LEASE_LOST] = "lease_lost",
		[EVENT_CARD] = "card",
		[EVENT_PRESENCE] = "presence",
		[EVENT_PONG] = "pong",
		[EVENT_RESULT] = "result",
	};
	struct json_out o = { out, false };
	json_out_object(&o, NULL);
	if (ev->type == EVENT_WELCOME) {
		write_welcome(ev, &o);
	} else {
		json_out_text(&o, "type", names[ev->type]);
		if (ev->seq > 0)
			json_out_int(&o, "seq", ev->seq);
	}
	if (ev->re.n != 0)
		json_out_str(&o, "re", ev->re);
	write_body(ev, &o);
	json_out_close(&o, '}');
}
