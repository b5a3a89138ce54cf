import { connect, createServer } from 'node:net';
import { LOOPBACK } from '../loopback';

const ANSWER_MILLISECONDS = 5_000;

export type PortState = 'free' | 'in use' | 'forbidden';

/** Whether something could listen on this port of the loopback address now. */
export async function portState(port: number): Promise<PortState> {
  // Listening alone is not enough: some systems let two sockets share a port at different addresses.
  if (await answers(port)) return 'in use';
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EACCES' ? 'forbidden' : 'in use'),
    );
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => server.close(() => resolve('free')));
  });
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: LOOPBACK, timeout: ANSWER_MILLISECONDS });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    // Who listens but takes no connections holds the port too.
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(true))
      .once('error', () => end(false));
  });
}
