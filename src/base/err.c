/* The error value: one bounded line of text, filled once. */
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

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
