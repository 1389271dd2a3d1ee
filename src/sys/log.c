/* The log: one write per line to stderr, safe for a terminal to show. */
#include "sys/log.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "sys/clock.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static enum log_level log_most = LOG_INFO;
static bool log_json;

static const char *const level_names[] = { [LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug" };

void log_setup(enum log_level most, bool json)
{
	log_most = most;
	log_json = json;
}

int log_level_from_name(const char *name)
{
	for (int i = LOG_ERROR; i <= LOG_DEBUG; i++)
		if (strcmp(level_names[i], name) == 0)
			return i;
	return -1;
}

static void add_json_text(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		if (s.p[i] == '"' || s.p[i] == '\\')
			buf_addc(out, '\\');
		buf_addc(out, s.p[i]);
	}
}

void log_line(enum log_level level, const char *module, const char *fmt, ...)
{
	if (level > log_most)
		return;
	char text[1024];
	va_list ap;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap); /* cut is fine */
	va_end(ap);
	struct buf clean = { 0 }, line = { 0 };
	utf8_add_clean(&clean, str_of(text));
	if (log_json) {
		buf_addf(&line,
		    "{\"at_ms\":%lld,\"level\":\"%s\",\"module\":\"%s\","
		    "\"text\":\"",
		    (long long)clock_wall_ms(), level_names[level], module);
		add_json_text(&line, buf_str(&clean));
		buf_addz(&line, "\"}\n");
	} else {
		buf_addf(&line, "%s %s %s\n", level_names[level], module,
		    buf_str(&clean).p);
	}
	ssize_t n = write(STDERR_FILENO, line.p, line.n);
	(void)n; /* a log that cannot be written has nowhere to say so */
	buf_clear(&clean);
	buf_clear(&line);
}
