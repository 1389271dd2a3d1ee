/* Events as lines for a person with a terminal.  Text from people has been
 * cleaned of control characters where it came in. */
#include "wire/wire.h"

static void add_lines(
    struct buf *out, const char *who, const char *kind, struct str text)
{
	struct str line;
	bool first = true;
	while (str_next(&text, '\n', &line)) {
		if (first)
			buf_addf(out, "%s (%s): ", who, kind);
		else
			buf_addz(out, "  ");
		buf_adds(out, line);
		buf_addc(out, '\n');
		first = false;
	}
}

void event_plain(const struct event *ev, struct buf *out)
{
	const char *who = ev->from_name != NULL && ev->from_name[0] != '\0'
			      ? ev->from_name
			      : speaker_name(ev->from);
	switch (ev->type) {
	case EVENT_WELCOME:
	case EVENT_MESSAGE:
		if (ev->from == SPEAKER_CUSTOMER)
			return;
		add_lines(out, who, speaker_name(ev->from), ev->text);
		for (int i = 0;
		     ev->step != NULL && i < ev->step->reply.n_buttons; i++)
			buf_addf(out, "%s[%s]%s", i == 0 ? "  " : " ",
			    buf_str(&ev->step->reply.buttons[i].title).p,
			    i + 1 == ev->step->reply.n_buttons ? "\n" : "");
		return;
	case EVENT_ERROR:
		buf_addf(out, "! %.*s\n", STR_ARG(ev->text));
		return;
	case EVENT_JOINED:
	case EVENT_LEFT:
		buf_addf(out, "* %.*s\n", STR_ARG(ev->text));
		return;
	case EVENT_ACK:
	case EVENT_TYPING:
	case EVENT_HANDOFF:
	case EVENT_FEEDBACK:
	case EVENT_QUEUE:
	case EVENT_TICKET:
	case EVENT_CLAIMED:
	case EVENT_LEASE_LOST:
	case EVENT_CARD:
	case EVENT_PRESENCE:
	case EVENT_PONG:
	case EVENT_RESULT:
		return;
	}
}
