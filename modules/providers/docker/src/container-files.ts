import { posix } from 'node:path';
import type { ContainerUpload } from '@cdktf/provider-docker/lib/container';
import { renderLiteral, valueParts, type Value } from '@mlterra/core';
import type { Construct } from 'constructs';
import { fileEmpty, fileMisplaced } from './errors';
import { renderText } from './render-text';

/** Folder that every container may write to. */
export const TEMPORARY = '/tmp';

/** Files of a container, and the folders they are in: each is a volume, as Docker puts nothing into a read-only root. */
export interface ContainerFiles {
  readonly folders: readonly string[];
  readonly uploads: readonly ContainerUpload[];
}

/** @param volumes mount paths of the container's volumes */
export function containerFiles(
  scope: Construct,
  container: string,
  files: Readonly<Record<string, Value>>,
  volumes: readonly string[],
): ContainerFiles {
  const { path } = scope.node;
  for (const [file, value] of Object.entries(files)) {
    const folder = posix.dirname(file);
    if (folder === '/') throw fileMisplaced(path, container, file, 'it is in the root of the file system');
    const inside = [TEMPORARY, ...volumes].find((mount) => `${folder}/`.startsWith(`${mount}/`));
    if (inside !== undefined) throw fileMisplaced(path, container, file, `${inside} is a volume`);
    if (valueParts(value).every((part) => part === '')) throw fileEmpty(path, container, file);
  }
  return {
    folders: [...new Set(Object.keys(files).map((file) => posix.dirname(file)))].sort(),
    uploads: Object.entries(files).map(([file, value]) => ({
      file: renderLiteral(file),
      content: renderText(scope, value),
      permissions: '0444',
    })),
  };
}
