#include <sys/types.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <stdio.h>
void FatalError(const char *s, int n);
int iCommLink;
void AI_Start(int argc, char **argv)
{
  struct sockaddr_in   server;

  /* Create sockets */
  if ((iCommLink = socket(AF_INET, SOCK_STREAM, 0)) < 0)
#ifdef ENGLISH
    FatalError("Cannot create CommLink.", 1);
#endif
#ifdef FRENCH
    FatalError("CLIENT: Ne peut creer la liaison.", 1);
#endif

  /* Connect socket using name specified by command line */
  server.sin_family = AF_INET;
  if (connect(iCommLink, (struct sockaddr *)&server, sizeof(server)) < 0)
    {
      FatalError(NULL, 0);
    }
}
