#!/bin/sh
# Runs the project of a machine: /etc/mlterra/compose.json and what lies beside it, written by cloud-init.
#   setup   installs what is missing, then brings up the project, or what changed of it; cloud-init calls it
#   up      brings up the project, or what changed of it
#   stop    stops its containers
#   check   mends what is down; ends with 1 while something is
#   answer  answers a request of HTTP: 200 if the last check found everything well
#   compose passes its arguments to Compose, e.g. `compose ps`
set -eu
umask 077

folder=/etc/mlterra
volumes=/var/lib/mlterra/volumes
project=mlterra
lock=/run/mlterra.lock
# There while everything is well.
well_file=/run/mlterra-well

say() { printf 'mlterra: %s\n' "$*" >&2; }

# One row of the manifest each: kind, then what belongs to it, with tabs between.
manifest() { awk -F '\t' -v kind="$1" '$1 == kind { sub(/^[^\t]*\t/, ""); print }' "$folder/manifest"; }

retry() {
  attempt=1
  until "$@"; do
    if [ "$attempt" -ge 10 ]; then return 1; fi
    say "failed, trying again: $*"
    attempt=$((attempt + 1))
    sleep 6
  done
}

apt_get() { DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@"; }

has_compose() { docker compose version >/dev/null 2>&1 || command -v docker-compose >/dev/null 2>&1; }

# Debian and Ubuntu name Compose differently from release to release; the first that there is will do.
install_compose() {
  for name in docker-compose-v2 docker-compose-plugin docker-compose; do
    if [ -n "$(apt-cache --quiet=0 policy "$name" 2>/dev/null | awk '/Candidate:/ && $2 != "(none)"')" ]; then
      retry apt_get install --yes --quiet --no-install-recommends "$name"
      return
    fi
  done
  say 'there is no package with Compose'
  return 1
}

install_missing() {
  wanted=''
  command -v dockerd >/dev/null 2>&1 || wanted="docker.io iptables"
  [ -e /usr/bin/unattended-upgrade ] || wanted="$wanted unattended-upgrades"
  if [ -z "$wanted" ] && has_compose; then return; fi
  if ! command -v apt-get >/dev/null 2>&1; then
    say 'only machines with apt can install what is missing: take an image that has Docker and Compose'
    return 1
  fi
  retry apt_get update --quiet
  # shellcheck disable=SC2086
  if [ -n "$wanted" ]; then retry apt_get install --yes --quiet --no-install-recommends $wanted; fi
  has_compose || install_compose
}

setup() {
  install_missing
  systemctl daemon-reload
  systemctl try-restart systemd-journald.service
  systemctl enable --quiet docker.service mlterra.service mlterra-health.timer mlterra-answer.socket
  systemctl start mlterra-health.timer mlterra-answer.socket
  systemctl reload-or-restart mlterra.service
}

wait_for_engine() {
  for _ in $(seq 60); do
    if docker info >/dev/null 2>&1; then return; fi
    sleep 1
  done
  say 'the container engine does not answer'
  return 1
}

# cloud-init knows no users by number, and leaves files that an earlier version had.
own_files() {
  chmod 0700 "$folder"
  find "$folder/files" -type f 2>/dev/null | while IFS= read -r path; do
    manifest file | cut -f 2- | grep -qxF "${path#"$folder"/}" || rm -f "$path"
  done
  manifest file | while IFS="$(printf '\t')" read -r user path; do
    chown "$user:$user" "$folder/$path"
    chmod 0440 "$folder/$path"
  done
}

make_volumes() {
  manifest volume | while IFS= read -r name; do mkdir -p "$volumes/$name"; done
}

# Secrets are in the environment of Compose, which only root can read: never in a command line.
compose() (
  set -a
  . "$folder/secrets.env"
  set +a
  cd "$folder"
  if docker compose version >/dev/null 2>&1; then
    exec docker compose --project-name "$project" --file compose.json "$@"
  fi
  exec docker-compose --project-name "$project" --file compose.json "$@"
)

up() {
  wait_for_engine
  own_files
  make_volumes
  compose up --detach --remove-orphans --quiet-pull
}

# Name, state, id and status of every container, e.g. `mlflow running 0123 Up 5 minutes (healthy)`.
containers() {
  docker ps --all --filter "label=com.docker.compose.project=$project" \
    --format '{{.Label "com.docker.compose.service"}} {{.State}} {{.ID}} {{.Status}}'
}

check() {
  docker info >/dev/null 2>&1 || {
    say 'the container engine does not answer: it is restarted'
    systemctl restart docker.service
    wait_for_engine
  }
  found=$(containers)
  down=false
  starting=false
  for name in $(manifest workload); do
    row=$(printf '%s\n' "$found" | awk -v name="$name" '$1 == name' | head -n 1)
    # shellcheck disable=SC2086
    set -- $row
    case "${2:-missing} $row" in
    *'(unhealthy)')
      say "$name does not answer: it is restarted"
      down=true
      docker restart "$3" >/dev/null || true
      ;;
    *'(health: starting)') starting=true ;;
    running\ *) ;;
    restarting\ *)
      say "$name ends again and again"
      down=true
      ;;
    *)
      say "$name is ${2:-missing}: it is brought up"
      down=true
      compose up --detach "$name" >/dev/null || true
      ;;
    esac
  done
  if [ "$down$starting" = falsefalse ]; then
    (umask 022 && : >"$well_file")
  else
    rm -f "$well_file"
  fi
  [ "$down" = false ]
}

answer() {
  while IFS= read -r line && [ "${line%?}" != '' ]; do :; done
  status='503 Service Unavailable'
  if [ -e "$well_file" ]; then status='200 OK'; fi
  printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n' "$status"
}

case "${1:-}" in
setup) setup ;;
up)
  exec 9>"$lock"
  flock 9
  up
  ;;
stop) compose stop ;;
check)
  exec 9>"$lock"
  # Somebody brings up the project at this moment.
  flock --nonblock 9 || exit 0
  check
  ;;
answer) answer ;;
compose)
  shift
  compose "$@"
  ;;
*)
  say 'give one of: setup up stop check answer compose'
  exit 64
  ;;
esac
