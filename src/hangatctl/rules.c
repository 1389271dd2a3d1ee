/* Loading rules for the commands that need no daemon; `check`. */
#include "hangatctl/ctl.h"
#include "rules/lint.h"
#include "sys/files.h"

#include <getopt.h>
#include <stdlib.h>
#include <unistd.h>

void ctl_dirs_add(struct ctl_dirs *d, const char *dir)
{
	if (d->n == HG_COUNT(d->v)) {
		(void)ctl_fail(
		    "%s: more than %zu rule directories", dir, HG_COUNT(d->v));
		exit(CTL_USAGE);
	}
	d->v[d->n++] = dir;
}

static void print_diags(const struct diags *diags)
{
	struct buf b = { 0 };
	for (size_t i = 0; i < diags->n; i++) {
		buf_reset(&b);
		diag_print(&diags->v[i], &b);
		fprintf(stderr, "%s\n", b.p);
	}
	buf_clear(&b);
}

struct ruleset *ctl_rules_run(struct ctl_dirs *d, int *code)
{
	struct diags diags = { 0 };
	struct ruleset *rs = ctl_rules(d, &diags, RULESET_RUN, code);
	diags_clear(&diags);
	return rs;
}

struct ruleset *ctl_rules(
    struct ctl_dirs *d, struct diags *diags, enum ruleset_use use, int *code)
{
	struct err e = ERR_NONE;
	struct file_set set;
	if (d->n == 0) {
		ctl_dirs_add(d, HG_RULESDIR);
		if (access(HG_SYSCONFDIR "/rules", R_OK) == 0)
			ctl_dirs_add(d, HG_SYSCONFDIR "/rules");
	}
	*code = CTL_USAGE;
	if (file_set_read(&set, d->v, d->n, &e) != 0) {
		(void)ctl_fail("%s", e.text);
		return NULL;
	}
	struct ruleset *rs = ruleset_compile(set.v, set.n, use, diags);
	file_set_clear(&set);
	*code = CTL_FAILED;
	if (use == RULESET_RUN && rs == NULL)
		print_diags(diags);
	return rs;
}

static int list_lints(void)
{
	for (size_t i = 0; i < n_lint_kinds; i++)
		printf("%-20s %s\n", lint_kinds[i].name, lint_kinds[i].help);
	return CTL_OK;
}

static const char *lint_at(const void *unused, size_t i)
{
	(void)unused; /* the lints are fixed */
	return lint_kinds[i].name;
}

/* Note that a lint is not wanted; -1 when there is no such lint. */
static int skip_lint(struct lint_skip *skip, const char *name)
{
	size_t i = 0;
	while (i < n_lint_kinds && strcmp(lint_kinds[i].name, name) != 0)
		i++;
	if (i < n_lint_kinds && skip->n < HG_COUNT(skip->v)) {
		skip->v[skip->n++] = lint_kinds[i].name;
		return 0;
	}
	const char *near = nearest_name(name, lint_at, NULL, n_lint_kinds);
	(void)ctl_fail("--skip %s: there is no such lint; %s%s", name,
	    near != NULL ? "did you mean " : "see hangatctl check --lints",
	    near != NULL ? near : "");
	return -1;
}

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "warnings", no_argument, NULL, 'W' },
		{ "skip", required_argument, NULL, 's' },
		{ "lints", no_argument, NULL, 'l' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	struct lint_skip skip = { .n = 0 };
	bool strict = false;
	int c, code;
	while ((c = getopt_long(argc, argv, "W", options, NULL)) != -1) {
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'W')
			strict = true;
		else if (c == 'l')
			return list_lints();
		else if (c == 's' && skip_lint(&skip, optarg) != 0)
			return CTL_USAGE;
		else if (c == 's')
			continue;
		else
			return ctl_usage("check", false);
	}
	while (optind < argc)
		ctl_dirs_add(&dirs, argv[optind++]);
	struct diags diags = { 0 };
	struct ruleset *rs = ctl_rules(&dirs, &diags, RULESET_LINT, &code);
	if (rs == NULL && code == CTL_USAGE)
		return code;
	size_t patterns = 0, intents = 0;
	if (rs != NULL) {
		ruleset_lint(rs, &skip, &diags);
		patterns = rs->n_patterns;
		for (size_t i = 0; i < rs->n_packs; i++)
			intents += rs->packs[i].n_intents;
	}
	print_diags(&diags);
	size_t warnings = diags.n - diags.errors;
	if (rs != NULL)
		printf(
		    "%zu language%s, %zu intents, %zu patterns: ", rs->n_packs,
		    rs->n_packs == 1 ? "" : "s", intents, patterns);
	printf("%zu error%s, %zu warning%s\n", diags.errors,
	    diags.errors == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s");
	code =
	    diags.errors > 0 || (strict && warnings > 0) ? CTL_FAILED : CTL_OK;
	ruleset_unref(&rs);
	diags_clear(&diags);
	return code;
}

void ctl_talk_init(struct ctl_talk *t, struct ruleset *rs)
{
	*t = (struct ctl_talk){ .rs = rs, .scratch = match_scratch_new() };
	ctl_talk_restart(t);
}

void ctl_talk_restart(struct ctl_talk *t)
{
	t->c = (struct conversation){ 0 };
	t->rng = (struct rng){ 1 };
	t->now_ms = 0;
	t->desk = (struct desk_view){
		.open = true, .agents = 1, .position = 1, .wait_ms = 120000
	};
}

void ctl_talk_clear(struct ctl_talk *t)
{
	match_scratch_free(t->scratch);
	t->scratch = NULL;
}

void ctl_talk_step(
    struct ctl_talk *t, const struct talk_event *event, struct step *out)
{
	struct talk_view view = { t->rs, t->scratch, t->desk, t->now_ms,
		&t->rng, t->skip_stages };
	talk_step(&t->c, event, &view, out);
	/* what the daemon's desk would say of the ticket */
	bool danger =
	    out->reason == REASON_CRISIS || out->reason == REASON_WORRY;
	if (out->opens_ticket)
		t->desk.danger = danger;
	else if (t->c.holder != HOLDER_WAITING)
		t->desk.danger = false;
}
