import { renderLiteral, type Container, type Probe } from '@mlterra/core';
import type { ContainerHealthcheck } from '@cdktf/provider-docker/lib/container';

const DEFAULT_START_SECONDS = 120;

/** How long the first start of a container may take. */
export function startSeconds({ probe }: Container): number {
  return probe?.startSeconds ?? DEFAULT_START_SECONDS;
}

/** The health check that the engine runs inside of a container; undefined where it has no probe. */
export function healthCheck(container: Container): ContainerHealthcheck | undefined {
  const { probe } = container;
  if (probe === undefined) return undefined;
  return {
    test: question(probe, container.ports?.[probe.port ?? '']?.port ?? 0).map(renderLiteral),
    interval: goDuration(5),
    timeout: goDuration(10),
    startPeriod: goDuration(startSeconds(container)),
    retries: 4,
  };
}

function question(probe: Probe, port: number): readonly string[] {
  if (probe.command !== undefined) return ['CMD', ...probe.command];
  return ['CMD-SHELL', probe.httpPath === undefined ? askPort(port) : askUrl(port, probe.httpPath)];
}

/** Asks a URL with whatever the image has. */
function askUrl(port: number, path: string): string {
  const url = quote(`http://127.0.0.1:${port}${path}`);
  const request = quote(
    `GET ${path.replaceAll('%', '%%')} HTTP/1.0\\r\\nHost: 127.0.0.1:${port}\\r\\n\\r\\n`,
  );
  return chain([
    ['curl', `curl -fsS -o /dev/null -m 8 ${url}`],
    ['wget', `wget -q -T 8 -O /dev/null ${url}`],
    [
      'bash',
      `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port} && printf "$1" >&3 && read -r _ status _ <&3 && [ "$status" = 200 ]' ask ${request}`,
    ],
    ['python3', `python3 -c 'import sys, urllib.request as u; u.urlopen(sys.argv[1], timeout=8)' ${url}`],
  ]);
}

/** Connects to a port with whatever the image has. */
function askPort(port: number): string {
  return chain([
    ['bash', `bash -c 'exec 3<>/dev/tcp/127.0.0.1/${port}'`],
    ['nc', `nc -z -w 8 127.0.0.1 ${port}`],
    ['python3', `python3 -c 'import socket; socket.create_connection(("127.0.0.1", ${port}), 8)'`],
  ]);
}

function chain(ways: readonly (readonly [program: string, command: string])[]): string {
  const tried = ways.map(([program, command]) => `if command -v ${program} >/dev/null; then ${command}`);
  const names = ways.map(([program]) => program).join(', ');
  return `${tried.join('; el')}; else echo 'the image has none of ${names}: give the probe a command'; exit 1; fi`;
}

function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Seconds as Go writes durations: the provider compares texts. */
export function goDuration(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor((seconds % 3600) / 60),
    seconds % 60,
  ];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
