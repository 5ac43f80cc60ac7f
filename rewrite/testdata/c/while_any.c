#include <sys/types.h>
#include <sys/socket.h>
#include <unistd.h>

int auth(int fd);
void read_commands(int fd);

void serve(int listener)
{
  int client;

  while((client = accept (listener, NULL, NULL)))
    {
      if(auth (client))
	read_commands (client);
      close(client);
    }
}
