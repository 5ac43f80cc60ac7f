package knowledge

import "strings"

func HasIndex(s string, i int) bool {
	for k := range len(s) {
		if s[k] == byte('0'+i) {
			return true
		}
	}
	return false
}

// External are functions of the C library and of POSIX: a call of one is not
// looked up in the tree unless the calling file defines the name itself.
var External = SetOf(`
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

func SetOf(words string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(words) {
		m[w] = true
	}
	return m
}

// FDUse tells what a library call does with a descriptor that it gets as
// argument number arg.
type FDUse struct {
	Arg   int
	Event Event
}

// Event is something that happens to a descriptor.
type Event uint8

const (
	NoEvent Event = iota
	Connect
	Listen
	Accept // it is the listener of an accept call
	Bind
	SetOption
	Data   // read, written, polled: it is in use
	SendTo // used without a connection
	Ioctl
	GetOption
	Close
	EnableKeepalive // given to a function that turns keepalive on, as the configuration says
	PassedOn        // given to somebody whose code is not in the tree
	Name            // getpeername, getsockname
)

// FDUses are the calls of the library that take descriptors. Source: POSIX.1
// and the Linux man pages of section 2.
var FDUses = map[string]FDUse{
	"connect": {0, Connect}, "WSAConnect": {0, Connect}, "listen": {0, Listen}, "bind": {0, Bind},
	"accept": {0, Accept}, "accept4": {0, Accept}, "paccept": {0, Accept},
	"setsockopt": {0, SetOption}, "getsockopt": {0, GetOption},
	"read": {0, Data}, "write": {0, Data}, "readv": {0, Data}, "writev": {0, Data}, "send": {0, Data},
	"recv": {0, Data}, "sendfile": {0, Data}, "shutdown": {0, Data}, "splice": {0, Data},
	"sendto": {0, SendTo}, "recvfrom": {0, SendTo}, "sendmsg": {0, SendTo}, "recvmsg": {0, SendTo},
	"sendmmsg": {0, SendTo}, "recvmmsg": {0, SendTo},
	"ioctl": {0, Ioctl}, "ioctlsocket": {0, Ioctl}, "WSAIoctl": {0, Ioctl}, "fstat": {0, NoEvent},
	"close": {0, Close}, "closesocket": {0, Close},
	"getpeername": {0, Name}, "getsockname": {0, Name},
	"FD_SET": {0, NoEvent}, "FD_CLR": {0, NoEvent}, "FD_ISSET": {0, NoEvent}, "isatty": {0, NoEvent},
	"select": {0, NoEvent}, "poll": {0, NoEvent}, "epoll_ctl": {2, NoEvent}, "fprintf": {2, NoEvent}, "printf": {1, NoEvent},
}

// NoReturn are the calls of the library that never come back.
var NoReturn = SetOf(`exit _exit _Exit abort err errx verr verrx longjmp siglongjmp pthread_exit execl execle execlp execv
	execve execvp g_error __builtin_unreachable`)

// Starters are the calls that start other programs, or change the environment that these
// get. Source: POSIX.1 <unistd.h>, <spawn.h>, <stdlib.h>.
var Starters = strings.Fields("execl execle execlp execv execve execvp execvpe fexecve posix_spawn posix_spawnp setenv putenv")

// Outputs are the arguments, by index, through which functions of the library
// store; of others in the list of external ones none does. Source: POSIX.1.
var Outputs = map[string]string{
	"getaddrinfo": "3", "getsockopt": "34", "getsockname": "12", "getpeername": "12", "accept": "12", "accept4": "12",
	"recvfrom": "145", "read": "1", "recv": "1", "fread": "0", "inet_pton": "2", "inet_aton": "1", "sscanf": "23456789",
	"strtol": "1", "strtoul": "1", "gettimeofday": "0", "stat": "1", "fstat": "1", "pipe": "0", "socketpair": "3",
	"ioctl": "2", "select": "123", "wait": "0", "waitpid": "1", "snprintf": "0", "sprintf": "0", "strcpy": "0", "strncpy": "0",
}

// StdNames are the names of the descriptors that a process is born with.
var StdNames = map[string]string{"0": "STDIN_FILENO", "1": "STDOUT_FILENO", "2": "STDERR_FILENO"}
