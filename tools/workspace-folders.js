const { existsSync, readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const root = join(__dirname, '..');

/** Absolute paths of the folders of all workspace packages, in the order of `workspaces`, then by name. */
function workspaceFolders() {
  const { workspaces } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return workspaces
    .flatMap((pattern) => {
      if (!pattern.endsWith('/*')) return [join(root, pattern)];
      const parent = join(root, pattern.slice(0, -2));
      return existsSync(parent)
        ? readdirSync(parent)
            .sort()
            .map((folder) => join(parent, folder))
        : [];
    })
    .filter((folder) => existsSync(join(folder, 'package.json')));
}

module.exports = { workspaceFolders };
