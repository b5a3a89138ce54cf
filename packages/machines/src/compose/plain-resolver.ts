import { createHash } from 'node:crypto';
import type { Secret, StackOutput } from '@mlterra/core';
import type { ValueResolver } from './value-resolver';

export interface PlainResolverProps {
  readonly output: (output: StackOutput) => string;
  readonly secret: (secret: Secret) => string;
}

/** Writes values as they are, for a project that Terraform has no part in. */
export function plainResolver(props: PlainResolverProps): ValueResolver {
  return {
    literal: (text) => text,
    output: props.output,
    secret: props.secret,
    doubleDollars: (text) => text.replaceAll('$', '$$$$'),
    digest: (files) =>
      createHash('sha256')
        .update(JSON.stringify(files.map(({ path, content }) => [path, content])))
        .digest('hex'),
  };
}
