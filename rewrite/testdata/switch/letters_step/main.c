#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "net.h"

static int verbose;

static int args(int argc, char *argv[])
{
  char *p;

  while (--argc > 0 && **++argv == '-') {
    p = *argv + 1;
    while (*p != 0) {
      switch (*p++) {
      case 'n': break;
      case 'v': verbose++; break;
      default:
        fprintf(stderr, "usage: echo [-nv] words\n");
        return -1;
      }
    }
  }
  return argc;
}

int main(int argc, char *argv[])
{
  int left = args(argc, argv);

  if (left < 0)
    exit(2);
  if (verbose)
    printf("verbose %d, %d left\n", verbose, left);
  return run();
}
