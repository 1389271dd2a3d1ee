/* The audit log: who did what on the desk.  A step's line is committed with
 * the step; refusals are written on their own, so many a minute at most: few
 * for those who are no agents, since anybody can cause them, and apart, so that
 * nobody can drown an agent's. */
#include "base/mem.h"
#include "base/utf8.h"
#include "hub/inner.h"

#include <assert.h>
#include <stdlib.h>

enum { AGENTS_A_MINUTE = 120, OTHERS_A_MINUTE = 20, WINDOW_MS = 60 * 1000 };

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

static void note_refusal(
    struct hub *h, bool agent, const char *who, const char *detail)
{
	struct audit_window *w = &h->audited[agent ? 0 : 1];
	int most = agent ? AGENTS_A_MINUTE : OTHERS_A_MINUTE;
	int64_t now_ms = clock_steady_ms();
	if (now_ms - w->at_ms > WINDOW_MS)
		*w = (struct audit_window){ .at_ms = now_ms };
	if (++w->n <= most)
		audit_line(h, who, "refused", 0,
		    w->n == most ? "too many refusals; no more are written "
				   "for a minute"
				 : detail);
}

void hub_audit(struct hub *h, const char *who, const char *detail)
{
	note_refusal(h, false, who, detail);
}

void audit_refusal(struct peer *p, enum error_code code, const char *text)
{
	struct buf detail = { 0 };
	bool agent = p->role == PEER_AGENT;
	const char *who = agent                   ? p->agent
			  : p->tried[0] != '\0'   ? p->tried
			  : p->vouched[0] != '\0' ? p->vouched
						  : "nobody";
	if (!agent && p->door != DOOR_DESK && code != ERROR_BAD_TOKEN)
		return;
	if (code == ERROR_BUSY || code == ERROR_STORAGE)
		return; /* not their doing */
	buf_addf(&detail, "%s: %s", error_code_name(code), text);
	note_refusal(p->hub, agent, who, detail.p);
	buf_clear(&detail);
}
