import { existsSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import path from 'node:path';
import type ts from 'typescript';

/** "Cannot find module '…'", in the words of the different module resolutions. */
const CODES = [2307, 2792];

/** Packages that the diagnostics miss and that are not installed where `file` would find them. */
export function missingPackages(file: string, diagnostics: readonly ts.Diagnostic[]): readonly string[] {
  const names = diagnostics.flatMap(({ code, messageText }) => {
    const text = typeof messageText === 'string' ? messageText : messageText.messageText;
    const specifier = CODES.includes(code) ? /'([^']+)'/.exec(text)?.[1] : undefined;
    const name = specifier === undefined ? undefined : packageOf(specifier);
    return name === undefined || isInstalled(file, name) ? [] : [name];
  });
  return [...new Set(names)].sort();
}

/** `@cdktf/provider-google` of `@cdktf/provider-google/lib/provider`; undefined for paths and modules of Node. */
function packageOf(specifier: string): string | undefined {
  if (isBuiltin(specifier)) return undefined;
  return /^(?:@[^/]+\/)?[a-zA-Z0-9][^/]*/.exec(specifier)?.[0];
}

function isInstalled(file: string, name: string): boolean {
  const folders = createRequire(file).resolve.paths(name) ?? [];
  return folders.some((folder) => existsSync(path.join(folder, name)));
}
