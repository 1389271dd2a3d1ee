/* The daemon's figures in the OpenMetrics text format (version 1.0.0). */
#include "hub/inner.h"

static void gauge(
    struct buf *out, const char *name, const char *help, int64_t value)
{
	buf_addf(out,
	    "# TYPE hangat_%s gauge\n# HELP hangat_%s %s\nhangat_%s %lld\n",
	    name, name, help, name, (long long)value);
}

void hub_metrics(struct hub *h, struct buf *out)
{
	size_t peers = 0, tickets;
	(void)desk_tickets(h->desk, &tickets); /* only their number */
	for (const struct peer *p = h->peers; p != NULL; p = p->next)
		peers++;
	for (int c = 0; c < COUNTERS; c++) {
		const char *name = counter_name((enum counter)c);
		buf_addf(out,
		    "# TYPE hangat_%s counter\nhangat_%s_total %lld\n", name,
		    name, (long long)count_get((enum counter)c));
	}
	gauge(out, "peers", "Connections that have said something.",
	    (int64_t)peers);
	gauge(out, "conversations_in_memory", "Conversations in memory.",
	    (int64_t)h->convs.n);
	gauge(out, "writes_pending", "Steps on their way to the disk.",
	    (int64_t)store_pending(h->store));
	gauge(out, "agents", "Agents who are signed in.", desk_agents(h->desk));
	gauge(out, "tickets_waiting", "Customers who wait for a person.",
	    hub_tickets_waiting(h));
	gauge(out, "tickets_open", "Tickets that wait or are held.",
	    (int64_t)tickets);
	gauge(out, "patterns_quarantined",
	    "Patterns set aside for hitting their limit.",
	    match_scratch_quarantined(h->scratch));
	gauge(out, "rules_bad", "1 when the last reload of the rules failed.",
	    h->reload_errors != NULL);
	gauge(out, "up_seconds", "Since the daemon started.",
	    (clock_steady_ms() - h->started_ms) / 1000);
	buf_addz(out, "# EOF\n");
}

bool hub_is_operator(struct hub *h, struct str token)
{
	return token.p != NULL &&
	       people_by_token(h, ACCOUNT_OPERATOR, token) != NULL;
}
