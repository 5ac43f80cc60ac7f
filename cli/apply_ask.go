package cli

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/keepatch/keepatch/detect/result"
	"github.com/keepatch/keepatch/rewrite"
)

const askHelp = `y - apply this change
n - do not apply it
e - edit the inserted lines first
a - apply this change and all that follow
q - quit: apply neither this change nor those that follow
? - print this help
`

// ask goes through the changes as git add -p does, the evidence above each.
func (e *env) ask(plan *rewrite.Plan) error {
	in := bufio.NewReader(e.stdin)
	all, quit := false, false
	seen := map[string]bool{}
	for _, f := range plan.Fixes {
		if f.Status != result.FixPatch {
			continue
		}
		key := fmt.Sprint(f.Files)
		switch {
		case quit:
			f.Drop("not asked for")
			continue
		case all || seen[key]:
			continue
		}
		yes, err := e.askOne(in, plan, f, &all, &quit)
		if err != nil {
			return err
		}
		if !yes {
			f.Drop("declined")
			continue
		}
		seen[fmt.Sprint(f.Files)] = true
	}
	return plan.Rebuild()
}

func (e *env) askOne(in *bufio.Reader, plan *rewrite.Plan, f *rewrite.Fix, all, quit *bool) (bool, error) {
	for {
		s := f.Site
		fmt.Fprintf(e.stderr, "%s:%d: %s() in %s\n", s.File, s.Line, s.Call, s.Function)
		for _, ev := range s.Evidence {
			fmt.Fprintf(e.stderr, "  %s:%d: %s\n", ev.File, ev.Line, ev.Note)
		}
		diff, err := plan.DiffOf(f)
		if err != nil {
			return false, err
		}
		e.stderr.Write(diff)
		fmt.Fprint(e.stderr, "Apply this change [y,n,e,a,q,?]? ")
		line, err := in.ReadString('\n')
		if err != nil && line == "" {
			*quit = true
			fmt.Fprintln(e.stderr)
			return false, nil
		}
		switch strings.TrimSpace(line) {
		case "y":
			return true, nil
		case "n":
			return false, nil
		case "a":
			*all = true
			return true, nil
		case "q":
			*quit = true
			return false, nil
		case "e":
			text, err := e.editText(f.Block())
			if err == nil {
				err = f.SetBlock(text)
			}
			if err != nil {
				e.note("%v", err)
			}
		default:
			fmt.Fprint(e.stderr, askHelp)
		}
	}
}

// editText hands text to the user's editor.
func (e *env) editText(text string) (string, error) {
	editor := os.Getenv("VISUAL")
	if editor == "" {
		editor = os.Getenv("EDITOR")
	}
	if editor == "" {
		editor = "vi"
	}
	tmp, err := os.CreateTemp("", "keepatch-*.c")
	if err != nil {
		return "", err
	}
	defer os.Remove(tmp.Name())
	if _, err := tmp.WriteString(text); err != nil {
		return "", err
	}
	if err := tmp.Close(); err != nil {
		return "", err
	}
	cmd := exec.Command("sh", "-c", editor+` "$1"`, "sh", tmp.Name())
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stderr, e.stderr
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("the editor failed: %v", err)
	}
	b, err := os.ReadFile(tmp.Name())
	return string(b), err
}
