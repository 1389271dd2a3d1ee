#ifndef HG_MODEL_LIMITS_H
#define HG_MODEL_LIMITS_H

/* Bounds of what comes from outside; hangat-protocol.7 lists them. */
enum {
	LIMIT_LINE_BYTES = 4096,      /* a line of text from a person */
	LIMIT_JSON_BYTES = 16 * 1024, /* one JSON object */
	LIMIT_JSON_DEPTH = 8,
	LIMIT_TEXT_BYTES = 4096,    /* the text of one message */
	LIMIT_MATCH_BYTES = 1024,   /* of it, what the patterns see */
	LIMIT_ID_BYTES = 64,        /* a client's message id */
	LIMIT_NAME_BYTES = 64,      /* a person's name */
	LIMIT_LANG_BYTES = 8,       /* a language code */
	LIMIT_CUSTOMER_BYTES = 128, /* the shop's own id of a customer */
	LIMIT_PASSWORD_BYTES = 128,
	LIMIT_SLOT_BYTES = 96, /* the value of a slot */
};

#endif
