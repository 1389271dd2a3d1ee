/* Reloading rules: read and compiled on the worker thread, swapped in on the
 * loop.  A bad file leaves the running rules in place. */
#include "base/mem.h"
#include "hub/inner.h"
#include "sys/files.h"
#include "sys/memory.h"
#include "json/write.h"

#include <stdlib.h>

struct reloading {
	struct job job; /* first */
	struct hub *hub;
	struct ruleset *running;
	uint64_t tried; /* hash of what failed last */
	struct peer *peer;
	char re[LIMIT_ID_BYTES + 1];
	/* out */
	uint64_t found;
	bool same;
	struct ruleset *rs;
	struct match_scratch *scratch; /* ready for rs */
	struct diags diags;
};

static void reload_run(struct job *job, void *arg)
{
	(void)arg; /* the worker has none */
	struct reloading *x = (struct reloading *)job;
	const struct hub_config *config = &x->hub->config;
	struct file_set set;
	struct err e = ERR_NONE;
	if (file_set_read(&set, config->rule_dirs, config->n_rule_dirs, &e) !=
	    0) {
		x->found = hash_bytes(0, e.text, strlen(e.text));
		x->same = x->found == x->tried && x->peer == NULL;
		if (!x->same)
			diags_add(&x->diags, DIAG_ERROR, "rules",
			    (struct json_pos){ 1, 1 }, "%s", e.text);
		return;
	}
	x->found = rule_files_hash(set.v, set.n);
	/* what failed already is only tried again when somebody asks */
	x->same = x->found == x->running->hash ||
		  (x->found == x->tried && x->peer == NULL);
	if (!x->same)
		x->rs =
		    ruleset_compile_edited(set.v, set.n, x->running, &x->diags);
	file_set_clear(&set);
	if (x->rs == NULL)
		return;
	x->scratch = match_scratch_new();
	match_scratch_begin(x->scratch, x->rs, 0);
}

/* All errors as one text, for status; each also as a line of the log. */
static char *errors_of(const struct diags *d)
{
	enum { SHOWN = 20 };
	struct buf all = { 0 };
	size_t shown = 0;
	for (size_t i = 0; i < d->n; i++) {
		if (d->v[i].level != DIAG_ERROR || shown++ >= SHOWN)
			continue;
		struct buf line = { 0 };
		diag_print(&d->v[i], &line);
		log_line(LOG_ERROR, "rules", "%s", line.p);
		if (all.n != 0)
			buf_addc(&all, '\n');
		buf_adds(&all, buf_str(&line));
		buf_clear(&line);
	}
	if (d->errors > SHOWN)
		buf_addf(&all, "\n... and %zu more", d->errors - SHOWN);
	return buf_take(&all);
}

static void answer(const struct reloading *x, const struct hub *h)
{
	struct peer *p = x->peer;
	struct buf json = { 0 };
	struct json_out o = { &json, false };
	json_out_object(&o, NULL);
	json_out_bool(&o, "ok", h->reload_errors == NULL);
	json_out_bool(&o, "changed", x->rs != NULL);
	if (h->reload_errors != NULL)
		json_out_text(&o, "errors", h->reload_errors);
	json_out_close(&o, '}');
	peer_send(p, &(struct event){ .type = EVENT_RESULT,
			 .re = str_of(x->re),
			 .json = buf_str(&json) });
	buf_clear(&json);
}

static void tidy_run(struct job *job, void *arg)
{
	(void)job; /* what every such job does */
	(void)arg;
	memory_give_back();
}

static void tidy_done(struct job *job, void *owner)
{
	(void)owner; /* nothing to tell */
	free(job);
}

/* The old rules, and what compiling the new ones took, are free now; the loop
 * does not wait for that to be given back. */
static void start_tidying(struct hub *h)
{
	struct job *job = xcalloc(1, sizeof(*job));
	job->run = tidy_run;
	job->done = tidy_done;
	if (!worker_submit(h->worker, job))
		free(job); /* the next reload does it */
}

static void reload_done(struct job *job, void *owner)
{
	struct hub *h = owner;
	struct reloading *x = (struct reloading *)job;
	struct ruleset *rs = x->rs;
	h->reloads--;
	ruleset_unref(&x->running);
	if (rs != NULL) {
		ruleset_unref(&h->rs);
		h->rs = ruleset_ref(rs);
		match_scratch_free(h->scratch);
		h->scratch = x->scratch;
		h->loaded_ms = clock_wall_ms();
		count_up(COUNT_RELOADS);
		log_line(LOG_INFO, "rules", "loaded files=%zu patterns=%u",
		    h->rs->n_files, h->rs->n_patterns);
	}
	bool bad = x->diags.errors > 0;
	if (bad || x->found == h->rs->hash) {
		free(h->reload_errors);
		h->reload_errors = NULL;
		h->tried_hash = bad ? x->found : 0;
	}
	if (bad) {
		count_up(COUNT_BAD_RELOADS);
		h->reload_errors = errors_of(&x->diags);
		log_line(LOG_WARN, "rules",
		    "not loaded errors=%zu; the old rules stay",
		    x->diags.errors);
	}
	if (x->peer != NULL) {
		if (!x->peer->gone)
			answer(x, h);
		peer_release(x->peer);
	}
	if (rs != NULL)
		start_tidying(h);
	ruleset_unref(&rs);
	diags_clear(&x->diags);
	free(x);
	if (h->reload_again)
		hub_reload(h);
}

void reload_start(struct hub *h, struct peer *p, struct str re)
{
	struct reloading *x = xcalloc(1, sizeof(*x));
	x->job.run = reload_run;
	x->job.done = reload_done;
	x->hub = h;
	x->running = ruleset_ref(h->rs);
	x->tried = h->tried_hash;
	x->peer = p;
	FIELD_SET(x->re, re.p != NULL ? re.p : "", re.n);
	if (p != NULL)
		peer_hold(p);
	h->reloads++;
	if (worker_submit(h->worker, &x->job))
		return;
	h->reloads--;
	ruleset_unref(&x->running);
	free(x); /* the reloads queued already will see the change */
	if (p != NULL) {
		hub_refuse(
		    p, re, ERROR_BUSY, "reloads are queued already; try again");
		peer_release(p);
	}
}

void hub_reload(struct hub *h)
{
	/* what changes while files are read is seen by another look at them,
	 * and only when that is over is it known what then runs */
	h->reload_again = h->reloads > 0;
	if (!h->reload_again)
		reload_start(h, NULL, STR_NONE);
}
