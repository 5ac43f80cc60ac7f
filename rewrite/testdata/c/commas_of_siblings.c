#include <netinet/in.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

struct chat { int fd; int state; char name[64]; };

int listen_for(struct chat *c, struct sockaddr_in *at)
{
  int one = 1;

  c->fd = socket(AF_INET,SOCK_STREAM,0);
  if (c->fd < 0)
    {
      return -1;
    }
  setsockopt(c->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(int));
  if (bind(c->fd,(struct sockaddr *)at,sizeof(*at)) < 0 || listen(c->fd,1) < 0)
    {
      close(c->fd);
      return -1;
    }
  return 0;
}

int take(struct chat *c)
{
  int lfd = c->fd;

  memset(c->name,0,sizeof(c->name));
  strncpy(c->name,"chat",sizeof(c->name));
  if ((c->fd = accept(lfd,NULL,NULL)) < 0)
    {
      close(lfd);
      return -1;
    }
  bcopy("x",c->name,1);
  close(lfd);
  return 0;
}
