#ifndef HG_WIRE_WIRE_H
#define HG_WIRE_WIRE_H

#include "base/err.h"
#include "model/event.h"
#include "model/request.h"

/* Bytes to messages and back, pure. */

/* Parse one JSON object; type is the one it has when it names none, or NULL. On
 * failure -1 with the error code and a message that says how to mend; r->id is
 * kept when it could be read, so that the error can name it.  request_clear
 * either way. */
int request_parse(struct request *r, struct str json, const char *type,
    enum error_code *code, struct err *e) HG_MUST_USE;
void request_clear(struct request *r);

/* Append an event as one JSON object, without line end. */
void event_json(const struct event *ev, struct buf *out);
/* Append an event as lines for a person with a terminal; nothing for events
 * that a person need not see. */
void event_plain(const struct event *ev, struct buf *out);
/* Append the members that describe a ticket, as one JSON object. */
void ticket_json(const struct ticket *t, int64_t now_ms, struct buf *out);

#endif
