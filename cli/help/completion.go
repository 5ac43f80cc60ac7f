package help

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/keepatch/keepatch/detect/rules"
)

// Shells write the scripts of the shells that there are some for.
var Shells = map[string]func(io.Writer, *cli.App){
	"bash": bashCompletion,
	"zsh":  zshCompletion,
	"fish": fishCompletion,
}

// words are the options of a command as the shell sees them.
func words(flags []cli.Flag) []string {
	var list []string
	for _, o := range optionsOf(flags) {
		list = append(list, "--"+o.long)
		if o.short != "" {
			list = append(list, "-"+o.short)
		}
	}
	return list
}

func names(commands []*cli.Command) []string {
	var list []string
	for _, c := range commands {
		list = append(list, c.Name)
	}
	return list
}

func bashCompletion(w io.Writer, app *cli.App) {
	fmt.Fprintf(w, `# bash completion for keepatch; made by "keepatch completion bash"
# What a list with commas lacks; no blank follows, since it may go on.
_keepatch_list() {
	local word more= list=
	[[ $cur == *,* ]] && list=${cur%%,*},
	for word; do [[ ,$list == *,$word,* ]] || more+=" $word"; done
	COMPREPLY=($(compgen -P "$list" -W "$more" -- "${cur##*,}"))
	compopt -o nospace +o filenames 2>/dev/null
}

_keepatch() {
	local cur prev cmd i second=
	cur=${COMP_WORDS[COMP_CWORD]}
	prev=${COMP_WORDS[COMP_CWORD-1]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in -*) ;; *) cmd=${COMP_WORDS[i]}; break ;; esac
	done
%s	# The words around a = are words of their own: --format = json, --severity KA004 = note.
	i=$COMP_CWORD
	[[ $cur == = ]] && cur= && ((i++))
	if [[ ${COMP_WORDS[i-1]} == = ]]; then
		prev=${COMP_WORDS[i-2]}
		if [[ $prev != -* ]]; then
			prev=${COMP_WORDS[i-3]}
			[[ $prev == = ]] && prev=${COMP_WORDS[i-4]}
			second==
		fi
	fi
	case $cmd:$prev$second in
`, bashParts(app))
	for _, c := range completions(app) {
		for _, o := range optionsOf(c.Flags) {
			if o.value == "" {
				continue
			}
			bashValues(w, c.key, o)
		}
	}
	fmt.Fprintf(w, "\tesac\n\tcase $cmd:$cur in\n\t:-*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n"+
		"\t:*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n",
		strings.Join(words(app.Flags), " "), strings.Join(names(offered(app)), " "))
	for _, c := range completions(app) {
		fmt.Fprintf(w, "\t%s:-*) COMPREPLY=($(compgen -W '%s' -- \"$cur\")) ;;\n", c.key, strings.Join(words(c.Flags), " "))
		if a, ok := argumentsOf(app)[c.key]; ok {
			fmt.Fprintf(w, "\t%s:*) COMPREPLY=($(%s)) ;;\n", c.key, a.bash())
		}
	}
	fmt.Fprint(w, "\t*) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n\tesac\n}\ncomplete -o filenames -F _keepatch keepatch\n")
}

// bashValues is the completion of an option's value.
func bashValues(w io.Writer, command string, o option) {
	pattern := func(end string) string {
		p := command + ":--" + o.long + end
		if o.short != "" {
			p += "|" + command + ":-" + o.short + end
		}
		return p
	}
	const files = `compgen -f -- "$cur"`
	among := func(words []string) string { return "compgen -W '" + strings.Join(words, " ") + `' -- "$cur"` }
	reply := ""
	switch {
	case o.list:
		fmt.Fprintf(w, "\t%s) _keepatch_list %s; return ;;\n", pattern(""), strings.Join(o.words, " "))
		return
	case o.pair():
		behind := files
		if !o.file {
			behind = among(o.second)
		}
		fmt.Fprintf(w, "\t%s) COMPREPLY=($(%s)); return ;;\n", pattern("="), behind)
		fmt.Fprintf(w, "\t%s) COMPREPLY=($(%s)); compopt -o nospace +o filenames 2>/dev/null; return ;;\n",
			pattern(""), strings.Replace(among(o.words), "compgen", "compgen -S =", 1))
		return
	case len(o.words) > 0 && o.file:
		reply = among(o.words) + "; " + files
	case len(o.words) > 0:
		reply = among(o.words)
	case o.file:
		reply = files
	default:
		fmt.Fprintf(w, "\t%s) return ;;\n", pattern(""))
		return
	}
	fmt.Fprintf(w, "\t%s) COMPREPLY=($(%s)); return ;;\n", pattern(""), reply)
}

// arguments are what a command takes beside options, where that is not any file.
type arguments struct {
	words     []string
	files     bool // files as well
	processes bool
	programs  bool // a command line of another program
}

func ruleIDs() (ids []string) {
	for _, r := range rules.All {
		ids = append(ids, r.ID)
	}
	return ids
}

// argumentsOf are those of commands, by name.
func argumentsOf(app *cli.App) map[string]arguments {
	byKey := map[string]arguments{
		"completion": {words: []string{"bash", "fish", "zsh"}},
		"help":       {words: names(visible(app.Commands))},
		"explain":    {words: ruleIDs(), files: true},
		"run":        {programs: true},
		"attach":     {processes: true},
	}
	for _, c := range completions(app) {
		if len(c.Subcommands) > 0 {
			byKey[c.key] = arguments{words: names(visible(c.Subcommands))}
		}
	}
	return byKey
}

// completion is a command that has one.
type completion struct {
	*cli.Command
	key    string // "host", "host-enable"
	parent string // the command that it is one of, or ""
}

// offered are the commands that help shows, and help.
func offered(app *cli.App) []*cli.Command {
	commands := visible(app.Commands)
	if help := app.Command("help"); help != nil && !slices.Contains(commands, help) {
		commands = append(commands, help)
	}
	return commands
}

// completions are the commands that have a completion, and the commands of these.
func completions(app *cli.App) (list []completion) {
	for _, c := range offered(app) {
		list = append(list, completion{Command: c, key: c.Name})
		for _, sub := range visible(c.Subcommands) {
			list = append(list, completion{Command: sub, key: c.Name + "-" + sub.Name, parent: c.Name})
		}
	}
	return list
}

// bashParts finds the command of a command.
func bashParts(app *cli.App) string {
	var b strings.Builder
	for _, c := range visible(app.Commands) {
		if list := names(visible(c.Subcommands)); len(list) > 0 {
			fmt.Fprintf(&b, "\tif [[ $cmd == %s ]]; then\n\t\tfor ((i++; i < COMP_CWORD; i++)); do\n"+
				"\t\t\tcase ${COMP_WORDS[i]} in %s) cmd=%[1]s-${COMP_WORDS[i]}; break ;; esac\n\t\tdone\n\tfi\n",
				c.Name, strings.Join(list, " | "))
		}
	}
	return b.String()
}

// zshParts describes the commands of a command.
func zshParts(app *cli.App) string {
	var b strings.Builder
	for _, c := range visible(app.Commands) {
		if list := visible(c.Subcommands); len(list) > 0 {
			fmt.Fprintf(&b, "\tif [[ $command == %s ]]; then\n\t\tif ((CURRENT == 2)); then\n\t\t\tsubcommands=(\n", c.Name)
			for _, sub := range list {
				fmt.Fprintf(&b, "\t\t\t\t%s\n", zshDescribed(sub))
			}
			fmt.Fprintf(&b,
				"\t\t\t)\n\t\t\t_describe command subcommands\n\t\t\treturn\n\t\tfi\n\t\tcommand=%s-$words[2]\n"+
					"\t\tshift words\n\t\t((CURRENT--))\n\tfi\n", c.Name)
		}
	}
	return b.String()
}

// zshDescribed is a command in the notation of _describe.
func zshDescribed(c *cli.Command) string {
	return singleQuote(c.Name + ":" + strings.ReplaceAll(c.Usage, ":", "\\:"))
}

func (a arguments) bash() string {
	switch {
	case a.processes:
		return `compgen -W "$(ps -eo pid= 2>/dev/null)" -- "$cur"`
	case a.programs:
		return `compgen -c -- "$cur"`
	case a.files:
		return "compgen -W '" + strings.Join(a.words, " ") + `' -- "$cur"; compgen -f -- "$cur"`
	}
	return "compgen -W '" + strings.Join(a.words, " ") + `' -- "$cur"`
}

// zsh is in the notation of _arguments.
func (a arguments) zsh() string {
	switch {
	case a.processes:
		return "'*:process:_pids'"
	case a.programs:
		return "'(-)1:program:_command_names -e' '*::argument:_normal'"
	case a.files:
		// A blank before the action keeps _arguments from adding options to it.
		return "'*:rule or place: _alternative \"rules:rule:(" + strings.Join(a.words, " ") + ")\" \"files:file:_files\"'"
	}
	return "'1:argument:(" + strings.Join(a.words, " ") + ")'"
}

func (a arguments) fish() string {
	switch {
	case a.processes:
		return "-f -a '(__fish_complete_pids)'"
	case a.programs:
		return "-f -a '(__fish_complete_subcommand --fcs-skip=2)'"
	case a.files:
		return "-a '" + strings.Join(a.words, " ") + "'"
	}
	return "-f -a '" + strings.Join(a.words, " ") + "'"
}

// zshValues complete a list with commas, and a word that "=" and something else follow:
// one of what stands after --, or a file.
const zshValues = `_keepatch_list() {
	compset -P '*,'
	local -a had=(${(s:,:)${IPREFIX##*=}})
	compadd -qS , -F had -- "$@"
}

_keepatch_pair() {
	local -i i=${@[(i)--]}
	if ! compset -P '*='; then
		compadd -S = -- "${@[1,i-1]}"
	elif ((i > $#)); then
		_files
	else
		compadd -- "${@[i+1,-1]}"
	fi
}
`

func zshCompletion(w io.Writer, app *cli.App) {
	fmt.Fprint(w, "#compdef keepatch\n# zsh completion for keepatch; made by \"keepatch completion zsh\"\n\n"+zshValues+
		"\n_keepatch() {\n\tlocal -a subcommands # commands is a special variable\n\tsubcommands=(\n")
	for _, c := range offered(app) {
		fmt.Fprintf(w, "\t\t%s\n", zshDescribed(c))
	}
	fmt.Fprint(w,
		"\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command subcommands\n\t\treturn\n\tfi\n\tlocal "+
			"command=$words[2]\n\tshift words\n\t((CURRENT--))\n"+zshParts(app)+"\tcase $command in\n")
	for _, c := range completions(app) {
		fmt.Fprintf(w, "\t%s)\n", c.key)
		if argumentsOf(app)[c.key].programs { // what follows -- is a command line of its own
			fmt.Fprint(w, "\t\tlocal -i dashes=${words[(i)--]}\n\t\tif ((dashes < CURRENT)); then\n"+
				"\t\t\tshift $dashes words\n\t\t\t((CURRENT -= dashes))\n\t\t\t_normal\n\t\t\treturn\n\t\tfi\n")
		}
		fmt.Fprint(w, "\t\t_arguments -s -S")
		for _, o := range optionsOf(c.Flags) {
			for _, n := range []string{o.short, o.long} {
				if n != "" {
					fmt.Fprintf(w, " \\\n\t\t\t%s", singleQuote(zshSpec(o, n)))
				}
			}
		}
		rest := singleQuote("*:file:_files")
		if a, ok := argumentsOf(app)[c.key]; ok {
			rest = a.zsh()
		}
		fmt.Fprintf(w, " \\\n\t\t\t%s\n\t\t;;\n", rest)
	}
	fmt.Fprint(w, "\tesac\n}\n\n_keepatch \"$@\"\n")
}

// zshSpec is an option in the notation of _arguments.
func zshSpec(o option, name string) string {
	spec := "--" + name
	if len(name) == 1 {
		spec = "-" + name
	}
	if o.repeat {
		spec = "*" + spec
	}
	if o.value != "" && len(name) > 1 {
		spec += "="
	}
	usage := strings.NewReplacer("[", "\\[", "]", "\\]", ":", "\\:").Replace(o.usage)
	spec += "[" + usage + "]"
	switch {
	case o.value == "":
	case o.list: // a blank before an action keeps _arguments from adding options to it
		spec += ":" + o.value + ": _keepatch_list " + strings.Join(o.words, " ")
	case o.pair():
		spec += ":" + o.value + ": _keepatch_pair " + strings.Join(o.words, " ")
		if !o.file {
			spec += " -- " + strings.Join(o.second, " ")
		}
	case len(o.words) > 0 && o.file:
		spec += ":" + o.value + ": _alternative \"words\\:word\\:(" + strings.Join(o.words, " ") + ")\" \"files\\:file\\:_files\""
	case len(o.words) > 0:
		spec += ":" + o.value + ":(" + strings.Join(o.words, " ") + ")"
	case o.file:
		spec += ":file:_files"
	default:
		spec += ":" + o.value + ": "
	}
	return spec
}

// fishValues offers the words that a list has not got yet, of which fish's own __fish_append
// offers all, and a file behind one of some words and "=".
const fishValues = `function __keepatch_list
    set -l had (commandline -tc | string replace -r -- '^--[^=]*=' '' | string replace -rf '(.*,)[^,]*$' '$1')
    for word in $argv
        contains -- $word (string split , -- "$had"); or printf '%s\n' "$had$word"
    end
end

function __keepatch_pair
    set -l word (commandline -tc | string replace -r -- '^--[^=]*=' '')
    if string match -q -- '*=*' $word
        set -l first (string replace -r -- '=.*' '=' $word)
        printf '%s\n' $first(__fish_complete_path (string replace -r -- '^[^=]*=' '' $word))
    else
        printf '%s=\n' $argv
    end
end
`

func fishCompletion(w io.Writer, app *cli.App) {
	fmt.Fprint(w, "# fish completion for keepatch; made by \"keepatch completion fish\"\n", fishValues)
	for _, c := range offered(app) {
		fmt.Fprintf(w, "complete -c keepatch -n __fish_use_subcommand -f -a %s -d %s\n", c.Name, singleQuote(c.Usage))
	}
	for _, c := range completions(app) {
		for _, o := range optionsOf(c.Flags) {
			fmt.Fprintf(w, "complete -c keepatch -n '%s' -l %s", c.fishSeen(), o.long)
			if o.short != "" {
				fmt.Fprintf(w, " -s %s", o.short)
			}
			fmt.Fprint(w, o.fish())
			fmt.Fprintf(w, " -d %s\n", singleQuote(o.usage))
		}
	}
	for _, c := range completions(app) {
		switch a, ok := argumentsOf(app)[c.key]; {
		case len(c.Subcommands) > 0:
			for _, sub := range visible(c.Subcommands) {
				fmt.Fprintf(w, "complete -c keepatch -n '%s; and not __fish_seen_subcommand_from %s' -f -a %s -d %s\n",
					c.fishSeen(), strings.Join(a.words, " "), sub.Name, singleQuote(sub.Usage))
			}
		case ok:
			fmt.Fprintf(w, "complete -c keepatch -n '%s' %s\n", c.fishSeen(), a.fish())
		}
	}
}

// fish says what an option takes.
func (o *option) fish() string {
	words := strings.Join(o.words, " ")
	switch {
	case o.value == "":
		return ""
	case o.list:
		return " -x -a " + singleQuote("(__keepatch_list "+words+")")
	case o.pair() && !o.file:
		var all []string
		for _, first := range o.words {
			for _, second := range o.second {
				all = append(all, first+"="+second)
			}
		}
		return " -x -a " + singleQuote(strings.Join(all, " "))
	case o.pair():
		return " -x -a " + singleQuote("(__keepatch_pair "+words+")")
	case len(o.words) > 0 && o.file:
		return " -r -a " + singleQuote(words)
	case len(o.about) > 0:
		var all []string
		for i, w := range o.words {
			all = append(all, w+`\t"`+o.about[i]+`"`)
		}
		return " -x -a " + singleQuote(strings.Join(all, " "))
	case len(o.words) > 0:
		return " -x -a " + singleQuote(words)
	case o.file:
		return " -r"
	}
	return " -x"
}

// fishSeen is the condition that a command stands on the line.
func (c completion) fishSeen() string {
	if c.parent != "" {
		return "__fish_seen_subcommand_from " + c.parent + "; and __fish_seen_subcommand_from " + c.Name
	}
	return "__fish_seen_subcommand_from " + c.Name
}

func singleQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }
