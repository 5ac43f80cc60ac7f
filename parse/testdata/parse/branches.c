/* Branches that open what others close, and chains over #if. */
#ifndef BRANCHES
#define BRANCHES

#if 0
Don't parse this.
int dead(void) { return socket(1, 2, 3); }
#endif

int start(int port
#ifdef HAVE_NAME
	, const char *name
#endif
	)
{
#ifdef WIN32
	if (WSAStartup()) {
		return 1;
#else
	if (init()) {
		return 2;
#endif
	}
#if defined(HAVE_ACCEPT4) && !defined(NO_CLOEXEC)
	if (a) {
		fd = accept4(port, 0, 0, SOCK_CLOEXEC);
	} else
#endif
	{
		fd = accept(port, 0, 0);
	}
	if (x)
		one();
#ifdef A
	else if (y)
		two();
#endif
#ifdef B
	else if (z)
		three();
#elif defined(C)
	else
		four();
#else
	else
		five();
#endif
	return socket(1, 2,
#if VERSION < 5
		0
#else
		3
#endif
	);
}

#ifdef __APPLE__
int mac(void) { return socket(1, 1, 1); }
#elif defined(__linux__)
int lin(void) { return socket(2, 2, 2); }
#else
int oth(void) { return socket(3, 3, 3); }
#endif

#ifdef NEW
int both(int a)
#else
int both(a) int a;
#endif
{
	return a;
}
#endif
