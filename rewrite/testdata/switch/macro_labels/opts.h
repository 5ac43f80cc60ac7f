/* Options as labels of a switch that is tried for each line. */
extern int opt_line, opt_known;

#define OPT_SWITCH(ch) for (opt_known = 0, opt_line = 1; opt_line < 200; opt_line++) switch (opt_line)
#define OPT_FLAG(s) case __LINE__: if (strcmp(ch, s) != 0) break; opt_known = 1; __attribute__((fallthrough)); case 1000 + __LINE__
#define OPT_WITHARG(s) case __LINE__: if (strcmp(ch, s) != 0) break; opt_known = 1; my_optarg = argv[++i]; __attribute__((fallthrough)); case 1000 + __LINE__
#define OPT_DEFAULT case 199: if (opt_known) break; __attribute__((fallthrough)); case 1199
