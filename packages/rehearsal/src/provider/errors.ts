import { MlterraError } from '@mlterra/core';

export function socketPathTooLong(socket: string, bytes: number): MlterraError {
  return new MlterraError({
    code: 'rehearsal-socket-path',
    message: `The path of the socket ${socket} is too long for the operating system.`,
    expected: `at most ${bytes} bytes`,
    remedy: 'Set TMPDIR to a folder with a shorter path.',
  });
}
