package knowledge

// PlatformWords are words of file and folder names that say for which platform
// alone the code is.
var PlatformWords = map[string]string{
	"win32": "windows", "windows": "windows", "winsock": "windows", "wince": "windows", "msw": "windows", "win": "windows",
	"w32": "windows", "nt": "windows", "mingw": "windows", "os2": "OS/2", "vms": "VMS", "amiga": "Amiga", "beos": "BeOS",
	"riscos": "RISC OS", "netware": "NetWare", "freertos": "FreeRTOS", "symbian": "Symbian", "dos": "DOS", "msdos": "DOS",
	"solaris": "Solaris", "freebsd": "FreeBSD", "openbsd": "OpenBSD", "netbsd": "NetBSD", "darwin": "macOS", "macos": "macOS",
	"osx": "macOS", "aix": "AIX", "hpux": "HP-UX", "irix": "IRIX", "cygwin": "Cygwin", "qnx": "QNX", "vxworks": "VxWorks",
	"esp32": "ESP-IDF", "optee": "OP-TEE",
}

// POSIXHeaders are headers that no compiler for Windows has.
var POSIXHeaders = SetOf("sys/socket.h netinet/in.h netinet/tcp.h arpa/inet.h netdb.h sys/un.h poll.h sys/poll.h")
