#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

int tcp_open(int type,struct sockaddr_in *sa)
{
  int fd;
  int n = sizeof *sa;

  fd = socket(AF_INET,type,0);
  if (-1 == fd) return -1;
  if (-1 == connect(fd,(struct sockaddr *) sa,n)) {
    (void) close(fd);
    return -1;
  }
  if (SOCK_STREAM == type && 0 != shutdown(fd,SHUT_WR))
    return -1;
  return fd;
}
