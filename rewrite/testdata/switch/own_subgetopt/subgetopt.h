#define sgopt subgetopt
#define sgoptarg subgetoptarg
#define sgoptind subgetoptind
#define sgoptdone subgetoptdone

extern int subgetopt(int argc, char **argv, const char *opts);
extern char *subgetoptarg;
extern int subgetoptind;
extern int subgetoptdone;
