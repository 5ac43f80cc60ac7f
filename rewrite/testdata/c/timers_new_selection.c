/* options: idle=180 style=inline */
/* The #elif of the timers gives the function selections of its #if branches that it had not. */
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#define DO_SYSL(s) { puts(s); }
void serve(int fd);
int main(int argc, char **argv)
{
	int lfd, fd;
	char ip[40];

	if (argc > 1) {
#ifndef __WIN32__
		if (argv[1][0] == 'd') {
			DO_SYSL("daemon")
		}
#endif
	}
	if ((lfd = socket(AF_INET, SOCK_STREAM, 0)) < 0)
		return 1;
	listen(lfd, 5);
	for (;;) {
		if ((fd = accept(lfd, NULL, NULL)) < 0) {
			perror("accept");
		} else {
			char log[80] = "";

			strcpy(log, "x");
#ifdef __WIN32__
			{
				puts("w");
			}
			if (!strlen(ip))
#else
			if (ip[0] == 0)
#endif
			{
				DO_SYSL("no")
			}
			DO_SYSL(log)
			serve(fd);
		}
	}
}
