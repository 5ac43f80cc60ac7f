# bash completion for keepatch; made by "keepatch completion bash"
_keepatch() {
	local cur prev cmd i
	cur=${COMP_WORDS[COMP_CWORD]}
	prev=${COMP_WORDS[COMP_CWORD-1]}
	for ((i = 1; i < COMP_CWORD; i++)); do
		case ${COMP_WORDS[i]} in -*) ;; *) cmd=${COMP_WORDS[i]}; break ;; esac
	done
	case $prev in
	--format|-f) COMPREPLY=($(compgen -W 'text checkstyle codequality github html json junit markdown rdjson sarif' -- "$cur")); return ;;
	--output|-o) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--title) return ;;
	--color) COMPREPLY=($(compgen -W 'auto always never' -- "$cur")); return ;;
	--verdict) return ;;
	--rules) return ;;
	--severity) return ;;
	--files-from) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--stdin-name) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--exclude) return ;;
	--platform) return ;;
	--config) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--shard) return ;;
	--jobs|-j) return ;;
	--max) return ;;
	--baseline) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--write-baseline) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--diff) return ;;
	--only) return ;;
	--build) return ;;
	--cc) return ;;
	--idle) return ;;
	--interval) return ;;
	--count) return ;;
	--user-timeout) return ;;
	--listeners) COMPREPLY=($(compgen -W 'auto all none' -- "$cur")); return ;;
	--on-error) COMPREPLY=($(compgen -W 'match warn ignore' -- "$cur")); return ;;
	--style) COMPREPLY=($(compgen -W 'auto inline helper' -- "$cur")); return ;;
	--helper-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--switch) COMPREPLY=($(compgen -W 'option config auto env' -- "$cur")); return ;;
	--switch-short) return ;;
	--switch-long) return ;;
	--switch-main) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--switch-default) COMPREPLY=($(compgen -W 'off on' -- "$cur")); return ;;
	--template) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--policy) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--ports) return ;;
	--peers) return ;;
	--interfaces) return ;;
	--report-file) COMPREPLY=($(compgen -f -- "$cur")); return ;;
	--expect) return ;;
	--io-uring) return ;;
	--fallback) return ;;
	--shim) return ;;
	--unit) return ;;
	--container) return ;;
	--cgroup) return ;;
	--port) return ;;
	--every) return ;;
	esac
	case $cmd:$cur in
	:-*) COMPREPLY=($(compgen -W '--help -h --version -V' -- "$cur")) ;;
	:*) COMPREPLY=($(compgen -W 'scan check apply explain init lsp merge completion version run attach host preload' -- "$cur")) ;;
	scan:-*) COMPREPLY=($(compgen -W '--format -f --output -o --title --color --no-pager --verdict --rules --severity --files-from --stdin-name --quiet -q --ids --stats --exclude --platform --config --no-config --shard --jobs -j' -- "$cur")) ;;
	check:-*) COMPREPLY=($(compgen -W '--format -f --output -o --title --color --no-pager --strict --fix --max --baseline --write-baseline --diff --staged --no-exit-code --rules --severity --files-from --stdin-name --quiet -q --ids --stats --exclude --platform --config --no-config --shard --jobs -j' -- "$cur")) ;;
	apply:-*) COMPREPLY=($(compgen -W '--write -w --output -o --format -f --only --color --no-pager --interactive -i --verify --build --cc --idle --interval --count --user-timeout --listeners --on-error --style --helper-file --switch --switch-short --switch-long --switch-main --switch-default --template --files-from --exclude --platform --config --no-config --shard --jobs -j' -- "$cur")) ;;
	explain:-*) COMPREPLY=($(compgen -W '--color --no-pager --exclude --platform --config --no-config --shard --jobs -j' -- "$cur")) ;;
	init:-*) COMPREPLY=($(compgen -W '' -- "$cur")) ;;
	lsp:-*) COMPREPLY=($(compgen -W '--exclude --platform --config --no-config --shard --jobs -j --stdio' -- "$cur")) ;;
	merge:-*) COMPREPLY=($(compgen -W '--format -f --output -o --title --color --no-pager --rules --severity' -- "$cur")) ;;
	completion:-*) COMPREPLY=($(compgen -W '--help -h' -- "$cur")) ;;
	version:-*) COMPREPLY=($(compgen -W '' -- "$cur")) ;;
	run:-*) COMPREPLY=($(compgen -W '--idle --interval --count --user-timeout --policy --ports --peers --interfaces --loopback --only-off --never-lengthen --no-accept --report --report-file --format --observe --expect --io-uring --fallback --shim' -- "$cur")) ;;
	attach:-*) COMPREPLY=($(compgen -W '--idle --interval --count --user-timeout --all --unit --container --cgroup --port --off --tree --watch --every --json' -- "$cur")) ;;
	host:-*) COMPREPLY=($(compgen -W '' -- "$cur")) ;;
	preload:-*) COMPREPLY=($(compgen -W '--output -o --cc --source --install --uninstall' -- "$cur")) ;;
	completion:*) COMPREPLY=($(compgen -W 'bash fish zsh' -- "$cur")) ;;
	*) COMPREPLY=($(compgen -f -- "$cur")) ;;
	esac
}
complete -o filenames -F _keepatch keepatch
