#include <fcntl.h>
#include <unistd.h>
#include <netinet/in.h>
#include <sys/socket.h>

/*
 * Sockets for the resolver's TCP fallback.
 */
int
tcp_open(int family)
{
#if defined(SOCK_CLOEXEC) && defined(SOCK_NONBLOCK)
  return socket (family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
#else
  return socket (family, SOCK_STREAM, IPPROTO_TCP);
#endif
}

int
tcp_dial(const struct sockaddr_in *to)
{
  int s = tcp_open (AF_INET);

  if (s == -1 || connect (s, (const struct sockaddr *)to, sizeof (*to)) == -1)
    return -1;
  return s;
}

int
tcp_dial2(const struct sockaddr_in *to)
{
  int s = tcp_open (AF_INET);

  if (s == -1 || connect (s, (const struct sockaddr *)to, sizeof (*to)) == -1)
    return -1;
  return s;
}

int
tcp_dial3(const struct sockaddr_in *to)
{
  int s = tcp_open (AF_INET);

  if (s == -1 || connect (s, (const struct sockaddr *)to, sizeof (*to)) == -1)
    return -1;
  return s;
}
