/* The audit log: who did what on the desk.  A step's line is committed with
 * the step; refusals are written on their own, so many a minute at most, since
 * anybody can cause them. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"

#include <assert.h>
#include <stdlib.h>

enum { REFUSALS_A_MINUTE = 120, WINDOW_MS = 60 * 1000 };

static void fill(struct store_audit_row *row, const char *who, const char *what,
    int64_t ticket, const char *detail)
{
	struct buf clean = { 0 };
	FIELD_SET(row->who, who, strlen(who));
	row->what = what;
	row->ticket = ticket;
	utf8_add_clean(&clean, str_of(detail));
	struct str cut = str_cut(buf_str(&clean), AUDIT_BYTES - 1);
	FIELD_SET(row->detail, cut.p != NULL ? cut.p : "", cut.n);
	buf_clear(&clean);
}

void audit_step(struct pending *p, const char *who, const char *what,
    const struct ticket *t, const char *detail)
{
	assert(p->unit.n_audits < UNIT_AUDITS);
	fill(&p->unit.audits[p->unit.n_audits++], who, what, t->id, detail);
}

static void audit_done(struct job *job, void *owner)
{
	(void)owner; /* nothing waits for it */
	if (job->failed)
		log_line(LOG_WARN, "hub", "audit line not stored reason=\"%s\"",
		    job->err.text);
	free(job);
}

void audit_line(struct hub *h, const char *who, const char *what,
    int64_t ticket, const char *detail)
{
	struct store_audit *a = xcalloc(1, sizeof(*a));
	store_audit_init(a);
	a->job.done = audit_done;
	a->at_ms = clock_wall_ms();
	fill(&a->row, who, what, ticket, detail);
	if (store_submit(h->store, &a->job))
		return;
	log_line(LOG_WARN, "hub", "audit line not stored reason=\"busy\"");
	free(a);
}

void hub_audit(struct hub *h, const char *who, const char *detail)
{
	int64_t now_ms = clock_steady_ms();
	if (now_ms - h->audit_at_ms > WINDOW_MS) {
		h->audit_at_ms = now_ms;
		h->audited = 0;
	}
	if (++h->audited > REFUSALS_A_MINUTE)
		return;
	audit_line(h, who, "refused", 0,
	    h->audited == REFUSALS_A_MINUTE
		? "too many refusals; no more are written for a minute"
		: detail);
}

void audit_refusal(struct peer *p, enum error_code code, const char *text)
{
	struct buf detail = { 0 };
	const char *who = p->agent[0] != '\0'     ? p->agent
			  : p->vouched[0] != '\0' ? p->vouched
						  : "nobody";
	if (p->role != PEER_AGENT && p->door != DOOR_DESK &&
	    code != ERROR_BAD_TOKEN)
		return;
	if (code == ERROR_BUSY || code == ERROR_STORAGE)
		return; /* not their doing */
	buf_addf(&detail, "%s: %s", error_code_name(code), text);
	hub_audit(p->hub, who, detail.p);
	buf_clear(&detail);
}
