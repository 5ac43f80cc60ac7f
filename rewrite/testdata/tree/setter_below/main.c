#include <sys/types.h>
#include <sys/socket.h>
#include "net.h"

int serve(int lfd)
{
	int a = accept(lfd, 0, 0), b = accept(lfd, 0, 0);

	if (a >= 0)
		sock_opt(a, SO_KEEPALIVE, 1);
	if (b >= 0)
		set_opt(b, SO_KEEPALIVE, 1);
	return a + b;
}
