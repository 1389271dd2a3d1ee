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

struct ruleset *ctl_rules(
    struct ctl_dirs *d, struct diags *diags, bool print, int *code)
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
	struct ruleset *rs = ruleset_compile(set.v, set.n, diags);
	file_set_clear(&set);
	*code = CTL_FAILED;
	if (print && rs == NULL)
		print_diags(diags);
	return rs;
}

int cmd_check(int argc, char **argv)
{
	static const struct option options[] = { { "rules", required_argument,
						     NULL, 'r' },
		{ "warnings", no_argument, NULL, 'W' }, { 0 } };
	struct ctl_dirs dirs = { .n = 0 };
	bool strict = false;
	int c, code;
	while ((c = getopt_long(argc, argv, "W", options, NULL)) != -1) {
		if (c == 'r')
			ctl_dirs_add(&dirs, optarg);
		else if (c == 'W')
			strict = true;
		else
			return ctl_usage("check", false);
	}
	while (optind < argc)
		ctl_dirs_add(&dirs, argv[optind++]);
	struct diags diags = { 0 };
	struct ruleset *rs = ctl_rules(&dirs, &diags, false, &code);
	if (rs == NULL && code == CTL_USAGE)
		return code;
	size_t patterns = 0, intents = 0;
	if (rs != NULL) {
		ruleset_lint(rs, &diags);
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
		&t->rng };
	talk_step(&t->c, event, &view, out);
}
