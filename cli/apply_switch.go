package cli

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/keepatch/keepatch/detect/config"
	"github.com/keepatch/keepatch/rewrite"
	"github.com/keepatch/keepatch/rewrite/argswitch"
)

// The kinds of switches.
const (
	switchOption = "option"
	switchConfig = "config"
	switchAuto   = "auto"
	switchBoth   = "both"
	switchEnv    = "env"
)

var switchKinds = config.PatchWords["switch"]

// readSwitch reads the options of the run-time switch, nil when there is to be
// none.
func readSwitch(p patchSettings) (*argswitch.Options, error) {
	kind := p.text("switch")
	if p.has("switch") && !slices.Contains(switchKinds, kind) {
		return nil, p.fault("switch", " %s: use %s", kind, strings.Join(switchKinds, ", "))
	}
	for _, name := range []string{"switch-short", "switch-long", "switch-main", "switch-default"} {
		if p.has(name) && kind == "" {
			return nil, p.fault(name, " goes with --switch")
		}
	}
	if kind == "" {
		return nil, nil
	}
	o := &argswitch.Options{Env: kind == switchEnv, Config: kind == switchConfig, Auto: kind == switchAuto,
		Both: kind == switchBoth, Short: p.text("switch-short"), Long: p.text("switch-long"), Main: p.text("switch-main")}
	switch p.text("switch-default") {
	case "on":
		o.On = true
	case "off", "":
	default:
		return nil, p.fault("switch-default", " %s: use off, on", p.text("switch-default"))
	}
	if s := o.Short; s != "" && (len(s) != 1 || !isLetterOrDigit(s[0])) {
		return nil, p.fault("switch-short", " %s: give one letter", s)
	}
	if o.Long != "" && !isLongName(o.Long) || p.has("switch-long") && o.Long == "" {
		return nil, p.fault("switch-long", " %s: give a name of letters, digits and hyphens", o.Long)
	}
	for _, x := range patchExcludes {
		if p.has(x[1]) {
			return nil, p.fault(x[1], " does not go with --switch")
		}
	}
	return o, nil
}

// switchWord names the kinds of switches, where a PATH that does not exist may have been meant
// as one.
func switchWord(p patchSettings, paths []string) error {
	if !p.has("switch") {
		return nil
	}
	for _, name := range paths {
		if _, err := os.Stat(name); err != nil && !looksLikePath(name) {
			return fmt.Errorf("%s; nor is it a kind of --switch: %s", fileError(name, err), strings.Join(switchKinds, ", "))
		}
	}
	return nil
}

// switchReasons returns a function that shortens the reason of a socket, where it is the one
// why its program gets no switch and was told before.
func switchReasons(plan *rewrite.Plan) func(reason string) string {
	told := map[string]bool{}
	for _, r := range plan.Remarks {
		if why, ok := strings.CutPrefix(r, "left out: "); ok {
			told[why] = true
		}
	}
	return func(reason string) string {
		why, ok := strings.CutPrefix(reason, "no switch: ")
		if ok && told[why] {
			return "its program gets no switch"
		}
		told[why] = true
		return reason
	}
}

func isLetterOrDigit(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

func isLongName(s string) bool {
	if len(s) < 2 || strings.HasPrefix(s, "-") {
		return false
	}
	for i := range len(s) {
		if !isLetterOrDigit(s[i]) && s[i] != '-' {
			return false
		}
	}
	return true
}
