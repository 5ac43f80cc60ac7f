/* Prints "ready", then "signal N" for each signal that it handles, until the
   end of standard input. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static void handler(int n)
{
	char line[] = "signal 00\n";

	line[7] = (char)('0' + n / 10);
	line[8] = (char)('0' + n % 10);
	if (write(1, line, sizeof line - 1) < 0)
		_exit(1);
}

int main(void)
{
	static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGUSR1, SIGUSR2, SIGWINCH, SIGCHLD };
	struct sigaction a = { .sa_handler = handler };
	unsigned i;
	char c;

	for (i = 0; i < sizeof signals / sizeof signals[0]; i++)
		sigaction(signals[i], &a, NULL);
	puts("ready");
	fflush(stdout);
	for (;;) {
		ssize_t n = read(0, &c, 1);
		if (n == 0 || (n < 0 && errno != EINTR))
			return 0;
	}
}
