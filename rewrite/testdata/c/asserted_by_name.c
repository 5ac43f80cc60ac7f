#include <sys/socket.h>
#include <netinet/in.h>
#include <unistd.h>


void test(struct sockaddr_in *at)
{
	int sock;

	sock = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_not_equal(sock, -1);
	assert_int_not_equal(connect(sock, (struct sockaddr *)at, sizeof(*at)), -1);
	close(sock);
}
