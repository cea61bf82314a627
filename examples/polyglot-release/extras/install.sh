#!/bin/sh
# Puts greet into ~/.local/bin: sh install.sh linux-amd64
set -eu

target=${1:?"usage: install.sh linux-amd64|darwin-arm64"}
folder=${GREET_FOLDER:-$HOME/.local/bin}
mkdir -p "$folder"
curl -fsSL "https://github.com/example/greet/releases/download/v1.0.0/greet-$target" -o "$folder/greet"
chmod 755 "$folder/greet"
