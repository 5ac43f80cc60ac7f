/* Functions of other files whose results are of enums and structs. */
#include <sys/socket.h>

#include "results/results.h"

int main(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0); /* want: covered tcp client */

	if (fd == -1 || tune(fd) != TUNED)
		return 1;
	return connect_to(fd).code;
}
