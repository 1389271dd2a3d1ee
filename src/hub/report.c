/* What agents ask beside tickets: canned replies, figures, what has ended, the
 * audit log. */
#include "base/mem.h"
#include "hub/inner.h"
#include "json/write.h"

#include <stdlib.h>

enum {
	MOST_CANNED = 30,
	MOST_LINES = 500,
	DAY_S = 24 * 3600,
	MOST_S = 2000000000, /* some 63 years */
};

struct listing {
	struct json_out out;
	int left;
};

static bool add_canned(void *arg, const char *name, struct str text)
{
	struct listing *l = arg;
	json_out_object(&l->out, NULL);
	json_out_text(&l->out, "name", name);
	json_out_str(&l->out, "text", text);
	json_out_close(&l->out, '}');
	return --l->left > 0;
}

/* Filled in for the ticket's conversation, when one is named. */
static void canned(struct peer *p, const struct request *r)
{
	struct hub *h = p->hub;
	static const struct conversation nobody = { .turn = 0 };
	const struct ticket *t =
	    r->ticket.p != NULL ? desk_find(h->desk, ticket_number(r->ticket))
				: NULL;
	const struct conv *c = t != NULL ? conv_find(h, t->conversation) : NULL;
	struct str prefix =
	    r->text.p != NULL ? str_trim(r->text) : ((struct str){ "", 0 });
	struct buf json = { 0 };
	struct listing l = { { &json, false }, MOST_CANNED };
	json_out_array(&l.out, NULL);
	talk_canned(h->rs, c != NULL ? &c->talk : &nobody, p->agent, prefix,
	    add_canned, &l);
	json_out_close(&l.out, ']');
	peer_send(
	    p, &(struct event){
		   .type = EVENT_RESULT, .re = r->id, .json = buf_str(&json) });
	buf_clear(&json);
}

/* A question to the store, on its way. */
struct asking {
	struct store_report report; /* first */
	struct peer *peer;
	char re[LIMIT_ID_BYTES + 1];
};

/* What the daemon itself has counted, beside what is stored. */
static void add_counts(struct hub *h, struct buf *json)
{
	static const enum counter counters[] = { COUNT_MESSAGES, COUNT_ANSWERED,
		COUNT_CLARIFIED, COUNT_UNSURE, COUNT_TICKETS,
		COUNT_LEASES_LOST };
	struct json_out o = { json, false };
	size_t waiting;
	free(desk_queue(h->desk, clock_wall_ms(), &waiting));
	json_out_object(&o, NULL);
	json_out_int(&o, "waiting", (int64_t)waiting);
	json_out_int(&o, "agents", desk_agents(h->desk));
	json_out_int(&o, "up_s", (clock_steady_ms() - h->started_ms) / 1000);
	for (size_t i = 0; i < HG_COUNT(counters); i++)
		json_out_int(
		    &o, counter_name(counters[i]), count_get(counters[i]));
	json_out_close(&o, '}');
}

static void asking_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct asking *x = (struct asking *)job;
	struct peer *p = x->peer;
	struct buf json = { 0 };
	p->reporting = false;
	if (x->report.kind == REPORT_STATS && !job->failed) {
		buf_addz(&json, "{\"now\":");
		add_counts(h, &json);
		buf_addz(&json, ",\"since\":");
		buf_adds(&json, buf_str(&x->report.json));
		buf_addc(&json, '}');
	} else {
		buf_adds(&json, buf_str(&x->report.json));
	}
	if (!p->gone && job->failed)
		hub_refuse(
		    p, str_of(x->re), ERROR_STORAGE, "%s", job->err.text);
	else if (!p->gone)
		peer_send(p, &(struct event){ .type = EVENT_RESULT,
				 .re = str_of(x->re),
				 .json = buf_str(&json) });
	buf_clear(&json);
	store_report_clear(&x->report);
	free(x);
	peer_release(p);
}

static void ask(
    struct peer *p, const struct request *r, enum store_report_kind kind)
{
	if (p->reporting) { /* the store has customers to answer, too */
		hub_refuse(p, r->id, ERROR_BUSY,
		    "a report is being made for you; ask again when it is "
		    "there");
		return;
	}
	struct asking *x = xcalloc(1, sizeof(*x));
	int64_t since_s = r->since_s < 0        ? DAY_S
			  : r->since_s < MOST_S ? r->since_s
						: MOST_S;
	store_report_init(&x->report);
	x->report.job.done = asking_done;
	x->report.kind = kind;
	x->report.since_ms = clock_wall_ms() - since_s * 1000;
	x->report.most = MOST_LINES;
	if (kind == REPORT_AUDIT && r->ticket.p != NULL) {
		x->report.ticket = ticket_number(r->ticket);
		x->report.since_ms = 0;
	}
	if (r->name.p != NULL)
		FIELD_SET(x->report.who, r->name.p, r->name.n);
	x->peer = p;
	FIELD_SET(x->re, r->id.p != NULL ? r->id.p : "", r->id.n);
	peer_hold(p);
	p->reporting = true;
	if (store_submit(p->hub->store, &x->report.job))
		return;
	p->reporting = false;
	peer_unhold(p);
	free(x);
	(void)hub_refuse_busy(p, r->id); /* it is */
}

void report_request(struct peer *p, const struct request *r)
{
	if (r->type == REQUEST_CANNED) {
		canned(p, r);
	} else if (r->type == REQUEST_STATS) {
		ask(p, r, REPORT_STATS);
	} else if (r->type == REQUEST_ENDED) {
		ask(p, r, REPORT_ENDED);
	} else if (p->role == PEER_ADMIN || p->supervisor) {
		if (r->ticket.p != NULL && ticket_number(r->ticket) == 0)
			hub_refuse(p, r->id, ERROR_NOT_FOUND,
			    "\"%.*s\" is no ticket; they are called t_1, "
			    "t_2...",
			    STR_ARG(r->ticket));
		else
			ask(p, r, REPORT_AUDIT);
	} else {
		hub_refuse(p, r->id, ERROR_FORBIDDEN,
		    "the audit log is for supervisors");
	}
}
