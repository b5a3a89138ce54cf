import { spawn } from 'node:child_process';
import { commandFailed } from '../errors';
import { findProgram } from '../docker/prerequisites';

/** Runs the client of a Docker engine and returns what it printed, trimmed. */
export type DockerCli = (...args: readonly string[]) => Promise<string>;

const KEPT_OUTPUT = 4000;

/** @param host value for `DOCKER_HOST` */
export function dockerCli(host: string): DockerCli {
  return (...args) =>
    new Promise((resolve, reject) => {
      const child = spawn(findProgram('docker') ?? 'docker', args, {
        // The client of Debian builds without BuildKit, others have to be told.
        env: { PATH: process.env['PATH'], DOCKER_HOST: host, DOCKER_BUILDKIT: '0' },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let printed = '';
      let errors = '';
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => (printed += chunk));
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (errors += chunk));
      child.on('error', reject);
      child.on('close', (code) => {
        if (code === 0) resolve(printed.trim());
        else reject(commandFailed(`docker ${args[0]}`, (printed + errors).slice(-KEPT_OUTPUT)));
      });
    });
}
