#ifndef HG_HANGATCTL_CTL_H
#define HG_HANGATCTL_CTL_H

#include "talk/talk.h"

#include <stdio.h>

/* Exit codes. */
enum { CTL_OK = 0, CTL_FAILED = 1, CTL_USAGE = 2 };

/* One command: its words for help, and what runs it with argv[0] = its name. */
struct ctl_command {
	const char *name, *args, *help;
	int (*run)(int argc, char **argv);
};
/* Say how a command is used: to stdout for --help (returns CTL_OK), to stderr
 * for a mistake (returns CTL_USAGE). */
int ctl_usage(const char *command, bool asked);

/* Print "hangatctl: " and a line to stderr; returns CTL_FAILED. */
int ctl_fail(const char *fmt, ...) HG_PRINTF(1, 2);

/* A share over 0 and under 1; false, with the reason printed, when text is
 * none. */
bool ctl_share(const char *text, double *out);
/* A whole number from least to most; the same. */
bool ctl_number(const char *text, int64_t least, int64_t most, int64_t *out);

/* Rule directories given with --rules; without any, the shipped ones and the
 * shop's own. */
struct ctl_dirs {
	const char *v[16];
	size_t n;
};
void ctl_dirs_add(struct ctl_dirs *d, const char *dir);

/* Read and compile; findings go to diags (may be errors), and errors to stderr
 * unless for linting.  NULL when there is no ruleset; *code is the exit code
 * then. */
struct ruleset *ctl_rules(
    struct ctl_dirs *d, struct diags *diags, enum ruleset_use use, int *code);
/* The same without the diags, for commands that only run rules. */
struct ruleset *ctl_rules_run(struct ctl_dirs *d, int *code);

/* A conversation without a daemon: shop open, one agent free. */
struct ctl_talk {
	struct ruleset *rs; /* borrowed */
	struct match_scratch *scratch;
	struct conversation c;
	struct rng rng;
	struct desk_view desk;
	int64_t now_ms;
	unsigned skip_stages; /* of the pipeline, see talk_view */
};
void ctl_talk_init(struct ctl_talk *t, struct ruleset *rs);
void ctl_talk_restart(struct ctl_talk *t);
void ctl_talk_clear(struct ctl_talk *t);
/* One message or event; out as for talk_step. */
void ctl_talk_step(
    struct ctl_talk *t, const struct talk_event *event, struct step *out);

/* Run one .talk file with the rules, and without the stages, of `like`; prints
 * what differs.  Counts go up. */
struct talk_counts {
	unsigned talks, failed_talks, checks;
};
void talk_file_run(
    const struct ctl_talk *like, const char *path, struct talk_counts *counts);

int cmd_check(int argc, char **argv);
int cmd_calibrate(int argc, char **argv);
int cmd_classify(int argc, char **argv);
int cmd_train(int argc, char **argv);
int cmd_test(int argc, char **argv);
int cmd_why(int argc, char **argv);
int cmd_chat(int argc, char **argv);
int cmd_agent(int argc, char **argv);
int cmd_agents(int argc, char **argv);
int cmd_tokens(int argc, char **argv);
int cmd_secret(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_reload(int argc, char **argv);
int cmd_tickets(int argc, char **argv);
int cmd_stats(int argc, char **argv);
int cmd_audit(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_forget(int argc, char **argv);

#endif
