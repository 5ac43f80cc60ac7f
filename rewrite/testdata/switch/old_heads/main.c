#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "net.h"

static int debug;

static void
usage(code)
   int code;
{
   fprintf(stderr, "usage: sockd [-d] [-n]\n");
   exit(code);
}

static void
serverinit(argc, argv)
   int argc;
   char *argv[];
{
   int ch;

   while ((ch = getopt(argc, argv, "dn")) != -1) {
      switch (ch) {
         case 'd':
            debug = 1;
            break;

         case 'n':
            break;

         default:
            usage(7);
      }
   }
}

int
main(argc, argv)
   int argc;
   char *argv[];
{
   serverinit(argc, argv);
   if (debug)
      puts("debug");
   return run();
}
