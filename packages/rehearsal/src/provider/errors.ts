import { MlterraError } from '@mlterra/core';
import type { DroppedAttribute } from './dropped-attributes';

export function socketPathTooLong(socket: string, bytes: number): MlterraError {
  return new MlterraError({
    code: 'rehearsal-socket-path',
    message: `The path of the socket ${socket} is too long for the operating system.`,
    expected: `at most ${bytes} bytes`,
    remedy: 'Set TMPDIR to a folder with a shorter path.',
  });
}

export function attributesDropped(found: readonly DroppedAttribute[]): MlterraError {
  const [first] = found;
  const places = found.map(({ address, path }) => `${address}: ${path}`);
  return new MlterraError({
    code: 'rehearsal-attribute-dropped',
    message: `Terraform would drop without a word what no object has: ${places.join(', ')}.`,
    expected: `in ${first?.path.replace(/\.[^.]*$/, '')} only ${first?.known.join(', ')}`,
    remedy: 'rename the attribute or take it out',
  });
}
