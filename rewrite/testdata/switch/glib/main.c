#include <stdio.h>
#include <stdlib.h>
#include "glib.h"
#include "net.h"

static gboolean verbose = FALSE;
static gboolean quick = FALSE;

static const GOptionEntry entries[] = {
  { "keep", 'k', 0, G_OPTION_ARG_NONE, &quick, "Keep going", NULL },
  { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Say more", NULL },
  { NULL, 0, 0, 0, NULL, NULL, NULL }
};

int
main (int argc, char **argv)
{
  GError *error = NULL;
  GOptionContext *context;

  context = g_option_context_new ("- a program");
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      fprintf (stderr, "prog: %s\n", error->message);
      exit (6);
    }
  if (verbose)
    puts (quick ? "quick" : "slow");
  return run ();
}
