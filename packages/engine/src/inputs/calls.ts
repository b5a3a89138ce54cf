import type { Template, Token } from './tokens';

/** A function that an expression calls. */
export interface Call {
  /** `file`, `provider::local::direxists` */
  readonly name: string;
  /** Tokens of each argument. */
  readonly arguments: readonly (readonly Token[])[];
}

/** Every function call of an expression, also in the texts and the arguments of others. */
export function callsIn(tokens: readonly Token[]): readonly Call[] {
  const found: Call[] = [];
  const code = tokens.filter(({ kind }) => kind !== 'newline');
  code.forEach((token, index) => {
    if (token.kind === 'template') found.push(...callsInTemplate(token.parts));
    if (token.kind !== 'word' || !isMark(code[index + 1], '(')) return;
    // Since Terraform 1.8, a function of its own may be called by its namespace, too.
    found.push({
      name: nameAt(code, index).replace(/^core::/, ''),
      arguments: argumentsFrom(code, index + 2),
    });
  });
  return found;
}

export function callsInTemplate(parts: Template): readonly Call[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : callsIn(part)));
}

/** Attributes of `path` that an expression reads: `cwd`, `module`, `root`. */
export function pathsIn(tokens: readonly Token[]): readonly string[] {
  return tokens.flatMap((token, index) => {
    if (token.kind === 'template') return pathsInTemplate(token.parts);
    const [dot, attribute] = [tokens[index + 1], tokens[index + 2]];
    const isPath = token.kind === 'word' && token.text === 'path' && !isMark(tokens[index - 1], '.');
    return isPath && isMark(dot, '.') && attribute?.kind === 'word' ? [attribute.text] : [];
  });
}

export function pathsInTemplate(parts: Template): readonly string[] {
  return parts.flatMap((part) => (typeof part === 'string' ? [] : pathsIn(part)));
}

/** A text that is known without running anything; `path.module` and the like are given. */
export function literalOf(
  tokens: readonly Token[] | undefined,
  paths: Readonly<Record<string, string>> = {},
): string | undefined {
  const [token, ...rest] = tokens ?? [];
  return token?.kind === 'template' && rest.length === 0 ? textOf(token.parts, paths) : undefined;
}

/** The same of a template. */
export function textOf(template: Template, paths: Readonly<Record<string, string>> = {}): string | undefined {
  const parts = template.map((part) => {
    if (typeof part === 'string') return part;
    const [attribute, ...others] = pathsIn(part);
    return part.length === 3 && others.length === 0 && attribute !== undefined ? paths[attribute] : undefined;
  });
  return parts.includes(undefined) ? undefined : parts.join('');
}

function nameAt(code: readonly Token[], index: number): string {
  const token = code[index] as { readonly text: string };
  if (!isMark(code[index - 1], '::') || code[index - 2]?.kind !== 'word') return token.text;
  return `${nameAt(code, index - 2)}::${token.text}`;
}

function argumentsFrom(code: readonly Token[], start: number): readonly (readonly Token[])[] {
  const found: Token[][] = [[]];
  for (let index = start, depth = 0; index < code.length; index++) {
    const token = code[index]!;
    const mark = token.kind === 'mark' ? token.text : '';
    if (depth === 0 && mark === ')') break;
    if (depth === 0 && mark === ',') {
      found.push([]);
      continue;
    }
    if ('([{'.includes(mark) && mark !== '') depth++;
    if (')]}'.includes(mark) && mark !== '') depth--;
    found.at(-1)!.push(token);
  }
  return found;
}

export function isMark(token: Token | undefined, text: string): boolean {
  return token?.kind === 'mark' && token.text === text;
}
