package cli

import (
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/keepatch/keepatch/rewrite"
)

// mailFrom is who the patch is from: as git would say it, else as Debian's
// tools would. SOURCE_DATE_EPOCH sets the date of builds that must repeat.
func mailFrom() rewrite.Sender {
	s := rewrite.Sender{Name: os.Getenv("DEBFULLNAME"), Email: os.Getenv("DEBEMAIL"), When: time.Now()}
	if sec, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		s.When = time.Unix(sec, 0).UTC()
	}
	if s.Name == "" {
		s.Name = gitConfig("user.name")
	}
	if s.Email == "" {
		s.Email = gitConfig("user.email")
	}
	if s.Name == "" {
		s.Name = "keepatch"
	}
	if s.Email == "" {
		s.Email = "keepatch@localhost"
	}
	return s
}

func gitConfig(key string) string {
	out, err := exec.Command("git", "config", "--get", key).Output()
	if err != nil {
		return "" // no git, or not set
	}
	return strings.TrimSpace(string(out))
}
