#include <string.h>
#include <errno.h>
#include <stdio.h>
#include <netinet/in.h>
#include <sys/socket.h>

#ifdef TRACE
# define trace(args) printf args
#else
# define trace(args)
#endif

int take (int lsock)
{
  int s;

  s = accept (lsock, 0, 0);
  if (s < 0)
    {
      trace (("accept: %s\n", strerror (errno)));
      return -1;
    }
  return s;
}
