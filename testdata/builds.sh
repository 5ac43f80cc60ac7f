#!/bin/sh
# Builds packages of the corpus as they are and patched, and compares: same
# outcome, no new compiler warning, the second apply empty.
#
# usage: builds.sh [--deps] [PACKAGE...]      --deps installs what they need (Debian, as root)
#
# How each is built stands in recipes.txt. KEEPATCH_CORPUS, KEEPATCH_FREE,
# KEEPATCH_FREE2, ...4 to 6 are the folders with the unpacked sources, KEEPATCH the program
# (default: built from here), BUILDS the folder to work in, JOBS how many jobs
# make may run, APPLY further options for keepatch apply, WARN the options for warnings.
set -eu
here=$(cd "$(dirname "$0")/.." && pwd)
corpus=${KEEPATCH_CORPUS:-$HOME/.cache/keepatch-corpus}
free=${KEEPATCH_FREE:-$HOME/.cache/keepatch-free}
free2=${KEEPATCH_FREE2:-$HOME/.cache/keepatch-free2}
free4=${KEEPATCH_FREE4:-$HOME/.cache/keepatch-free4}
free5=${KEEPATCH_FREE5:-$HOME/.cache/keepatch-free5}
free6=${KEEPATCH_FREE6:-$HOME/.cache/keepatch-free6}
free7=${KEEPATCH_FREE7:-$HOME/.cache/keepatch-free7}
work=${BUILDS:-${TMPDIR:-/tmp}/keepatch-builds}
export WARN=${WARN:--Wall}
jobs=${JOBS:-1}
keepatch=${KEEPATCH:-}


deps=no
if [ "${1:-}" = --deps ]; then deps=yes; shift; fi
wanted=" $* "
mkdir -p "$work"
if [ -z "$keepatch" ]; then
	keepatch=$work/keepatch
	(cd "$here" && go build -o "$keepatch" .)
fi

# warnings LOG: the warnings without places, which the patch moves, and without
# what the compiler guesses was meant.
warnings() {
	grep -E 'warning:' "$1" | sed -E 's/:[0-9]+:[0-9]+:/:/; s/^.*\/(a|b)\///; s/; did you mean .*\?//' | sort
}

build() { # TREE LOG CONFIGURE MAKE
	(cd "$1" && export CFLAGS="-g -O1 $WARN" && eval "$3" && unset CFLAGS && eval "nice $4 -j$jobs MAKEINFO=true") >"$2" 2>&1
}

failed=0 done=0
grep -v "^#" "$here/testdata/recipes.txt" >"$work/recipes"
while IFS='@' read -r name needs configure make check; do
	[ -n "$name" ] || continue
	case $wanted in "  ") ;; *" $name "*) ;; *) continue ;; esac
	from=
	for d in "$corpus" "$free" "$free2" "$free4" "$free5" "$free6" "$free7"; do if [ -z "$from" ] && [ -d "$d/$name" ]; then from=$d/$name; fi; done
	if [ -z "$from" ]; then echo "$name: in none of the folders"; continue; fi
	if [ $deps = yes ] && [ -n "$needs" ]; then
		apt-get install -y -q $needs >"$work/$name.apt" 2>&1 </dev/null || echo "$name: no $needs"
	fi
	rm -rf "${work:?}/$name"
	mkdir -p "$work/$name"
	cp -a "$from" "$work/$name/a"
	cp -a "$from" "$work/$name/b"
	# Unpacking leaves times that make automake run again.
	for d in a b; do
		for n in aclocal.m4 config.h.in configure Makefile.in; do find "$work/$name/$d" -name "$n" -exec touch {} +; done
	done
	(cd "$work/$name/b" && "$keepatch" apply --write ${APPLY:-} .) >"$work/$name/apply" 2>&1 </dev/null || true
	(cd "$work/$name/b" && "$keepatch" apply ${APPLY:-} .) >"$work/$name/again" 2>/dev/null </dev/null || true
	before=ok after=ok
	build "$work/$name/a" "$work/$name/a.log" "$configure" "$make" </dev/null || before=fails
	build "$work/$name/b" "$work/$name/b.log" "$configure" "$make" </dev/null || after=fails
	warnings "$work/$name/a.log" >"$work/$name/a.warn" || true
	warnings "$work/$name/b.log" >"$work/$name/b.warn" || true
	new=$(comm -13 "$work/$name/a.warn" "$work/$name/b.warn" | wc -l)
	tests=-
	if [ "$check" != - ] && [ $before = ok ] && [ $after = ok ]; then
		ta=ok tb=ok
		(cd "$work/$name/a" && eval "$check") >"$work/$name/a.test" 2>&1 </dev/null || ta=fails
		(cd "$work/$name/b" && eval "$check") >"$work/$name/b.test" 2>&1 </dev/null || tb=fails
		tests="$ta/$tb"
		if [ $ta = ok ] && [ $tb != ok ]; then failed=$((failed + 1)); fi
	fi
	sum=$(tail -n 1 "$work/$name/apply")
	again=empty; [ -s "$work/$name/again" ] && again=NOT-EMPTY
	echo "$name: build $before/$after, new warnings $new, tests $tests, second apply $again; ${sum#keepatch: }"
	done=$((done + 1))
	if [ $before = ok ] && [ $after != ok ] || [ "$new" -gt 0 ] || [ $again != empty ]; then failed=$((failed + 1)); fi
done <"$work/recipes"
echo "$done packages, $failed with trouble"
[ $failed -eq 0 ]
