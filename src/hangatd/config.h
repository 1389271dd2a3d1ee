#ifndef HG_HANGATD_CONFIG_H
#define HG_HANGATD_CONFIG_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Options and the config file; hangatd(8) and hangat.json(5). */
struct config {
	char *rules[16];
	size_t n_rules;
	char *state, *tcp, *unix_path, *http, *admin_path;
	/* words with spaces between */
	char *origins, *trusted_proxies, *notify;
	char *log_format, *log_level, *explain;
	int64_t lease_s, max_connections, max_per_address, messages_per_minute,
	    retention_days, burst_ms, notify_after_s, delay_s;
	bool test_only;    /* -t */
	bool show_version; /* --version */
	bool show_help;    /* --help */
};

/* What options and file say, then the defaults.  0, or the exit code with the
 * reason printed: 2 usage, 78 bad config. */
int config_read(struct config *c, int argc, char **argv);
void config_clear(struct config *c);

#endif
