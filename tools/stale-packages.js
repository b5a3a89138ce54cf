const { existsSync, readdirSync, readFileSync, statSync } = require('node:fs');
const { join } = require('node:path');
const { workspaceFolders } = require('./workspace-folders');

const root = join(__dirname, '..');

/**
 * Names of the packages whose sources are newer than what is compiled of them: the package itself and all of the
 * workspace that it depends on.
 */
function stalePackages(folder) {
  const folders = new Map(workspaceFolders().map((one) => [manifestOf(one).name, one]));
  const seen = new Set();
  const visit = (name) => {
    if (seen.has(name) || !folders.has(name)) return;
    seen.add(name);
    const { dependencies, devDependencies, peerDependencies, optionalDependencies } = manifestOf(
      folders.get(name),
    );
    Object.keys({
      ...dependencies,
      ...devDependencies,
      ...peerDependencies,
      ...optionalDependencies,
    }).forEach(visit);
  };
  visit(manifestOf(folder).name);
  return [...seen].filter((name) => isStale(folders.get(name))).sort();
}

/** Projects that `npm run build` compiles; of the others nothing is run that is compiled. */
function builtProjects() {
  const { references } = JSON.parse(readFileSync(join(root, 'tsconfig.build.json'), 'utf8'));
  return references.map(({ path }) => join(root, path));
}

function isStale(folder) {
  if (!builtProjects().includes(join(folder, 'tsconfig.lib.json'))) return false;
  // The compiler touches it each time, files that it would write as they are it leaves alone.
  const compiled = join(folder, 'dist', 'tsconfig.lib.tsbuildinfo');
  if (!existsSync(compiled)) return true;
  const at = statSync(compiled).mtimeMs;
  return sourcesOf(join(folder, 'src')).some((file) => statSync(file).mtimeMs > at);
}

function sourcesOf(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'testing' ? [] : sourcesOf(path);
    return entry.name.endsWith('.ts') && !entry.name.endsWith('.spec.ts') ? [path] : [];
  });
}

function manifestOf(folder) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

module.exports = { stalePackages };
