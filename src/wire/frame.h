#ifndef HG_WIRE_FRAME_H
#define HG_WIRE_FRAME_H

#include "base/str.h"

/* How a connection talks, told by its first byte. */
enum frame_kind {
	FRAME_UNKNOWN, /* no byte yet */
	FRAME_TEXT,    /* a person */
	FRAME_JSON,    /* JSON Lines */
	FRAME_HTTP,    /* a browser on the wrong port */
	FRAME_TLS,     /* a TLS hello on the wrong port */
};

/* The kind, from all bytes that have come; FRAME_UNKNOWN: wait for more. */
enum frame_kind frame_kind_of(struct str head);

/* Take the next line from bytes (without its \n or \r\n).  1 with *line and
 * the bytes *used, 0 when no whole line is there yet, -1 when the line is
 * longer than max. */
int frame_line(struct str bytes, size_t max, struct str *line, size_t *used);

#endif
