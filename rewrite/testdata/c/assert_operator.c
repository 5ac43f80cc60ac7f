#include <glib.h>
#include <unistd.h>
#include <sys/socket.h>
#include <netinet/in.h>

/* the comparison is an argument */
int do_connect (struct sockaddr_in *to)
{
  int fd = socket (AF_INET, SOCK_STREAM, 0);
  g_assert_cmpint (fd, >, 0);
  if (connect (fd, (struct sockaddr *) to, sizeof (*to)) < 0)
    return -1;
  return fd;
}
