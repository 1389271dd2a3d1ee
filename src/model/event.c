/* Names of speakers, error codes and ticket states. */
#include "model/event.h"

#include <stdio.h>
#include <string.h>

const char *speaker_name(enum speaker s)
{
	static const char *const names[] = { [SPEAKER_BOT] = "bot",
		[SPEAKER_HUMAN] = "human",
		[SPEAKER_CUSTOMER] = "customer" };
	return names[s];
}

const char *error_code_name(enum error_code c)
{
	static const char *const names[] = {
		[ERROR_BAD_JSON] = "bad_json",
		[ERROR_BAD_UTF8] = "bad_utf8",
		[ERROR_MISSING_FIELD] = "missing_field",
		[ERROR_UNKNOWN_TYPE] = "unknown_type",
		[ERROR_TOO_DEEP] = "too_deep",
		[ERROR_BAD_TOKEN] = "bad_token",
		[ERROR_FORBIDDEN] = "forbidden",
		[ERROR_NOT_FOUND] = "not_found",
		[ERROR_TAKEN] = "taken",
		[ERROR_STALE_GENERATION] = "stale_generation",
		[ERROR_CONFLICT] = "conflict",
		[ERROR_CLOSED] = "closed",
		[ERROR_TOO_LONG] = "too_long",
		[ERROR_RATE_LIMITED] = "rate_limited",
		[ERROR_STORAGE] = "storage",
		[ERROR_BUSY] = "busy",
	};
	return names[c];
}

static const char *const states[TICKET_STATES] = {
	[TICKET_WAITING] = "waiting",
	[TICKET_HELD] = "held",
	[TICKET_RESOLVED] = "resolved",
	[TICKET_BACK] = "back",
};

void ticket_name(int64_t id, char out[TICKET_NAME_BYTES])
{
	(void)snprintf(
	    out, TICKET_NAME_BYTES, "t_%lld", (long long)id); /* fits */
}

const char *ticket_state_name(enum ticket_state s)
{
	return states[s];
}

int ticket_state_from_name(const char *name)
{
	for (int i = 0; i < TICKET_STATES; i++)
		if (strcmp(states[i], name) == 0)
			return i;
	return -1;
}
