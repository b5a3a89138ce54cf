import { Tokenization } from 'cdktf';
import { Reference } from './reference';

/** How CDKTF writes a reference into a string until it resolves it. */
const TOKEN = /(\$\{TfToken\[[A-Za-z0-9._:-]+\]\})/;

/**
 * `${` and `%{` open a template in Terraform; with the first character doubled they stand for themselves. Two are
 * wrapped instead: a `$` or `%` at the end, because what comes next may begin with `{` or be a reference, and an
 * opener that is never closed, because CDKTF would take a reference after it for a part of that template.
 */
function escapeTemplates(literal: string): string {
  return literal.replace(/[$%]+(?=\{|$)/g, (run: string, at: number) =>
    isClosed(literal, at + run.length) ? run + run.at(-1) : `\${"${run}"}`,
  );
}

/** Whether there is a brace at a place of a text, and its counterpart after it. */
function isClosed(text: string, from: number): boolean {
  let depth = 0;
  for (const character of text.slice(from)) {
    if (character === '{') depth++;
    if (depth === 0) return false;
    if (character === '}' && --depth === 0) return true;
  }
  return false;
}

/**
 * Text as Terraform must see it so that it arrives byte for byte: template openers in the literal parts
 * are escaped, references (CDKTF tokens) stay references. Call it exactly once on a text, in the code
 * that puts the text into a resource; rendered texts and references may be joined. It is for attributes: as
 * an argument of a CDKTF function (`Fn.jsonencode`) escapes are not understood.
 */
export function renderLiteral(text: string): string {
  return text
    .split(TOKEN)
    .map((part, index) => (index % 2 === 1 ? part : escapeTemplates(part)))
    .join('');
}

/**
 * {@link renderLiteral} of every text in a value, and of the keys of its objects: Terraform reads those as templates, too.
 * @throws MlterraError where an output or a secret is in it, which has no text without a scope
 */
export function renderLiterals(value: unknown): unknown {
  if (typeof value === 'string') return renderLiteral(value);
  if (Array.isArray(value)) return value.map(renderLiterals);
  if (typeof value !== 'object' || value === null || Tokenization.isResolvable(value)) return value;
  if (value instanceof Reference) return value.toString();
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [renderLiteral(key), renderLiterals(child)]),
  );
}
