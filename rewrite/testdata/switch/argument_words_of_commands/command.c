#include <stdio.h>
#include <string.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include "command.h"

int debuglevel;
static int flags[8];

/* the options of the command */
static int options(int parc, char *parv[])
{
	char *p;

	for (p = parv[1]; *p; p++) {
		switch (*p) {
		case 'a':
			flags[0]++;
			break;
		case 'b':
			flags[1]++;
			break;
		case 'c':
			flags[2]++;
			break;
		case 'd':
			flags[3]++;
			break;
		default:
			printf("unknown match flag %c\n", *p);
			return parc;
		}
	}
	return 0;
}

static int who(int s, int parc, char *parv[])
{
	return options(parc, parv) + s;
}

struct command commands[] = {
	{ "who", who },
};

int serve(void)
{
	struct sockaddr_in sin;
	socklen_t len;
	int on = 0, idle = 0;
	int s = socket(AF_INET, SOCK_STREAM, 0);

	memset(&sin, 0, sizeof(sin));
	sin.sin_family = AF_INET;
	sin.sin_port = htons(7000);
	if (connect(s, (struct sockaddr *)&sin, sizeof(sin)) < 0)
		perror("connect");
	len = sizeof(on);
	getsockopt(s, SOL_SOCKET, SO_KEEPALIVE, &on, &len);
	len = sizeof(idle);
	getsockopt(s, IPPROTO_TCP, TCP_KEEPIDLE, &idle, &len);
	printf("%d %d %d\n", on, idle, debuglevel);
	return s;
}
