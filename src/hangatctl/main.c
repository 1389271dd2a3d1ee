/* hangatctl: checks, tests and explains rules, chats, and talks to a running
 * daemon.  One table of commands; each command has a file or shares one. */
#include "hangatctl/ctl.h"

#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>

#define RULES  "[--rules DIR]... "
#define DAEMON "[--state DIR | --socket PATH] "

static const struct ctl_command commands[] = {
	{ "check",
	    "[-W] [--skip LINT]... [--rules DIR]... [DIR]...\n       hangatctl "
	    "check --lints",
	    "all errors and warnings of rule files", cmd_check },
	{ "classify", RULES "[--lang LANG|auto] [--explain] <JSONL",
	    "intent and mood of each message", cmd_classify },
	{ "test",
	    RULES "[--labelled FILE]... [--moods FILE]... [--oos-share X] "
		  "[--without STAGE]... [TALK]...",
	    "run examples and conversations, or score labelled messages",
	    cmd_test },
	{ "calibrate", RULES "[--oos-share X] [--accept X] [--dry-run] FILE...",
	    "fit confidence to labelled messages", cmd_calibrate },
	{ "train", RULES "--lang LANG [--cost X] [--dry-run] FILE...",
	    "teach a pack from labelled messages", cmd_train },
	{ "why", RULES "[--not INTENT] TEXT",
	    "how a message is read and decided", cmd_why },
	{ "chat", RULES "[--name NAME] [--why]",
	    "talk to the rules here, no daemon needed", cmd_chat },
	{ "agent", DAEMON "[--token-file FILE]",
	    "work the queue in this terminal", cmd_agent },
	{ "agents",
	    DAEMON "add NAME [PROFILE] | set NAME PROFILE | list | token NAME "
		   "| passwd NAME | disable NAME\n"
		   "       PROFILE: [--supervisor | --agent] [--capacity N] "
		   "[--langs id,en] [--topics INTENT,...]",
	    "who may work the queue", cmd_agents },
	{ "tokens",
	    DAEMON "add gateway|operator NAME | list | renew ROLE NAME | "
		   "revoke ROLE NAME",
	    "tokens of gateways, and for /metrics", cmd_tokens },
	{ "secret", "[--state DIR]",
	    "what the shop's server signs its customers' ids with",
	    cmd_secret },
	{ "status", DAEMON "[--json]", "how the daemon is doing", cmd_status },
	{ "reload", DAEMON, "load the rules again", cmd_reload },
	{ "tickets", DAEMON "[--json]", "who waits and who is held",
	    cmd_tickets },
	{ "stats", DAEMON "[--since SPAN] [--json]",
	    "how the desk is doing: responses, moods, ratings", cmd_stats },
	{ "audit", DAEMON "[--ticket T] [--who NAME] [--since SPAN] [--json]",
	    "who did what on the desk", cmd_audit },
	{ "export", DAEMON "CUSTOMER",
	    "all that is stored of one conversation, as JSON", cmd_export },
	{ "forget", DAEMON "[--yes] CUSTOMER", "erase one conversation",
	    cmd_forget },
};

int ctl_usage(const char *command, bool asked)
{
	FILE *to = asked ? stdout : stderr;
	for (size_t i = 0; i < HG_COUNT(commands); i++) {
		const struct ctl_command *c = &commands[i];
		if (command == NULL) {
			fprintf(to, "  %-9s %s\n", c->name, c->help);
		} else if (strcmp(command, c->name) == 0) {
			fprintf(to, "usage: hangatctl %s %s\n%s\n", c->name,
			    c->args, c->help);
			fprintf(to, "See hangatctl(1).\n");
		}
	}
	return asked ? CTL_OK : CTL_USAGE;
}

static int usage(bool asked)
{
	fprintf(asked ? stdout : stderr,
	    "usage: hangatctl COMMAND [OPTION]... [ARGUMENT]...\n"
	    "       hangatctl COMMAND --help\n"
	    "       hangatctl --version\n\n");
	int code = ctl_usage(NULL, asked);
	if (asked)
		puts("\nReport bugs to: <" PACKAGE_BUGREPORT ">");
	return code;
}

int ctl_fail(const char *fmt, ...)
{
	va_list ap;
	fprintf(stderr, "hangatctl: ");
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	return CTL_FAILED;
}

bool ctl_share(const char *text, double *out)
{
	char *end;
	double x = strtod(text, &end);
	if (*text != '\0' && *end == '\0' && x > 0 && x < 1) {
		*out = x;
		return true;
	}
	(void)ctl_fail("%s: not a share; write a number over 0 and under 1, "
		       "such as 0.3",
	    text);
	return false;
}

bool ctl_number(const char *text, int64_t least, int64_t most, int64_t *out)
{
	char *end;
	long long n = strtoll(text, &end, 10);
	if (*text != '\0' && *end == '\0' && n >= least && n <= most) {
		*out = n;
		return true;
	}
	(void)ctl_fail("%s: write a whole number from %lld to %lld", text,
	    (long long)least, (long long)most);
	return false;
}

int main(int argc, char **argv)
{
	(void)setlocale(LC_CTYPE, "");  /* without one, plain bytes will do */
	(void)signal(SIGPIPE, SIG_IGN); /* cannot fail for SIGPIPE */
	if (argc < 2)
		return usage(false);
	const char *name = argv[1];
	if (strcmp(name, "--version") == 0) {
		puts("hangatctl (" PACKAGE_STRING ")");
		return CTL_OK;
	}
	if (strcmp(name, "--help") == 0 || strcmp(name, "help") == 0)
		return usage(true);
	for (size_t i = 0; i < HG_COUNT(commands); i++) {
		if (strcmp(commands[i].name, name) != 0)
			continue;
		for (int a = 2; a < argc; a++)
			if (strcmp(argv[a], "--help") == 0)
				return ctl_usage(name, true);
		int code = commands[i].run(argc - 1, argv + 1);
		if (fflush(stdout) != 0)
			return ctl_fail("stdout: cannot write");
		return code;
	}
	fprintf(stderr, "hangatctl: there is no command \"%s\"\n", name);
	return usage(false);
}
