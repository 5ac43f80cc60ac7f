#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <errno.h>
#include <unistd.h>

struct connection {
  int socket, error;
};

int server_open(struct connection *c, struct sockaddr_in *sname)
{
  int status = 0;
  int sock;
  int n;

  if (status == 0)
    {
      sock = socket(AF_INET, SOCK_STREAM, 0);
      if (sock < 0)
	{
	  status = 1;
	  c->error = errno;
	}
      else
	c->socket = sock;
    }

  n = 1;
  setsockopt(sock, IPPROTO_TCP, TCP_NODELAY, &n, sizeof(n));

  n = 49152;
  setsockopt(sock, SOL_SOCKET, SO_SNDBUF, &n, sizeof(n));

  if (status == 0 && connect(sock, (struct sockaddr *)sname, sizeof(*sname)) != 0)
    status = 2;
  return status;
}
