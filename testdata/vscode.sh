#!/usr/bin/env bash
# usage: vscode.sh DIR
#
# Installs code-server, which is VS Code for a browser, from npm into DIR for TestVSCode of lsp.
# Its own install script also builds Kerberos and downloads ripgrep, which an editor can do without.
set -euo pipefail
mkdir -p "$1"
cd "$1"
# Headers of Node that a distribution brings need not be downloaded.
[ ! -d /usr/include/node ] || export npm_config_nodedir=/usr
npm install --silent --no-fund --no-audit --ignore-scripts code-server@4.100.3 # the last for Node 20
npm rebuild --silent argon2
cd node_modules/code-server/lib/vscode
npm install --silent --no-fund --no-audit --ignore-scripts --omit=dev
# The terminal's own script fails outside of VS Code's tree once it is built.
npm rebuild --silent @parcel/watcher @vscode/spdlog native-watchdog
npm rebuild --silent node-pty || [ -f node_modules/node-pty/build/Release/pty.node ]
mkdir -p node_modules/@vscode/ripgrep/bin
ln -sf "$(command -v rg)" node_modules/@vscode/ripgrep/bin/rg
