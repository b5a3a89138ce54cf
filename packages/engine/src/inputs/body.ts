import { isMark } from './calls';
import type { Token } from './tokens';

/** What is between the braces of a block, or in a whole file. */
export interface Body {
  readonly attributes: Readonly<Record<string, readonly Token[]>>;
  readonly blocks: readonly Block[];
}

export interface Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: Body;
}

/** The blocks and attributes of a file of Terraform's native syntax. */
export function bodyOf(tokens: readonly Token[]): Body {
  const attributes: Record<string, readonly Token[]> = {};
  const blocks: Block[] = [];
  for (let at = 0; at < tokens.length;) {
    const token = tokens[at]!;
    if (token.kind !== 'word') {
      at++;
      continue;
    }
    if (isMark(tokens[at + 1], '=')) {
      const end = endOf(tokens, at + 2, ({ kind }) => kind === 'newline');
      attributes[token.text] = tokens.slice(at + 2, end);
      at = end;
      continue;
    }
    const open = endOf(tokens, at + 1, (next) => isMark(next, '{') || next.kind === 'newline');
    const close = endOf(tokens, open + 1, (next) => isMark(next, '}'));
    blocks.push({
      type: token.text,
      labels: tokens.slice(at + 1, open).flatMap(labelOf),
      body: bodyOf(tokens.slice(open + 1, close)),
    });
    at = close + 1;
  }
  return { attributes, blocks };
}

/** Index of the first token outside of brackets that fulfils the condition. */
function endOf(tokens: readonly Token[], start: number, ends: (token: Token) => boolean): number {
  let depth = 0;
  for (let at = start; at < tokens.length; at++) {
    const token = tokens[at]!;
    if (depth === 0 && ends(token)) return at;
    if (token.kind !== 'mark') continue;
    if ('([{'.includes(token.text)) depth++;
    if (')]}'.includes(token.text)) depth--;
  }
  return tokens.length;
}

function labelOf(token: Token): readonly string[] {
  if (token.kind === 'word') return [token.text];
  return token.kind === 'template' && typeof token.parts[0] === 'string' ? [token.parts[0]] : [];
}
