package ctree

import (
	"strings"

	"github.com/keepatch/keepatch/parse"
)

// notOnApple are headers that macOS does not have (its SDK 14 has other ones for these
// purposes); one that ends in a slash is a folder. Those that gnulib provides where the
// system has none (error.h, byteswap.h, malloc.h) are not among them.
var notOnApple = []string{
	"sys/epoll.h", "sys/eventfd.h", "sys/timerfd.h", "sys/signalfd.h", "sys/inotify.h", "sys/prctl.h", "sys/sendfile.h", "sys/sysinfo.h",
	"sys/vfs.h", "sys/sysmacros.h", "sys/capability.h", "mntent.h", "shadow.h", "features.h",
	"endian.h", "linux/", "asm/", "netpacket/", "lwip/",
	"winsock2.h", "windows.h",
}

// NeverOnApple reports whether every build of a file includes a header that macOS does
// not have.
func NeverOnApple(f *parse.File) bool {
	for _, d := range f.Dirs {
		if d.Name != "include" || len(Arms(f, int(f.Toks[d.Tok].Off))) > 0 {
			continue
		}
		name := strings.Trim(d.Text, "<>\" \t")
		for _, h := range notOnApple {
			if name == h || strings.HasSuffix(h, "/") && strings.HasPrefix(name, h) {
				return true
			}
		}
	}
	return false
}
