#include <sys/types.h>
#include <sys/socket.h>
#include <stdio.h>
#include <unistd.h>

static const int kInvalidSocket = -1;
static const int invalid_fd = -1;
void trace(const char *format, ...);
void serve(int fd);

void next(int listener)
{
  int new_socket = kInvalidSocket;

  new_socket = accept(listener, NULL, NULL);
  if(new_socket == kInvalidSocket) {
    trace("network: error on accept\n");
    return;
  } trace("network: accepting new socket: %d\n",
          new_socket);

  serve(new_socket);
}

void another(int listener)
{
  int fd = accept(listener, NULL, NULL);

  if(fd != invalid_fd) {
    serve(fd);
  }
}
