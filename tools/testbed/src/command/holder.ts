/*
 * Holds one server for `npm run testbed -- up`, until it is told to end by SIGTERM.
 * Argument: name of the server. Prints what it does; the record appears when the server answers.
 */
import { removeRecord, writeRecord } from './records';
import { isServerName, serverKind } from './servers';

async function main(name: string | undefined): Promise<void> {
  if (name === undefined || !isServerName(name)) throw new Error(`No server ${name}.`);
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  // Waiting for a signal alone does not keep the process.
  const alive = setInterval(() => undefined, 1 << 30);
  try {
    const server = await serverKind(name).start((text) => console.log(text));
    writeRecord(name, { pid: process.pid, exports: server.exports });
    await asked;
    await server.stop();
  } finally {
    removeRecord(name);
    clearInterval(alive);
  }
}

main(process.argv[2]).then(
  () => process.exit(0),
  (error: Error) => {
    console.error(error.message);
    process.exit(1);
  },
);
