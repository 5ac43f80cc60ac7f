/* As much of GOption as this program needs, under GLib's names. */
#ifndef GLIB_H
#define GLIB_H
#define TRUE 1
#define FALSE 0
typedef int gboolean;
typedef int gint;
typedef char gchar;
typedef void *gpointer;
typedef struct { int code; char message[200]; } GError;
typedef struct GOptionContext GOptionContext;
typedef gboolean (*GOptionArgFunc)(const gchar *name, const gchar *value, gpointer data, GError **error);
enum { G_OPTION_FLAG_NONE = 0, G_OPTION_FLAG_OPTIONAL_ARG = 32 };
enum { G_OPTION_ARG_NONE, G_OPTION_ARG_CALLBACK };
#define G_OPTION_ERROR 1
#define G_OPTION_ERROR_BAD_VALUE 2
typedef struct {
  const gchar *long_name;
  gchar short_name;
  gint flags;
  gint arg;
  gpointer arg_data;
  const gchar *description;
  const gchar *arg_description;
} GOptionEntry;
GOptionContext *g_option_context_new (const gchar *s);
void g_option_context_add_main_entries (GOptionContext *c, const GOptionEntry *entries, const gchar *domain);
gboolean g_option_context_parse (GOptionContext *c, gint *argc, gchar ***argv, GError **error);
void g_set_error (GError **error, int domain, int code, const gchar *format, ...);
#endif
