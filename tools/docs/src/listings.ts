import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A TypeScript listing of a page. */
export interface Listing {
  /** Page, relative to the root of the workspace, and line of the listing's first line. */
  readonly where: string;
  readonly source: string;
}

/** Where the pages for users are; those of the repository's own tools show no library. */
const FOLDERS = ['docs', 'environments', 'modules', 'packages'];

const SKIPPED = new Set(['node_modules', 'dist', 'out-tsc', 'coverage', 'files']);

/** All Markdown files below `folder`, hidden and generated folders left out. */
function pages(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (entry.name.startsWith('.') || SKIPPED.has(entry.name)) return [];
      const path = join(folder, entry.name);
      if (entry.isDirectory()) return pages(path);
      return entry.name.endsWith('.md') ? [path] : [];
    });
}

/** The pages for users, relative to the root of the workspace. */
export function userPages(root: string): string[] {
  return [join(root, 'README.md'), ...FOLDERS.flatMap((folder) => pages(join(root, folder)))]
    .filter((page) => existsSync(page))
    .map((page) => relative(root, page));
}

/** The listings marked `ts` of all pages for users. */
export function listings(root: string): Listing[] {
  return userPages(root).flatMap((page) => listingsOf(page, readFileSync(join(root, page), 'utf8')));
}

/** The listings marked `ts` of one page. */
export function listingsOf(page: string, markdown: string): Listing[] {
  const found: Listing[] = [];
  let open: { readonly line: number; readonly lines: string[] } | undefined;
  markdown.split('\n').forEach((line, index) => {
    if (open === undefined) {
      if (line.trim() === '```ts') open = { line: index + 2, lines: [] };
    } else if (line.trim() === '```') {
      found.push({ where: `${page}:${open.line}`, source: `${open.lines.join('\n')}\n` });
      open = undefined;
    } else {
      open.lines.push(line);
    }
  });
  return found;
}
