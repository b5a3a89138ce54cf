import { readFileSync } from 'node:fs';
import { bindingBroken, sourceMapBroken, sourceMapMissing } from './errors';

const MARK = '//# sourceMappingURL=data:application/json';

/** The TypeScript a compiled file of a binding was made from, out of its inline source map. */
export function originalSource(file: string): string {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw bindingBroken(file, error);
  }
  const mark = text.lastIndexOf(MARK);
  const start = mark < 0 ? -1 : text.indexOf('base64,', mark);
  if (start < 0) throw sourceMapMissing(file);
  const json = Buffer.from(text.slice(start + 'base64,'.length).trim(), 'base64').toString('utf8');
  let map: { readonly sourcesContent?: readonly unknown[] } | null;
  try {
    map = JSON.parse(json) as { readonly sourcesContent?: readonly unknown[] } | null;
  } catch (error) {
    throw sourceMapBroken(file, 'it is no JSON', error);
  }
  const source = map?.sourcesContent?.[0];
  if (typeof source !== 'string') throw sourceMapMissing(file);
  return source;
}
