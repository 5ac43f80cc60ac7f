#!/usr/bin/env bash
# usage: need.sh TOOL|HEADER.h...
#
# Sees to it that the tools and C headers are there: installs what is missing on Debian and its kin when run
# as root, and otherwise says what to install. The tests that need a missing tool are skipped,
# so the status is 0 either way.
set -u
missing=()
for tool in "$@"; do
  case $tool in
    eglot) emacs --batch -q --eval "(require 'eglot)" 2>/dev/null || missing+=("$tool") ;;
    *.h) echo "#include <$tool>" | gcc -E -x c -o /dev/null - 2>/dev/null || missing+=("$tool") ;;
    *) command -v "$tool" >/dev/null || missing+=("$tool") ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0
# A tool's package, where it has another name.
packages=()
for tool in "${missing[@]}"; do
  case $tool in
    dpkg-source) packages+=(dpkg-dev) ;;
    autoreconf) packages+=(autoconf automake libtool) ;;
    openssl/ssl.h) packages+=(libssl-dev) ;;
    rg) packages+=(ripgrep) ;;
    xmllint) packages+=(libxml2-utils) ;;
    chromedriver) packages+=(chromium-driver) ;;
    nvim) packages+=(neovim) ;;
    emacs) packages+=(emacs-nox) ;;
    eglot) # Emacs has it since 29, and Debian no package of it then
      { apt-cache show elpa-eglot || { apt-get update && apt-cache show elpa-eglot; }; } >/dev/null 2>&1 && packages+=(elpa-eglot)
      ;;
    node) packages+=(nodejs npm) ;;
    *) packages+=("$tool") ;;
  esac
done
if command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  log=$(mktemp)
  if DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}" >"$log" 2>&1 ||
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${packages[@]}"; } >"$log" 2>&1; then
    rm -f "$log"
    exit 0
  fi
  tail -n 5 "$log" >&2
  rm -f "$log"
fi
echo "missing: ${missing[*]} (Debian: apt-get install ${packages[*]}); the tests that need them are skipped" >&2
