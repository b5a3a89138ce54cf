#!/bin/sh
# As the public image's: options, and commands of traefik, go to traefik; other programs are run as they are.
set -eu
if [ "${1#-}" != "$1" ] || { [ "$#" -gt 0 ] && traefik "$1" --help >/dev/null 2>&1; }; then set -- traefik "$@"; fi
exec "$@"
