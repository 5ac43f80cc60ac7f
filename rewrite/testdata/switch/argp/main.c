#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include "net.h"

#define UNUSED __attribute__ ((unused))

enum
{
  OPT_PIDFILE = 256,
  OPT_RESOLVE,
};

static int debug;
static const char *pidfile;

static struct argp_option options[] = {
#define GRP 10
  { NULL, 0, NULL, 0, "General:", GRP },
  {"debug", 'd', NULL, 0, "Turn on debugging", GRP},
  {"keep", 'k', NULL, 0, "Keep on", GRP},
  {"pidfile", OPT_PIDFILE, "FILE", 0,
   "Write the process id to FILE", GRP},
  {"resolve", OPT_RESOLVE, NULL, 0, "Resolve names", GRP},
#undef GRP
  { NULL, 0, NULL, 0, NULL, 0 }
};

static error_t
parse_opt (int key, char *arg, struct argp_state *state UNUSED)
{
  switch (key)
    {
    case 'd':
      debug = 1;
      break;

    case 'k':
    case OPT_RESOLVE:
      break;

    case OPT_PIDFILE:
      pidfile = arg;
      break;

    default:
      return ARGP_ERR_UNKNOWN;
    }

  return 0;
}

static struct argp argp =
  {options, parse_opt, NULL, "a program", NULL, NULL, NULL};

int
main (int argc, char **argv)
{
  argp_parse (&argp, argc, argv, 0, NULL, NULL);
  if (debug)
    printf ("pid file %s\n", pidfile ? pidfile : "none");
  return run ();
}
