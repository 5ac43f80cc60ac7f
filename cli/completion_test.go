package cli

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/keepatch/keepatch/cli/help"
)

// completionCases are command lines, the cursor at the end, with all that can stand
// there. They are what a real shell is asked.
var completionCases = []completionCase{
	{"keepatch che", []string{"check"}},
	{"keepatch he", []string{"help"}},
	{"keepatch scan --format js", []string{"json"}},
	{"keepatch apply --format qu", []string{"quilt"}},
	{"keepatch run --format j", []string{"json"}},
	{"keepatch merge --format chec", []string{"checkstyle"}},
	{"keepatch scan --verdict mis", []string{"missing"}},
	{"keepatch scan --verdict missing,undecided,cov", []string{"missing,undecided,covered"}},
	{"keepatch scan --verdict=missing,not", []string{"missing,not-tcp"}},
	{"keepatch scan --tests n", []string{"no"}},
	{"keepatch check --tests=y", []string{"yes"}},
	{"keepatch check --platform mac", []string{"macos"}},
	{"keepatch check --rules KA001,KA007", []string{"KA001,KA007"}},
	{"keepatch check --severity KA007=er", []string{"KA007=error"}},
	{"keepatch check --severity=KA007=er", []string{"KA007=error"}},
	{"keepatch check --output sar", []string{"sarif="}},
	{"keepatch check --output sarif=net-", []string{"sarif=net-of-c.c"}},
	{"keepatch apply --only KA007", []string{"KA007"}},
	{"keepatch apply --only net-", []string{"net-of-c.c"}},
	{"keepatch run --expect cov", []string{"covered"}},
	{"keepatch run --io-uring den", []string{"deny"}},
	{"keepatch apply --style he", []string{"helper"}},
	{"keepatch check --stag", []string{"--staged"}},
	{"keepatch help sca", []string{"scan"}},
	{"keepatch explain KA007", []string{"KA007"}},
	{"keepatch explain net-", []string{"net-of-c.c"}},
	{"keepatch host ena", []string{"enable"}},
	{"keepatch host disable --every", []string{"--everything"}},
	{"keepatch completion zs", []string{"zsh"}},
	{"keepatch scan net-", []string{"net-of-c.c"}},
	{"keepatch run -- keepatch-progr", []string{"keepatch-program"}},
	{"keepatch attach " + pid, []string{pid}},
	{"keepatch scan --verdict undecided,covered,exempt,suppressed,not-tcp,", []string{"undecided,covered,exempt,suppressed,not-tcp,missing"}},
	{"keepatch scan --verdict=undecided,covered,exempt,suppressed,not-tcp,", []string{"undecided,covered,exempt,suppressed,not-tcp,missing"}},
}

// asIsCases are lines that stay as they are.
var asIsCases = []completionCase{
	{"keepatch scan --verdict missing,mis", []string{"missing,mis"}},
	{"keepatch check --output net-", []string{"net-"}}, // a file is no value
}

type completionCase struct {
	line string
	want []string
}

// pid is a process that there is.
var pid = strconv.Itoa(os.Getpid())

// inShell asks a shell that has our completions in a file. The script prints the words
// that each line can end with, and a line "end" behind them.
func inShell(t *testing.T, shell, file string, script func(lines []string) string) {
	t.Helper()
	path, err := exec.LookPath(shell)
	if err != nil {
		t.Skipf("needs %s", shell)
	}
	dir := t.TempDir()
	var completion bytes.Buffer
	help.Shells[shell](&completion, newApp(&env{}))
	for name, text := range map[string][]byte{file: completion.Bytes(), "net-of-c.c": nil, "bin/keepatch-program": []byte("#!/bin/sh\n")} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, text, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	cases := append(slices.Clip(completionCases), asIsCases...)
	if shell == "fish" { // prints nothing for them
		for i := len(completionCases); i < len(cases); i++ {
			cases[i].want = nil
		}
	}
	var lines []string
	for _, c := range cases {
		lines = append(lines, c.line)
	}
	cmd := exec.Command(path, "-c", script(lines))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PATH="+filepath.Join(dir, "bin")+":"+os.Getenv("PATH"), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "TERM=xterm")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	answers := strings.Split(string(out), "end\n")
	if len(answers) != len(lines)+1 {
		t.Fatalf("%d answers to %d lines: %s", len(answers)-1, len(lines), out)
	}
	for i, c := range cases {
		var got []string
		for l := range strings.Lines(answers[i]) {
			word, _, _ := strings.Cut(strings.TrimRight(l, "\r\n "), "\t") // fish adds what it means
			if strings.HasPrefix(word, "--") {
				word = word[strings.Index(word, "=")+1:] // the others repeat the option
			}
			if word != "" && !slices.Contains(got, word) && !(len(word) > len(pid) && strings.HasPrefix(word, pid)) {
				got = append(got, word)
			}
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.line, diff)
		}
	}
}

// bash is asked at a terminal: each line is completed, put into quotes, and printed.
func TestBashCompletion(t *testing.T) {
	if _, err := exec.LookPath("script"); err != nil || runtime.GOOS != "linux" {
		t.Skip("needs script of util-linux (Debian: bsdutils)")
	}
	inShell(t, "bash", "c.bash", func(lines []string) string {
		keys := "source ./c.bash\n"
		for _, l := range lines {
			keys += l + "\t\x01echo '<\x05>'\n"
		}
		const answers = `sed -n 's/^.*\r<\(keepatch.*[^ ]\) *>.*/\1/p' | while read -r line; do printf '%s\nend\n' "${line##* }"; done`
		return "script -qec 'bash --norc --noprofile -i' /dev/null <<'KEYS' | " + answers + "\n" +
			keys + "exit\nKEYS\n"
	})
}

func TestFishCompletion(t *testing.T) {
	inShell(t, "fish", "c.fish", func(lines []string) string {
		script := "source c.fish\n"
		for _, l := range lines {
			script += "complete -C '" + l + "'; echo end\n"
		}
		return script
	})
}

// zsh completes in its line editor only, so one is run on a pseudo-terminal, and what
// it makes of each line is written down.
func TestZshCompletion(t *testing.T) {
	inShell(t, "zsh", "functions/_keepatch", func(lines []string) string {
		script := `zmodload zsh/zpty || exit 1
zpty z zsh -f -i
zpty -w z 'PS1= RPS1= PROMPT2=; unsetopt prompt_sp; fpath=($PWD/functions $fpath); autoload -U compinit; compinit -u -D; stty -echo; said() { print -r -- "<$BUFFER>" >line; BUFFER= }; zle -N said; bindkey "^X" said; : >ready'
for ((i = 0; i < 500; i++)); do [[ -e ready ]] && break; sleep 0.02; done
ask() {
	zpty -n -w z "$1"$'\t'
	sleep 0.05
	zpty -n -w z $'\x18'
	for ((i = 0; i < 500; i++)); do [[ -s line ]] && break; sleep 0.02; done
	local line=$(<line)
	rm -f line
	line=${${line#<}%>}
	line=${${line%% }%,} # a blank or a comma goes when something else is typed
	print -rl -- ${line##* } end
}
`
		for _, l := range lines {
			script += "ask '" + l + "'\n"
		}
		return script + `while zpty -r -t z more; do said+=$more; done
[[ $said == *(bad option|not found|parse error)* ]] && print -r -- $said && exit 1
zpty -d z
`
	})
}
