import type { Container, Probe } from '@mlterra/core';
import type { ComposeHealthcheck } from './document';

const DEFAULT_START_SECONDS = 120;

/**
 * Asks a port from inside of the container, by whatever program the image has: `$1` is the port, `$2` the path, which is
 * empty where a connection is enough.
 */
const ASK = `unset http_proxy HTTP_PROXY all_proxy ALL_PROXY
url="http://127.0.0.1:$1$2"
has() { command -v "$1" >/dev/null 2>&1; }
if [ -n "$2" ]; then
  if has curl; then exec curl -fsS -o /dev/null "$url"; fi
  if has wget; then exec wget -q -O /dev/null "$url"; fi
  if has python3; then exec python3 -c 'import sys, urllib.request
urllib.request.urlopen(sys.argv[1], timeout=4)' "$url"; fi
  if has bash; then exec bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1"
printf "GET %s HTTP/1.0\\r\\nHost: 127.0.0.1:%s\\r\\n\\r\\n" "$2" "$1" >&3
read -r _ status _ <&3
[ "$status" = 200 ]' bash "$1" "$2"; fi
else
  if has bash; then exec bash -c ': 3<>"/dev/tcp/127.0.0.1/$1"' bash "$1"; fi
  if has python3; then exec python3 -c 'import socket, sys
socket.create_connection(("127.0.0.1", int(sys.argv[1])), 4)' "$1"; fi
  if has nc; then exec nc -z -w 4 127.0.0.1 "$1"; fi
fi
echo "the image has no program to ask a port with: give its probe a command" >&2
exit 1
`;

/** A plain healthcheck; its strings are not escaped yet. */
export function healthcheck(container: Container): ComposeHealthcheck | undefined {
  const { probe } = container;
  if (probe === undefined) return undefined;
  return {
    test: ['CMD', ...question(container, probe)],
    interval: '10s',
    timeout: '5s',
    retries: 3,
    start_period: `${probe.startSeconds ?? DEFAULT_START_SECONDS}s`,
  };
}

function question({ ports = {} }: Container, probe: Probe): readonly string[] {
  if (probe.command !== undefined) return probe.command;
  return ['sh', '-c', ASK, 'ask', String(ports[probe.port!]!.port), probe.httpPath ?? ''];
}
