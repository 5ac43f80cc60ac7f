/* An error on a stack is read by the caller that is told of a failure: none is pushed
 * where the function goes on and says that all went well. */
#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned long CONDITION;
#define NET_NORMAL 0x1UL
#define NET_INITERROR 0x12UL

struct entry {
	CONDITION code;
	char text[256];
};

static struct entry stack[100];
static int top;

CONDITION push_condition(CONDITION cond, const char *text)
{
	if (top >= 99) {
		fprintf(stderr, "stack overflow\n");
		top = 0;
	}
	top++;
	stack[top].code = cond;
	strncpy(stack[top].text, text, 255);
	return cond;
}

CONDITION receive(int lfd, int *s)
{
	struct linger l = { 0, 0 };

	*s = accept(lfd, NULL, NULL);
	if (*s < 0) {
		(void) push_condition(NET_INITERROR, "accept failed");
		return push_condition(NET_INITERROR, strerror(errno));
	}
	if (setsockopt(*s, SOL_SOCKET, SO_LINGER, (char *) &l, sizeof(l)) < 0) {
		(void) push_condition(NET_INITERROR, "setsockopt SO_LINGER failed");
		return push_condition(NET_INITERROR, strerror(errno));
	}
	return NET_NORMAL;
}

int main(void)
{
	struct sockaddr_in sa;
	int s, l = socket(AF_INET, SOCK_STREAM, 0);

	memset(&sa, 0, sizeof(sa));
	if (l < 0 || bind(l, (struct sockaddr *)&sa, sizeof(sa)) < 0 || listen(l, 5) < 0)
		return 1;
	return receive(l, &s) == NET_NORMAL ? 0 : 1;
}
