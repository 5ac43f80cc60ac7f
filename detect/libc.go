package detect

import "strings"

// external are functions of the C library and of POSIX: a call of one is not
// looked up in the tree unless the calling file defines the name itself.
var external = setOf(`
	abort accept accept4 access alarm atoi atol bind bsearch bzero calloc chdir chmod chown clock close closedir closelog
	connect creat ctime daemon dup dup2 dup3 epoll_create epoll_create1 epoll_ctl epoll_wait err errx execl execle execlp execv
	execve execvp exit _exit fchmod fclose fcntl fdopen feof ferror fflush fgetc fgets fileno fopen fork fprintf fputc fputs
	fread free freeaddrinfo freopen fscanf fseek fstat fsync ftell ftruncate fwrite gai_strerror getaddrinfo getc getchar
	getegid getenv geteuid getgid gethostbyaddr gethostbyname gethostname getnameinfo getopt getopt_long getpeername
	getpid getppid getprotobyname getpwnam getpwuid getservbyname getservbyport getsockname getsockopt gettimeofday getuid
	gmtime htonl htons if_nametoindex inet_addr inet_aton inet_ntoa inet_ntop inet_pton ioctl isalnum isalpha isatty isdigit
	isspace kill kqueue link listen localtime longjmp lseek malloc memchr memcmp memcpy memmove memset mkdir mkfifo mktime mmap
	munmap nanosleep ntohl ntohs open opendir openlog perror pipe pipe2 poll popen printf pselect pthread_create pthread_exit
	pthread_join pthread_mutex_lock pthread_mutex_unlock putc putchar putenv puts qsort raise rand random read readdir
	readlink readv realloc recv recvfrom recvmsg remove rename rewind rmdir scanf select send sendfile sendmsg sendto setbuf
	setegid setenv seteuid setgid setgroups setjmp setlocale setpgid setrlimit setsid setsockopt setuid setvbuf shutdown
	sigaction sigaddset sigemptyset signal sigprocmask sleep snprintf socket socketpair sprintf srand sscanf stat strcasecmp
	strcat strchr strcmp strcpy strcspn strdup strerror strftime strlen strncasecmp strncat strncmp strncpy strndup strpbrk
	strrchr strsep strspn strstr strtok strtol strtoul syslog system tcgetattr tcsetattr time tolower toupper umask unlink
	usleep va_arg va_end va_start vfprintf vprintf vsnprintf vsprintf vsyslog wait waitpid warn warnx write writev
	sizeof offsetof assert FD_SET FD_CLR FD_ISSET FD_ZERO`)

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// fdUse tells what a library call does with a descriptor that it gets as
// argument number arg.
type fdUse struct {
	arg  int
	what event
}

// event is something that happens to a descriptor.
type event uint8

const (
	evNone event = iota
	evConnect
	evListen
	evAccept // it is the listener of an accept call
	evBind
	evSetOpt
	evData   // read, written, polled: it is in use
	evSendTo // used without a connection
	evIoctl
	evGetOpt
	evClose
	evEnable // given to a function that turns keepalive on, as the configuration says
	evPassed // given to somebody whose code is not in the tree
	evName   // getpeername, getsockname
)

// fdUses are the calls of the library that take descriptors. Source: POSIX.1
// and the Linux man pages of section 2.
var fdUses = map[string]fdUse{
	"connect": {0, evConnect}, "WSAConnect": {0, evConnect}, "listen": {0, evListen}, "bind": {0, evBind},
	"accept": {0, evAccept}, "accept4": {0, evAccept}, "paccept": {0, evAccept},
	"setsockopt": {0, evSetOpt}, "getsockopt": {0, evGetOpt},
	"read": {0, evData}, "write": {0, evData}, "readv": {0, evData}, "writev": {0, evData}, "send": {0, evData},
	"recv": {0, evData}, "sendfile": {0, evData}, "shutdown": {0, evData}, "splice": {0, evData},
	"sendto": {0, evSendTo}, "recvfrom": {0, evSendTo}, "sendmsg": {0, evSendTo}, "recvmsg": {0, evSendTo},
	"sendmmsg": {0, evSendTo}, "recvmmsg": {0, evSendTo},
	"ioctl": {0, evIoctl}, "ioctlsocket": {0, evIoctl}, "WSAIoctl": {0, evIoctl}, "fstat": {0, evNone},
	"close": {0, evClose}, "closesocket": {0, evClose},
	"getpeername": {0, evName}, "getsockname": {0, evName},
	"FD_SET": {0, evNone}, "FD_CLR": {0, evNone}, "FD_ISSET": {0, evNone}, "isatty": {0, evNone},
	"select": {0, evNone}, "poll": {0, evNone}, "epoll_ctl": {2, evNone}, "fprintf": {2, evNone}, "printf": {1, evNone},
}

// noReturn are the calls of the library that never come back.
var noReturn = setOf(`exit _exit _Exit abort err errx verr verrx longjmp siglongjmp pthread_exit execl execle execlp execv
	execve execvp g_error __builtin_unreachable`)
