#!/usr/bin/env bash
# usage: fetch.sh DIR [PACKAGES [NAME...]]
#
# Brings Debian source packages, unpacked with their patches, into DIR/NAME: those that the
# file PACKAGES lists ("NAME VERSION" a line; default: packages.txt beside this script), or of
# them only the NAMEs. What is there already is left as it is. The VERSION
# github:OWNER/REPOSITORY@COMMIT is the tree of that commit.
#
# Needs Debian or Ubuntu with apt-get, dpkg-source (package dpkg-dev) and a mirror within reach,
# and curl for GitHub. Nothing of the system is changed: where its apt knows no source packages,
# lists of our own are kept in DIR/.apt. A package that cannot be had is named on stderr and left
# out, and the status is 1.
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ $# -eq 0 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
into=$1
packages=${2:-$here/packages.txt}
shift $(($# < 2 ? $# : 2))
for tool in apt-get apt-cache dpkg-source; do
  if ! command -v "$tool" >/dev/null; then
    echo "fetch.sh: needs $tool (Debian: apt-get install dpkg-dev)" >&2
    exit 2
  fi
done
mkdir -p "$into" || exit 2
into=$(cd "$into" && pwd)
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# apt's options; with lists of our own they turn it away from the system's.
apt=()
sources() {
  apt-cache "${apt[@]}" showsrc tinyproxy 2>/dev/null | grep -q '^Package:'
}
prepare() {
  [ -n "${prepared-}" ] && return
  prepared=yes
  sources && return
  local own=$into/.apt f
  mkdir -p "$own/parts" "$own/lists/partial" "$own/cache/archives/partial"
  for f in /etc/apt/sources.list.d/*.sources; do
    [ -f "$f" ] && sed 's/^Types:.*/Types: deb-src/' "$f" >"$own/parts/$(basename "$f")"
  done
  for f in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [ -f "$f" ] && sed -n 's/^deb\(-src\)\{0,1\} /deb-src /p' "$f" >"$own/parts/$(basename "$f" .list).list"
  done
  apt=(-o "Dir::Etc::SourceList=/dev/null" -o "Dir::Etc::SourceParts=$own/parts"
    -o "Dir::State::Lists=$own/lists" -o "Dir::Cache=$own/cache" -o "APT::Sandbox::User=")
  sources || apt-get "${apt[@]}" update -qq >"$tmp/update.log" 2>&1 || cat "$tmp/update.log" >&2
}

# fetch downloads and unpacks one package, in a folder of its own, and moves it into place whole.
fetch() {
  local pkg=$1 version=$2 dsc
  mkdir "$tmp/$pkg"
  cd "$tmp/$pkg" || return
  if ! apt-get "${apt[@]}" source --download-only -qq "$pkg=$version" </dev/null >/dev/null 2>&1; then
    apt-get "${apt[@]}" source --download-only -qq "$pkg" </dev/null >/dev/null 2>&1
  fi
  dsc=$(ls "${pkg}"_*.dsc 2>/dev/null | head -n 1)
  if [ -n "$dsc" ]; then
    if ! grep -qxF "Version: $version" "$dsc"; then
      echo "fetch.sh: $pkg: $version is gone; took $(sed -n 's/^Version: //p' "$dsc"), whose lines may differ from the labels" >&2
    fi
    dpkg-source --no-check -x "$dsc" tree </dev/null >/dev/null 2>&1
  fi
  # Where only the packaging's own archive is missing, dpkg-source fails, yet has unpacked the
  # upstream tree, and that is what was labelled.
  if [ -z "$(find tree -name '*.c' -print -quit 2>/dev/null)" ]; then
    return 1
  fi
  # quilt's memory holds the files as they were before Debian's patches: each call would be
  # there twice.
  rm -rf tree/.pc
  mv tree "$into/$pkg"
}

# fetchTree does the same for the tree of a commit.
fetchTree() {
  local pkg=$1 repository=${2%@*} commit=${2##*@}
  mkdir -p "$tmp/$pkg/tree"
  curl -fsSL "https://codeload.github.com/$repository/tar.gz/$commit" |
    tar -xz -C "$tmp/$pkg/tree" --strip-components=1 || return
  mv "$tmp/$pkg/tree" "$into/$pkg"
}

status=0
for name in "$@"; do
  if ! grep -q "^$name " "$packages"; then
    echo "fetch.sh: $packages has no $name" >&2
    status=1
  fi
done
while read -r pkg version; do
  case $pkg in '' | '#'*) continue ;; esac
  if [ $# -gt 0 ] && ! printf '%s\n' "$@" | grep -qxF -- "$pkg"; then
    continue
  fi
  [ -d "$into/$pkg" ] && continue
  case $version in
    github:*) (fetchTree "$pkg" "${version#github:}") ;;
    *) prepare && (fetch "$pkg" "$version") ;;
  esac || {
    echo "fetch.sh: left out: $pkg $version" >&2
    status=1
  }
  rm -rf "${tmp:?}/$pkg"
done <"$packages"
exit $status
