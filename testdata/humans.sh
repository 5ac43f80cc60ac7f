#!/bin/bash
# humans.sh lays out what humans.tsv names, for judging patches against those that people wrote.
#
# usage: humans.sh GITDIRS OUT [ID...]
#
# GITDIRS holds a clone of each repository, bare or not, as owner/name, owner/name.git, owner+name or owner+name/repo.
# For each row, OUT/ID gets:
#   parent/      the tree before the commit; of a large one only the sources and build files
#   human.diff   the hunks of the commit that are about keepalive, and all hunks of a file with few changes
#   full.diff    the whole commit
#   site.txt     file:line function
# Nothing is fetched. A row that cannot be laid out is told on stderr, the others are done, and the exit status is 2.
set -u -o pipefail
[ $# -ge 2 ] || { sed -n '4s/^# //p' "$0" >&2; exit 2; }
table=$(dirname "$0")/humans.tsv
gitdirs=$1 out=$2
shift 2
wanted=" $* "
limit=30000 # KB of a parent tree
status=0

complain() { # LINE WHAT
	echo "humans.sh: $table:$1: $2" >&2
	status=2
}

git_dir() { # REPOSITORY: prints the git directory of its clone
	local base d
	for base in "$gitdirs/$1" "$gitdirs/$1.git" "$gitdirs/${1/\//+}" "$gitdirs/${1/\//+}/repo"; do
		for d in "$base/.git" "$base"; do
			[ -e "$d/HEAD" ] && [ -d "$d/objects" ] && { echo "$d"; return; }
		done
	done
	return 1
}

# keepalive_hunks reads a diff. Declarations and headers that the new lines need often stand in hunks of their own,
# so a source file with at most 40 changed lines is kept whole.
keepalive_hunks() {
	awk '
		function flush_hunk() {
			if (hunk != "") { all = all hunk; if (about) some = some hunk }
			hunk = ""; about = 0
		}
		function flush_file() {
			flush_hunk()
			if (some != "") printf "%s%s", head, (source && changed <= 40 ? all : some)
			head = all = some = ""; changed = 0
		}
		/^diff --git / { flush_file(); source = $NF ~ /\.(c|h|inc|y|l)$/; inhead = 1 }
		/^@@ /         { flush_hunk(); inhead = 0 }
		inhead         { head = head $0 "\n"; next }
		               { hunk = hunk $0 "\n" }
		/^[-+]/        { changed++; if (tolower($0) ~ /keep[_-]?alive|keepidle|keepintvl|keepcnt/) about = 1 }
		END            { flush_file() }'
}

# shrink drops what no C analysis reads, then tests and documentation, then the largest files, until the tree fits.
shrink() { # DIR
	local size
	fits "$1" && return
	find "$1" -type f -regextype posix-extended ! -regex \
		'.*(\.(c|h|inc|def|i|y|l|in|am|ac|m4|mk|cmake)|/(configure|[Mm]akefile[^/]*|CMakeLists\.txt|meson[^/]*|Kconfig))' -delete
	fits "$1" && return
	find "$1" -regextype posix-extended -type d -regex '.*/(docs?|tests?|testsuite|topotests)' -prune -exec rm -rf {} +
	for size in 1000 300 100; do
		fits "$1" && return
		find "$1" -type f -size +${size}k -delete
	done
}

fits() { [ "$(du -sk --apparent-size "$1" | cut -f1)" -le $limit ]; }

n=0
while IFS=$'\t' read -r id repository parent commit file line function _; do
	n=$((n + 1))
	case $id in '#'* | id) continue ;; esac
	[ "$wanted" = "  " ] || [[ $wanted == *" $id "* ]] || continue
	if ! d=$(git_dir "$repository"); then
		complain $n "no clone of $repository below $gitdirs"
		continue
	fi
	to=$out/$id
	rm -rf "$to/parent"
	mkdir -p "$to/parent"
	if ! git --git-dir="$d" archive "$parent" 2>/dev/null | tar -x -C "$to/parent" 2>/dev/null || [ ! -e "$to/parent/$file" ]; then
		complain $n "the clone of $repository has no whole tree of $parent"
		continue
	fi
	shrink "$to/parent"
	# The site's file and those that the commit changes are always there.
	{ printf '%s\0' "$file"; git --git-dir="$d" diff --name-only --no-renames --diff-filter=MDT -z "$parent" "$commit"; } |
		xargs -0 -r git --git-dir="$d" archive "$parent" -- | tar -xi -C "$to/parent"
	git --git-dir="$d" diff --no-renames "$parent" "$commit" >"$to/full.diff"
	git --git-dir="$d" diff --no-renames -U6 "$parent" "$commit" | keepalive_hunks >"$to/human.diff"
	echo "$file:$line $function" >"$to/site.txt"
	[ -s "$to/human.diff" ] || complain $n "$commit changes nothing about keepalive"
done <"$table"
exit $status
