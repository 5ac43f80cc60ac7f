# bash completion for keepatch; made by "keepatch completion bash"
# What a list with commas lacks; no blank follows, since it may go on.
_keepatch_list() {
	local word more= list=
	[[ $cur == *,* ]] && list=${cur%,*},
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
	if [[ $cmd == host ]]; then
		for ((i++; i < COMP_CWORD; i++)); do
			case ${COMP_WORDS[i]} in enable | disable | status | report | unit) cmd=host-${COMP_WORDS[i]}; break ;; esac
		done
	fi
	# The words around a = are words of their own: --format = json, --severity KA004 = note.
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
	scan:--format|scan:-f) COMPREPLY=($(compgen -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); return ;;
	scan:--output=|scan:-o=) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	scan:--output|scan:-o) COMPREPLY=($(compgen -S = -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); compopt -o nospace +o filenames 2>/dev/null; return ;;
	scan:--title) return ;;
	scan:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
	scan:--verdict) _keepatch_list missing undecided covered exempt suppressed not-tcp; return ;;
	scan:--rules) _keepatch_list KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102; return ;;
	scan:--severity=) COMPREPLY=($(compgen -W 'error warning note off' -- "$cur")); return ;;
	scan:--severity) COMPREPLY=($(compgen -S = -W 'KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102' -- "$cur")); compopt -o nospace +o filenames 2>/dev/null; return ;;
	scan:--files-from) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	scan:--stdin-name) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	scan:--exclude) return ;;
	scan:--tests) COMPREPLY=($(compgen -W 'yes no' -- "$cur")); return ;;
	scan:--platform) COMPREPLY=($(compgen -W 'bsd cygwin linux macos solaris windows' -- "$cur")); return ;;
	scan:--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	scan:--jobs|scan:-j) return ;;
	scan:--shard) return ;;
	check:--format|check:-f) COMPREPLY=($(compgen -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); return ;;
	check:--output=|check:-o=) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	check:--output|check:-o) COMPREPLY=($(compgen -S = -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); compopt -o nospace +o filenames 2>/dev/null; return ;;
	check:--title) return ;;
	check:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
	check:--max) return ;;
	check:--baseline) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	check:--write-baseline) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	check:--diff) return ;;
	check:--rules) _keepatch_list KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102; return ;;
	check:--severity=) COMPREPLY=($(compgen -W 'error warning note off' -- "$cur")); return ;;
	check:--severity) COMPREPLY=($(compgen -S = -W 'KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102' -- "$cur")); compopt -o nospace +o filenames 2>/dev/null; return ;;
	check:--files-from) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	check:--stdin-name) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	check:--exclude) return ;;
	check:--tests) COMPREPLY=($(compgen -W 'yes no' -- "$cur")); return ;;
	check:--platform) COMPREPLY=($(compgen -W 'bsd cygwin linux macos solaris windows' -- "$cur")); return ;;
	check:--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	check:--jobs|check:-j) return ;;
	check:--shard) return ;;
	apply:--output|apply:-o) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--format|apply:-f) COMPREPLY=($(compgen -W 'diff git quilt' -- "$cur")); return ;;
	apply:--only) COMPREPLY=($(compgen -W 'KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102' -- "$cur"; compgen -f -- "$cur")); return ;;
	apply:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
	apply:--build) return ;;
	apply:--cc) return ;;
	apply:--idle) return ;;
	apply:--interval) return ;;
	apply:--count) return ;;
	apply:--user-timeout) return ;;
	apply:--listeners) COMPREPLY=($(compgen -W 'auto all none' -- "$cur")); return ;;
	apply:--on-error) COMPREPLY=($(compgen -W 'match warn ignore' -- "$cur")); return ;;
	apply:--style) COMPREPLY=($(compgen -W 'auto inline helper' -- "$cur")); return ;;
	apply:--helper-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--switch) COMPREPLY=($(compgen -W 'option config both auto env' -- "$cur")); return ;;
	apply:--switch-short) return ;;
	apply:--switch-long) return ;;
	apply:--switch-main) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--switch-default) COMPREPLY=($(compgen -W 'off on' -- "$cur")); return ;;
	apply:--template) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--files-from) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--stdin-name) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--exclude) return ;;
	apply:--tests) COMPREPLY=($(compgen -W 'yes no' -- "$cur")); return ;;
	apply:--platform) COMPREPLY=($(compgen -W 'bsd cygwin linux macos solaris windows' -- "$cur")); return ;;
	apply:--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	apply:--jobs|apply:-j) return ;;
	apply:--shard) return ;;
	explain:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
	explain:--exclude) return ;;
	explain:--tests) COMPREPLY=($(compgen -W 'yes no' -- "$cur")); return ;;
	explain:--platform) COMPREPLY=($(compgen -W 'bsd cygwin linux macos solaris windows' -- "$cur")); return ;;
	explain:--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	explain:--jobs|explain:-j) return ;;
	lsp:--exclude) return ;;
	lsp:--tests) COMPREPLY=($(compgen -W 'yes no' -- "$cur")); return ;;
	lsp:--platform) COMPREPLY=($(compgen -W 'bsd cygwin linux macos solaris windows' -- "$cur")); return ;;
	lsp:--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	lsp:--jobs|lsp:-j) return ;;
	merge:--format|merge:-f) COMPREPLY=($(compgen -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); return ;;
	merge:--output=|merge:-o=) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	merge:--output|merge:-o) COMPREPLY=($(compgen -S = -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); compopt -o nospace +o filenames 2>/dev/null; return ;;
	merge:--title) return ;;
	merge:--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
	merge:--rules) _keepatch_list KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102; return ;;
	merge:--severity=) COMPREPLY=($(compgen -W 'error warning note off' -- "$cur")); return ;;
	merge:--severity) COMPREPLY=($(compgen -S = -W 'KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102' -- "$cur")); compopt -o nospace +o filenames 2>/dev/null; return ;;
	run:--idle) return ;;
	run:--interval) return ;;
	run:--count) return ;;
	run:--user-timeout) return ;;
	run:--policy) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	run:--ports) return ;;
	run:--peers) return ;;
	run:--interfaces) return ;;
	run:--report-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	run:--format) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;
	run:--expect) COMPREPLY=($(compgen -W 'all covered' -- "$cur")); return ;;
	run:--io-uring) COMPREPLY=($(compgen -W 'watch deny' -- "$cur")); return ;;
	run:--fallback) COMPREPLY=($(compgen -W 'preload' -- "$cur")); return ;;
	run:--shim) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	attach:--idle) return ;;
	attach:--interval) return ;;
	attach:--count) return ;;
	attach:--user-timeout) return ;;
	attach:--unit) return ;;
	attach:--container) return ;;
	attach:--cgroup) return ;;
	attach:--port) return ;;
	attach:--every) return ;;
	attach:--format) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;
	host-enable:--unit) return ;;
	host-enable:--container) return ;;
	host-enable:--cgroup) return ;;
	host-enable:--idle) return ;;
	host-enable:--interval) return ;;
	host-enable:--count) return ;;
	host-enable:--user-timeout) return ;;
	host-enable:--policy) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	host-enable:--ports) return ;;
	host-enable:--peers) return ;;
	host-enable:--interfaces) return ;;
	host-enable:--bpffs) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	host-disable:--unit) return ;;
	host-disable:--container) return ;;
	host-disable:--cgroup) return ;;
	host-disable:--bpffs) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	host-status:--bpffs) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	host-status:--format) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;
	host-report:--bpffs) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	host-report:--format) COMPREPLY=($(compgen -W 'text json' -- "$cur")); return ;;
	host-unit:--idle) return ;;
	host-unit:--interval) return ;;
	host-unit:--count) return ;;
	host-unit:--user-timeout) return ;;
	host-unit:--policy) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	host-unit:--ports) return ;;
	host-unit:--peers) return ;;
	host-unit:--interfaces) return ;;
	preload:--output|preload:-o) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	preload:--cc) return ;;
	esac
	case $cmd:$cur in
	:-*) COMPREPLY=($(compgen -W '--help -h --version -V' -- "$cur")) ;;
	:*) COMPREPLY=($(compgen -W 'scan check apply explain init lsp merge completion version run attach host preload help' -- "$cur")) ;;
	scan:-*) COMPREPLY=($(compgen -W '--format -f --output -o --title --color --no-pager --verdict --rules --severity --files-from --stdin-name --quiet -q --ids --stats --exclude --tests --platform --config --no-config --no-compile-commands --jobs -j --shard --help -h' -- "$cur")) ;;
	check:-*) COMPREPLY=($(compgen -W '--format -f --output -o --title --color --no-pager --strict --fix --max --baseline --write-baseline --diff --staged --no-exit-code --rules --severity --files-from --stdin-name --quiet -q --ids --stats --exclude --tests --platform --config --no-config --no-compile-commands --jobs -j --shard --help -h' -- "$cur")) ;;
	apply:-*) COMPREPLY=($(compgen -W '--write -w --output -o --format -f --only --color --no-pager --interactive -i --verify --build --cc --idle --interval --count --user-timeout --listeners --on-error --style --helper-file --switch --switch-short --switch-long --switch-main --switch-default --template --files-from --stdin-name --exclude --tests --platform --config --no-config --no-compile-commands --jobs -j --shard --help -h' -- "$cur")) ;;
	explain:-*) COMPREPLY=($(compgen -W '--color --no-pager --exclude --tests --platform --config --no-config --no-compile-commands --jobs -j --help -h' -- "$cur")) ;;
	explain:*) COMPREPLY=($(compgen -W 'KA001 KA002 KA003 KA004 KA005 KA006 KA007 KA008 KA009 KA100 KA101 KA102' -- "$cur"; compgen -f -- "$cur")) ;;
	init:-*) COMPREPLY=($(compgen -W '--help -h' -- "$cur")) ;;
	lsp:-*) COMPREPLY=($(compgen -W '--exclude --tests --platform --config --no-config --no-compile-commands --jobs -j --stdio --help -h' -- "$cur")) ;;
	merge:-*) COMPREPLY=($(compgen -W '--format -f --output -o --title --color --no-pager --rules --severity --help -h' -- "$cur")) ;;
	completion:-*) COMPREPLY=($(compgen -W '--help -h' -- "$cur")) ;;
	completion:*) COMPREPLY=($(compgen -W 'bash fish zsh' -- "$cur")) ;;
	version:-*) COMPREPLY=($(compgen -W '--help -h' -- "$cur")) ;;
	run:-*) COMPREPLY=($(compgen -W '--idle --interval --count --user-timeout --policy --ports --peers --interfaces --loopback --only-off --never-lengthen --no-accept --report --report-file --format --json --observe --expect --io-uring --library --fallback --shim --help -h' -- "$cur")) ;;
	run:*) COMPREPLY=($(compgen -c -- "$cur")) ;;
	attach:-*) COMPREPLY=($(compgen -W '--idle --interval --count --user-timeout --all --unit --container --cgroup --port --off --tree --watch --every --json --format --help -h' -- "$cur")) ;;
	attach:*) COMPREPLY=($(compgen -W "$(ps -eo pid= 2>/dev/null)" -- "$cur")) ;;
	host:-*) COMPREPLY=($(compgen -W '--help -h' -- "$cur")) ;;
	host:*) COMPREPLY=($(compgen -W 'enable disable status report unit' -- "$cur")) ;;
	host-enable:-*) COMPREPLY=($(compgen -W '--all --unit --container --cgroup --idle --interval --count --user-timeout --policy --ports --peers --interfaces --loopback --only-off --never-lengthen --bpffs --help -h' -- "$cur")) ;;
	host-disable:-*) COMPREPLY=($(compgen -W '--all --unit --container --cgroup --bpffs --everything --help -h' -- "$cur")) ;;
	host-status:-*) COMPREPLY=($(compgen -W '--bpffs --json --format --help -h' -- "$cur")) ;;
	host-report:-*) COMPREPLY=($(compgen -W '--bpffs --json --format --help -h' -- "$cur")) ;;
	host-unit:-*) COMPREPLY=($(compgen -W '--idle --interval --count --user-timeout --policy --ports --peers --interfaces --loopback --only-off --never-lengthen --help -h' -- "$cur")) ;;
	preload:-*) COMPREPLY=($(compgen -W '--output -o --cc --source --install --uninstall --help -h' -- "$cur")) ;;
	help:-*) COMPREPLY=($(compgen -W '--help -h' -- "$cur")) ;;
	help:*) COMPREPLY=($(compgen -W 'scan check apply explain init lsp merge completion version run attach host preload' -- "$cur")) ;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _keepatch keepatch
