#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct log {
   void (*error)(void *ctx, const char *fmt, ...);
   void *ctx;
};

int take(struct log *log, int lfd)
{
   int fd;

   for(;;) {
      if( (fd = accept(lfd, NULL, NULL)) < 0 ) {
         if( errno == EINTR ) continue;
         log->error(log->ctx, "accept: %s", strerror(errno));
         return -1;
      }
      if( write(fd, "hello, whoever you are\n", strlen("hello, whoever you are\n")) > 0 )
         return fd;
      close(fd);
   }
}

int greet(int lfd)
{
   int fd;

   if( (fd = accept(lfd, NULL, NULL)) < 0 ) return -1; else printf("here is %d\n", fd);
   return fd;
}
