import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { hash, hashValue } from '../digest/digest';
import type { SynthesizedStack } from '../synth/synthesize';
import { callsInTemplate, literalOf, textOf, type Call } from './calls';
import { READ_FILE } from './files-read';
import { isPinned, isRemoteSource, readInstalledModules } from './installed-modules';
import { factsOfConfig, factsOfFiles, isModuleFile, type ModuleFacts } from './module-facts';
import { MODULES } from './module-folder';
import { templateOf, type Template } from './tokens';
import { hashFolder, hashTree, listTree } from './tree';

/** What a stack depends on beside its configuration, its assets and the outputs it reads. */
export interface OutsideInputs {
  /** Hashes by what they are of: `variable size`, `file /data.txt`, `module network`. */
  readonly hashes: Readonly<Record<string, string>>;
  /** What cannot be hashed, as reasons why only a plan tells whether something changes. */
  readonly unseen: readonly string[];
}

/** Functions whose result is another one every time, or depends on the machine. */
const UNSTEADY: readonly string[] = [
  'bcrypt',
  'pathexpand',
  'plantimestamp',
  'templatestring',
  'timestamp',
  'uuid',
];

/** Reads everything that a stack depends on, without starting the engine. */
export function outsideInputs(stack: SynthesizedStack, workDir: string): OutsideInputs {
  const scan = new Scan(stack, workDir);
  scan.root();
  return {
    hashes: Object.fromEntries([...scan.hashes].sort(([a], [b]) => (a < b ? -1 : 1))),
    unseen: stack.frozen ? [] : [...scan.unseen].sort(),
  };
}

class Scan {
  public readonly hashes = new Map<string, string>();
  public readonly unseen = new Set<string>();
  private readonly assets: ReadonlyMap<string, Buffer>;
  private readonly visited = new Set<string>();
  /** Folders of the local modules that lead to the one that is being read. */
  private readonly within: string[] = [];

  public constructor(
    private readonly stack: SynthesizedStack,
    private readonly workDir: string,
  ) {
    this.assets = new Map(stack.assets.map(({ path: file, content }) => [path.join(workDir, file), content]));
  }

  public root(): void {
    const facts = factsOfConfig(this.stack.config);
    for (const name of facts.variables) {
      const value = process.env[`TF_VAR_${name}`];
      // The key keeps equal values of different stacks from having equal hashes.
      if (value !== undefined) this.hashes.set(`variable ${name}`, hashValue([this.stack.key, name, value]));
    }
    for (const [name, files] of this.copiedModules()) {
      this.hashes.set(`module ${name}`, hash(files.join('')));
    }
    const reads = new Set(
      this.stack.reads.map(({ stack }) => {
        const [, stage, name] = stack.split('/');
        return `terraform_remote_state.upstream_${stage}_${name}`;
      }),
    );
    this.module({ ...facts, data: facts.data.filter((address) => !reads.has(address)) }, this.workDir, '');
  }

  private copiedModules(): ReadonlyMap<string, string[]> {
    const found = new Map<string, string[]>();
    for (const asset of this.stack.assets.filter((one) => one.path.startsWith(MODULES))) {
      const name = asset.path.split('/')[1]!;
      found.set(name, [...(found.get(name) ?? []), `${asset.path}\0${hash(asset.content)}\n`]);
    }
    return found;
  }

  private module(facts: ModuleFacts, dir: string, key: string): void {
    const where = key === '' ? '' : ` in module.${key}`;
    if (facts.unreadable !== undefined)
      this.unseen.add(`it has what cannot be read here${where}: ${facts.unreadable}`);
    for (const address of facts.data) this.unseen.add(`it reads data.${address}${where}`);
    for (const address of facts.ephemeral) this.unseen.add(`it opens ephemeral.${address}${where}`);
    if (facts.readsFolder) this.hashes.set('folder of the checkout', hash(this.workDir));
    for (const call of facts.calls) this.call(call, dir, where);
    for (const source of facts.sources) this.source(source, dir);
    for (const { name, source, version } of facts.modules) {
      const inner = key === '' ? name : `${key}.${name}`;
      if (source === undefined) this.unseen.add(`the source of module.${inner} is computed`);
      else if (source.startsWith('./') || source.startsWith('../'))
        this.local(path.resolve(dir, source), inner);
      else if (path.isAbsolute(source)) this.absolute(source, inner);
      else if (isRemoteSource(source)) this.remote(inner, { source, version });
    }
  }

  private local(dir: string, key: string): void {
    const visit = `${dir}\0${key}`;
    if (this.visited.has(visit)) return;
    this.visited.add(visit);
    if (this.within.includes(dir)) {
      // The engine refuses it, or comes to no end.
      this.unseen.add(`module.${key} calls itself`);
      return;
    }
    this.within.push(dir);
    this.module(factsOfFiles(this.filesIn(dir)), dir, key);
    this.within.pop();
  }

  private absolute(source: string, key: string): void {
    const stat = statSync(source, { throwIfNoEntry: false });
    if (stat?.isDirectory() !== true) {
      this.file(source, source);
      return;
    }
    this.hashes.set(`module ${source}`, hashTree(source));
    this.local(source, key);
  }

  private remote(
    key: string,
    call: { readonly source: string; readonly version?: string | undefined },
  ): void {
    if (!isPinned(call)) this.unseen.add(`module.${key} has no fixed version`);
    const installed = readInstalledModules(this.workDir).filter(
      (module) => module.key === key || module.key.startsWith(`${key}.`),
    );
    if (installed.length === 0) this.unseen.add(`module.${key} is not installed here yet`);
    for (const module of installed) {
      const facts = factsOfFiles(this.filesIn(module.dir));
      // Those it calls are in the list of what is installed.
      this.module({ ...facts, modules: [] }, module.dir, module.key);
    }
  }

  private call({ name, arguments: given }: Call, dir: string, where: string): void {
    const external = name.startsWith('provider::') && !name.startsWith('provider::terraform::');
    if (UNSTEADY.includes(name) || external) this.unseen.add(`it calls ${name}()${where}`);
    if (name === 'abspath') this.hashes.set('folder of the checkout', hash(this.workDir));
    const isFile = READ_FILE.includes(name) || name === 'fileexists';
    if (!isFile && name !== 'fileset') return;
    const shown = literalOf(given[0], { module: '.', root: '.', cwd: '.' });
    const found = literalOf(given[0], { module: dir, root: this.workDir, cwd: this.workDir });
    if (shown === undefined || found === undefined) {
      this.unseen.add(`it calls ${name}() with a computed path${where}`);
      return;
    }
    const file = path.resolve(this.workDir, found);
    if (name === 'fileset') {
      if (!this.covered(file)) this.list(shown, file);
      return;
    }
    if (name === 'fileexists') {
      if (!this.covered(file)) this.hashes.set(`existence of ${shown}`, String(existsSync(file)));
      return;
    }
    if (!this.covered(file)) this.file(shown, file);
    if (name === 'templatefile') this.template(file, dir, where);
  }

  /** A template may call functions, too. */
  private template(file: string, dir: string, where: string): void {
    const visit = `${file}\0template`;
    if (this.visited.has(visit)) return;
    this.visited.add(visit);
    const text = this.contentOf(file)?.toString('utf8');
    if (text === undefined) return;
    try {
      for (const call of callsInTemplate(templateOf(text))) this.call(call, dir, where);
    } catch {
      this.unseen.add(`it has what cannot be read here${where}: ${file}`);
    }
  }

  private source(source: Template, dir: string): void {
    const [shown, found] = [
      { module: '.', root: '.', cwd: '.' },
      { module: dir, root: this.workDir, cwd: this.workDir },
    ].map((paths) => textOf(source, paths));
    if (shown === undefined || found === undefined) return;
    if (!path.isAbsolute(found) && !/^\.\.?(\/|$)/.test(found)) return;
    // Providers run in the working folder, whatever module asks them.
    const file = path.resolve(this.workDir, found);
    if (this.covered(file)) return;
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isFile() === true) this.file(shown, file);
    if (stat?.isDirectory() !== true) return;
    const folder = hashFolder(file);
    if (folder === undefined) this.unseen.add(`it has the folder ${shown}, which cannot be looked at`);
    else this.hashes.set(`folder ${shown}`, folder);
  }

  private file(shown: string, file: string): void {
    const content = this.contentOf(file);
    this.hashes.set(`file ${shown}`, content === undefined ? 'missing' : hash(content));
  }

  private list(shown: string, dir: string): void {
    const names = listTree(dir);
    if (names === undefined) this.unseen.add(`it lists ${shown}, which has too many files to look at`);
    else this.hashes.set(`list of files in ${shown}`, hash(names.join('\n')));
  }

  /** Whether a file is an asset, which the digest holds as such. */
  private covered(file: string): boolean {
    return file === this.workDir || file.startsWith(`${this.workDir}${path.sep}`);
  }

  private contentOf(file: string): Buffer | undefined {
    const asset = this.assets.get(file);
    if (asset !== undefined) return asset;
    return statSync(file, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(file) : undefined;
  }

  private filesIn(dir: string): Readonly<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const [file, content] of this.assets) {
      if (path.dirname(file) === dir && isModuleFile(file))
        found[path.basename(file)] = content.toString('utf8');
    }
    if (Object.keys(found).length > 0 || !existsSync(dir)) return found;
    for (const name of readdirSync(dir).filter(isModuleFile)) {
      found[name] = readFileSync(path.join(dir, name), 'utf8');
    }
    return found;
  }
}
