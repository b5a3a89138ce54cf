import type { ProbeFacts } from '@mlterra/testing/contracts';

const HTTP = /http:\/\/127\.0\.0\.1:(\d+)(\/[^'\s]*)/;
const TCP = /\/dev\/tcp\/127\.0\.0\.1\/(\d+)/;

/** What a health check asks. */
export function readinessProbe([kind, ...rest]: readonly string[]): ProbeFacts | undefined {
  if (kind === 'CMD') return { command: rest };
  const [script = ''] = rest;
  const http = HTTP.exec(script);
  if (http !== null) return { port: Number(http[1]), path: http[2] };
  const tcp = TCP.exec(script);
  return tcp === null ? undefined : { port: Number(tcp[1]) };
}
