/* As much of popt as this program needs, under popt's names. */
#ifndef POPT_H
#define POPT_H
#define POPT_ARG_NONE 0
#define POPT_ARG_STRING 1
#define POPT_ARGFLAG_OPTIONAL 0x10000000
struct poptOption {
	const char *longName;
	char shortName;
	unsigned int argInfo;
	void *arg;
	int val;
	const char *descrip, *argDescrip;
};
#define POPT_TABLEEND { NULL, '\0', 0, NULL, 0, NULL, NULL }
typedef struct poptContext_s *poptContext;
poptContext poptGetContext(const char *name, int argc, const char **argv, const struct poptOption *options, unsigned int flags);
int poptGetNextOpt(poptContext con);
char *poptGetOptArg(poptContext con);
#endif
