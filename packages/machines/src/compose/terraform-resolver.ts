import { renderLiteral } from '@mlterra/core';
import { Fn, Token } from 'cdktf';
import type { Construct } from 'constructs';
import type { ValueResolver } from './value-resolver';

/**
 * Writes values as Terraform templates, for attributes of resources and locals in the stack of `scope`.
 * Secrets are sensitive references.
 * @param filesLocal name of a local with the contents of the project's files by path
 */
export function terraformResolver(scope: Construct, filesLocal: string): ValueResolver {
  return {
    literal: renderLiteral,
    output: (output) => output.at(scope),
    secret: (secret) => secret.valueAt(scope),
    doubleDollars: (text) =>
      Token.isUnresolved(text) ? Fn.replace(text, '$', '$$') : text.replaceAll('$', '$$$$'),
    digest: (files) => {
      const contents = files.map(({ path }) => `local.${filesLocal}[${JSON.stringify(renderLiteral(path))}]`);
      return `\${sha256(jsonencode([${contents.join(', ')}]))}`;
    },
  };
}
