#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "glib.h"

struct GOptionContext { const GOptionEntry *entries; };

static struct GOptionContext the;
static GError failed;

GOptionContext *g_option_context_new (const gchar *s)
{
  (void) s;
  return &the;
}

void g_option_context_add_main_entries (GOptionContext *c, const GOptionEntry *entries, const gchar *domain)
{
  (void) domain;
  c->entries = entries;
}

void g_set_error (GError **error, int domain, int code, const gchar *format, ...)
{
  va_list ap;

  (void) domain;
  failed.code = code;
  va_start (ap, format);
  vsnprintf (failed.message, sizeof (failed.message), format, ap);
  va_end (ap);
  *error = &failed;
}

gboolean g_option_context_parse (GOptionContext *c, gint *argc, gchar ***argv, GError **error)
{
  int i;

  for (i = 1; i < *argc; i++)
    {
      const GOptionEntry *e;
      const char *a = (*argv)[i], *eq = strchr (a, '=');
      size_t n = eq ? (size_t) (eq - a) : strlen (a);

      for (e = c->entries; e->long_name; e++)
        if ((n == 2 && a[1] == e->short_name) || (n > 2 && strlen (e->long_name) == n - 2 && strncmp (a + 2, e->long_name, n - 2) == 0))
          break;
      if (!e->long_name)
        {
          g_set_error (error, 1, 0, "Unknown option %s", a);
          return FALSE;
        }
      if (e->arg == G_OPTION_ARG_NONE)
        *(gboolean *) e->arg_data = TRUE;
      else if (!((GOptionArgFunc) e->arg_data) (a, eq ? eq + 1 : NULL, NULL, error))
        return FALSE;
    }
  return TRUE;
}
