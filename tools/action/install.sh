#!/usr/bin/env bash
# usage: install.sh RELEASES VERSION DIR
#
# Downloads keepatch for this machine from a release into DIR and compares it with the release's
# checksums. RELEASES is the address of the repository's releases; VERSION is a tag such as v1.2.3,
# or latest.
# Status: 0 installed; 3 there is no such release, or none for this machine; else an error.
set -euo pipefail
releases=$1 version=$2 dir=$3
base=$releases/download/$version
[ "$version" != latest ] || base=$releases/latest/download
os=$(uname -s | tr '[:upper:]' '[:lower:]')
case $(uname -m) in
  x86_64 | amd64) arch=amd64 ;;
  aarch64 | arm64) arch=arm64 ;;
  *) arch=$(uname -m) ;;
esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if ! curl -fsSL --retry 3 -o "$work/checksums.txt" "$base/checksums.txt" 2>"$work/curl"; then
  echo "keepatch: no release $version: $(head -n 1 "$work/curl")" >&2
  exit 3
fi
# The names in the list hold the version, which "latest" does not tell.
name=$(awk -v end="_${os}_$arch.tar.gz" '$2 ~ /^keepatch_/ && substr($2, length($2) - length(end) + 1) == end { print $2 }' "$work/checksums.txt")
if [ -z "$name" ]; then
  echo "keepatch: release $version has no build for $os on $arch" >&2
  exit 3
fi
curl -fsSL --retry 3 -o "$work/$name" "$base/$name"
want=$(awk -v name="$name" '$2 == name { print $1 }' "$work/checksums.txt")
got=$(if command -v sha256sum >/dev/null; then sha256sum "$work/$name"; else shasum -a 256 "$work/$name"; fi | cut -d ' ' -f 1)
if [ "$want" != "$got" ]; then
  echo "keepatch: $name is not what checksums.txt lists: $got, want $want" >&2
  exit 1
fi
mkdir -p "$dir"
tar -xzf "$work/$name" -C "$dir" keepatch
