package cli

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/rewrite"
)

// patchSettings are the options of apply with their values: those of the command
// line, and those that the configuration file has in its section patch.
type patchSettings struct {
	c    *cli.Context
	conf *config.Config
	file map[string]string
}

// patchNeeds names for an option the one that it says more about. What the file
// says more about something that is not asked for is passed over.
var patchNeeds = map[string]string{
	"switch-short": "switch", "switch-long": "switch", "switch-main": "switch",
	"switch-default": "switch", "cc": "verify", "build": "verify",
}

// patchExcludes are options that do not go together. Where the command line has
// one, the file's others are passed over.
var patchExcludes = [][2]string{{"switch", "user-timeout"}, {"switch", "helper-file"}, {"switch", "template"}}

// patchOptions reads them. The context is that of apply; a command that has none of
// these options gives nil, so that it says what apply would do without any.
func patchOptions(c *cli.Context, conf *config.Config) patchSettings {
	p := patchSettings{c, conf, conf.PatchOptions()}
	for _, x := range patchExcludes {
		for i := range x {
			if p.given(x[i]) {
				delete(p.file, x[1-i])
			}
		}
	}
	for name, needed := range patchNeeds {
		if !p.has(needed) {
			delete(p.file, name)
		}
	}
	if p.given("style") && p.text("style") != "helper" {
		delete(p.file, "helper-file")
	}
	return p
}

// given says whether the command line has an option.
func (p patchSettings) given(name string) bool { return p.c != nil && p.c.IsSet(name) }

// has says whether an option is given.
func (p patchSettings) has(name string) bool {
	_, ok := p.file[name]
	return ok || p.given(name)
}

// fault says what is wrong with an option, which stands on the command line or in the
// configuration file. The text follows the option's name.
func (p patchSettings) fault(name, format string, args ...any) error {
	text := fmt.Sprintf(format, args...)
	if _, ok := p.file[name]; ok && !p.given(name) {
		return fmt.Errorf("%s: %s", p.conf.Place("patch", name), strings.TrimLeft(text, " :"))
	}
	return fmt.Errorf("--%s%s", name, text)
}

// text is the value of an option, "" without one.
func (p patchSettings) text(name string) string {
	if v, ok := p.file[name]; ok && !p.given(name) || p.c == nil {
		return v
	}
	switch v := p.c.Value(name).(type) {
	case string:
		return v
	case bool:
		return strconv.FormatBool(v)
	case int:
		return strconv.Itoa(v)
	}
	return ""
}

// number is the value of an option that takes a number, 0 without one.
func (p patchSettings) number(name string) int {
	n, err := strconv.Atoi(p.text(name))
	if err != nil {
		return 0 // the configuration file and the library have checked the others
	}
	return n
}

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
