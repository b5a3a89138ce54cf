import { shellQuote } from './shell-quote';

/** How long leftovers may take to end by themselves, in fifths of a second. */
const PATIENCE = 25;

/**
 * Shell commands that end what an earlier start of the same process has left behind. A process killed by force
 * leaves its children, which would hold its port against its successor. They are known by the variables that
 * every process hands on; the script itself must not have exported them yet. Only Linux shows the variables of
 * other processes as files; elsewhere the commands do nothing.
 */
export function endLeftovers(fullName: string, dataRoot: string): string {
  const name = shellQuote(`MLTERRA_PROCESS=${fullName}`);
  const data = shellQuote(`MLTERRA_PROCESS_DATA=${dataRoot}`);
  return [
    'leftovers() {',
    `  grep -lzxF ${name} /proc/[0-9]*/environ 2>/dev/null | while read -r environ; do`,
    `    if grep -qzxF ${data} "$environ" 2>/dev/null; then environ=\${environ#/proc/}; echo "\${environ%/environ}"; fi`,
    '  done || :',
    '}',
    'for signal in TERM KILL; do',
    '  left=$(leftovers)',
    '  [ -n "$left" ] || break',
    '  kill -s "$signal" $left 2>/dev/null || :',
    '  tries=0',
    `  while [ -n "$(leftovers)" ] && [ "$tries" -lt ${PATIENCE} ]; do sleep 0.2; tries=$((tries + 1)); done`,
    'done',
  ].join('\n');
}
