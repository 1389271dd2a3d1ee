/* The error value: one bounded line of text, filled once. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void one_line(char *text)
{
	for (char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
}

int err_set(struct err *e, const char *fmt, ...)
{
	if (e == NULL || e->text[0] != '\0')
		return -1;
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof(e->text), fmt, ap); /* cut is fine */
	va_end(ap);
	one_line(e->text);
	return -1;
}

int err_prefix(struct err *e, const char *fmt, ...)
{
	if (e == NULL)
		return -1;
	char head[sizeof(e->text)];
	char tail[sizeof(e->text)];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(head, sizeof(head), fmt, ap); /* cut is fine */
	va_end(ap);
	memcpy(tail, e->text, sizeof(tail));
	size_t n = strlen(head);
	memcpy(e->text, head, n + 1);
	(void)snprintf(e->text + n, sizeof(e->text) - n, "%.*s",
	    (int)(sizeof(e->text) - n - 1), tail); /* cut is fine */
	one_line(e->text);
	return -1;
}
