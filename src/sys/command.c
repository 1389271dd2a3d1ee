/* Running the shop's own program.  posix_spawn neither copies the daemon's
 * memory nor runs its code in the child, so it is quick and safe beside
 * threads. */
#include "sys/command.h"
#include "base/mem.h"
#include "sys/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

struct command {
	pid_t pid;
	int64_t started_ms; /* steady */
	bool killed;
};

/* The daemon's environment and more; NULL-terminated, free with
 * free_environment. */
static char **make_environment(const char *const (*env)[2], size_t n)
{
	size_t have = 0;
	while (environ[have] != NULL)
		have++;
	char **all = xcalloc(have + n + 1, sizeof(char *));
	for (size_t i = 0; i < have; i++)
		all[i] = xstrdup(environ[i]);
	for (size_t i = 0; i < n; i++) {
		struct buf b = { 0 };
		buf_addf(&b, "%s=%s", env[i][0], env[i][1]);
		all[have + i] = xstrdup(b.p);
		buf_clear(&b);
	}
	return all;
}

static void free_environment(char **all)
{
	for (size_t i = 0; all[i] != NULL; i++)
		free(all[i]);
	free(all);
}

static int spawn(pid_t *pid, char *const *argv, char **env)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	sigset_t none, usual;
	(void)sigemptyset(&none); /* cannot fail */
	(void)sigfillset(&usual); /* cannot fail */
	int code = posix_spawn_file_actions_init(&files);
	if (code != 0)
		return code;
	code = posix_spawnattr_init(&attr);
	if (code == 0) {
		/* each of these fails for want of memory only, which spawning
		 * would tell too */
		(void)posix_spawn_file_actions_addopen(
		    &files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
		(void)posix_spawn_file_actions_adddup2(
		    &files, STDERR_FILENO, STDOUT_FILENO);
		(void)posix_spawn_file_actions_addclosefrom_np(&files, 3);
		(void)posix_spawnattr_setflags(
		    &attr, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
			       POSIX_SPAWN_SETSIGDEF);
		(void)posix_spawnattr_setpgroup(&attr, 0);
		(void)posix_spawnattr_setsigmask(&attr, &none);
		(void)posix_spawnattr_setsigdefault(&attr, &usual);
		code = posix_spawnp(pid, argv[0], &files, &attr, argv, env);
		(void)posix_spawnattr_destroy(&attr); /* cannot fail */
	}
	(void)posix_spawn_file_actions_destroy(&files); /* cannot fail */
	return code;
}

struct command *command_start(
    char *const *argv, const char *const (*env)[2], size_t n, struct err *e)
{
	pid_t pid;
	char **all = make_environment(env, n);
	int code = spawn(&pid, argv, all);
	free_environment(all);
	if (code != 0) {
		err_set(e, "%s: %s; give the path of a program", argv[0],
		    strerror(code));
		return NULL;
	}
	struct command *c = xcalloc(1, sizeof(*c));
	c->pid = pid;
	c->started_ms = clock_steady_ms();
	return c;
}

bool command_ended(struct command *c, int64_t longest_ms, struct buf *how)
{
	int status = 0;
	pid_t got = waitpid(c->pid, &status, WNOHANG);
	if (got == 0) {
		if (!c->killed &&
		    clock_steady_ms() - c->started_ms > longest_ms)
			c->killed = kill(-c->pid, SIGKILL) == 0;
		return false;
	}
	if (got < 0)
		buf_addf(how, "%s", strerror(errno));
	else if (c->killed)
		buf_addf(how, "ran longer than %lld s and was ended",
		    (long long)longest_ms / 1000);
	else if (WIFSIGNALED(status))
		buf_addf(how, "ended by signal %d", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		buf_addf(how, "exit code %d", WEXITSTATUS(status));
	c->pid = 0;
	return true;
}

void command_free(struct command *c)
{
	if (c == NULL)
		return;
	if (c->pid > 0 && kill(-c->pid, SIGKILL) == 0)
		(void)waitpid(c->pid, NULL, 0); /* it is gone in any case */
	free(c);
}
