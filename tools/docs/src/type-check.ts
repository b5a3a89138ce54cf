import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import * as ts from 'typescript';

/** `await` at the top level, which is an error in CommonJS only: a reader may run a listing as an ES module. */
const AWAIT_IN_COMMONJS = 1309;

/** What the compiler has against the files, with the options of the workspace; one message per line. */
export function typeErrors(root: string, files: readonly string[]): string[] {
  const config = join(root, 'tsconfig.base.json');
  const { options, errors } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(config, (path) => readFileSync(path, 'utf8')).config,
    ts.sys,
    dirname(config),
  );
  const program = ts.createProgram(files, {
    ...options,
    composite: false,
    declaration: false,
    declarationMap: false,
    noEmit: true,
    types: ['node', 'jest'],
    typeRoots: [join(root, 'node_modules', '@types')],
  });
  const found = ts.getPreEmitDiagnostics(program).filter(({ code }) => code !== AWAIT_IN_COMMONJS);
  return [...errors, ...found].map(({ file, start, messageText }) => {
    const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0;
    return `${file ? `${basename(file.fileName)}:${line}: ` : ''}${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
