#!/bin/sh
# As the public image's: options and files of settings go to valkey-server, which root runs as valkey. Clients from
# elsewhere need no password unless settings ask for one: the public image is built so, Debian's program is not.
set -eu
if [ "${1#-}" != "$1" ] || [ "${1%.conf}" != "$1" ]; then set -- valkey-server "$@"; fi
if [ "$1" = valkey-server ]; then
  shift
  if [ "$#" -gt 0 ] && [ "${1#-}" = "$1" ]; then
    file="$1"
    shift
    set -- "$file" --protected-mode no "$@"
  else
    set -- --protected-mode no "$@"
  fi
  set -- valkey-server "$@"
  if [ "$(id -u)" = 0 ]; then
    chown -R valkey:valkey .
    exec setpriv --reuid=valkey --regid=valkey --clear-groups "$@"
  fi
fi
exec "$@"
