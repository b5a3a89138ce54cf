import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type ts from 'typescript';
import { environmentType } from '../errors';
import { environmentFolder } from '../work/environment-folder';
import { missingPackages } from './missing-packages';

/** Errors shown of one file; the rest is counted. */
const SHOWN = 5;

const STAMP = 'typecheck.json';

interface Stamp {
  /** Every file the checked program was made of. */
  readonly files: readonly string[];
  /** Hash over their names, sizes and times: quick to compare. */
  readonly times: string;
  /** Hash over their names and contents: a build, or a cache that restores one, writes the same files anew. */
  readonly contents: string;
}

/** Folder for what is kept of the environment in `dir` between runs, in one that only its owner can enter. */
export function environmentCache(dir: string): string {
  return path.join(environmentFolder(dir), 'cache');
}

/** Whether the environment passed the type check and none of its files changed since. */
export function isTypechecked(cacheDir: string): boolean {
  const stampFile = path.join(cacheDir, STAMP);
  const stamp = readStamp(stampFile);
  if (stamp === undefined) return false;
  const times = hashTimes(stamp.files);
  if (times === undefined) return false;
  if (times === stamp.times) return true;
  if (hashContents(stamp.files) !== stamp.contents) return false;
  writeFileSync(stampFile, JSON.stringify({ ...stamp, times }));
  return true;
}

/**
 * Type-checks `environment.ts` with the tsconfig.json beside it, and throws its type errors. A program that
 * passed is not checked again until one of its files changes; TypeScript is not even loaded then.
 */
export function typecheck(file: string, cacheDir: string): void {
  if (isTypechecked(cacheDir)) return;
  // Loading TypeScript takes a third of a second: only when there is something to check.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const compiler = require('typescript') as typeof ts;
  const configFile = compiler.findConfigFile(path.dirname(file), compiler.sys.fileExists);
  const config = configFile
    ? compiler.parseJsonConfigFileContent(
        compiler.readConfigFile(configFile, compiler.sys.readFile).config,
        compiler.sys,
        path.dirname(configFile),
      )
    : undefined;
  const options: ts.CompilerOptions = {
    module: compiler.ModuleKind.NodeNext,
    moduleResolution: compiler.ModuleResolutionKind.NodeNext,
    target: compiler.ScriptTarget.ES2022,
    strict: true,
    ...config?.options,
    noEmit: true,
    // A matter of style, for the linter: it stops no plan.
    noUnusedLocals: false,
    noUnusedParameters: false,
    composite: false,
    incremental: false,
    declaration: false,
    declarationMap: false,
    emitDeclarationOnly: false,
    skipLibCheck: true,
    tsBuildInfoFile: undefined,
  };
  const program = compiler.createProgram({
    rootNames: [file],
    options,
    host: cachingHost(compiler, options),
  });
  const diagnostics = compiler
    .getPreEmitDiagnostics(program)
    .filter((diagnostic) => diagnostic.category === compiler.DiagnosticCategory.Error);
  if (diagnostics.length > 0) {
    const lines = diagnostics.slice(0, SHOWN).map((diagnostic) => {
      const text = compiler.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
      if (diagnostic.file === undefined || diagnostic.start === undefined) return text;
      const at = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start);
      const name = path.relative(path.dirname(file), diagnostic.file.fileName);
      return `${name}:${at.line + 1}:${at.character + 1} ${text}`;
    });
    if (diagnostics.length > SHOWN) lines.push(`and ${diagnostics.length - SHOWN} more`);
    throw environmentType(file, lines, missingPackages(file, diagnostics));
  }
  const files = program.getSourceFiles().map((source) => source.fileName);
  if (configFile) files.push(configFile);
  mkdirSync(cacheDir, { recursive: true });
  const stamp: Stamp = { files, times: hashTimes(files)!, contents: hashContents(files) };
  writeFileSync(path.join(cacheDir, STAMP), JSON.stringify(stamp));
}

/** Declarations of libraries by compiler options, name, size and time: most of the work, and the same for all environments. */
const declarations = new Map<string, ts.SourceFile>();

/** Parses a declaration file once per process, however many environments are checked. */
function cachingHost(compiler: typeof ts, options: ts.CompilerOptions): ts.CompilerHost {
  const host = compiler.createCompilerHost(options);
  const parse = host.getSourceFile.bind(host);
  host.getSourceFile = (name, languageVersion, ...rest) => {
    const stat = name.endsWith('.d.ts') ? statSync(name, { throwIfNoEntry: false }) : undefined;
    if (stat === undefined) return parse(name, languageVersion, ...rest);
    const key = JSON.stringify([
      name,
      stat.size,
      stat.mtimeMs,
      languageVersion,
      options.module,
      options.strict,
    ]);
    const known = declarations.get(key) ?? parse(name, languageVersion, ...rest);
    if (known !== undefined) declarations.set(key, known);
    return known;
  };
  return host;
}

function readStamp(stampFile: string): Stamp | undefined {
  try {
    const stamp = JSON.parse(readFileSync(stampFile, 'utf8')) as Partial<Stamp>;
    return Array.isArray(stamp.files) ? (stamp as Stamp) : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined when one of them is gone. */
function hashTimes(files: readonly string[]): string | undefined {
  const hash = createHash('sha256');
  for (const file of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) return undefined;
    hash.update(`${file}\0${stat.size}\0${stat.mtimeMs}\n`);
  }
  return hash.digest('hex');
}

function hashContents(files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}
