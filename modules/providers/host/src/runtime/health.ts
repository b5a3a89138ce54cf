import { get } from 'node:http';
import { connect } from 'node:net';
import { LOOPBACK } from '../loopback';
import type { DesiredProbe } from '../spec';

const ANSWER_MILLISECONDS = 5_000;

/** What is wrong with a process, asked once; undefined when it is well. */
export function askProbe(probe: DesiredProbe): Promise<string | undefined> {
  switch (probe.kind) {
    case 'none':
      return Promise.resolve(undefined);
    case 'tcp':
      return askTcp(probe.port);
    case 'http':
      return askHttp(probe.port, probe.httpPath);
  }
}

function askTcp(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: LOOPBACK, port, timeout: ANSWER_MILLISECONDS });
    const end = (problem?: string) => {
      socket.destroy();
      resolve(problem);
    };
    socket
      .once('connect', () => end())
      .once('timeout', () => end(`does not answer on port ${port}`))
      .once('error', () => end(`does not listen on port ${port}`));
  });
}

function askHttp(port: number, path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    // No agent: a connection that is kept open would keep this process alive.
    const request = get(
      { host: LOOPBACK, port, path, agent: false, timeout: ANSWER_MILLISECONDS },
      (response) => {
        response.resume();
        resolve(
          response.statusCode === 200 ? undefined : `answers ${response.statusCode} on port ${port}${path}`,
        );
        request.destroy();
      },
    );
    request.once('timeout', () => request.destroy(new Error('timeout')));
    request.once('error', (error) =>
      resolve(
        error.message === 'timeout'
          ? `does not answer on port ${port}${path}`
          : `does not listen on port ${port}`,
      ),
    );
  });
}
