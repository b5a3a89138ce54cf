/* global expect -- of Jest */
const childProcess = require('node:child_process');
const { existsSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { stalePackages } = require('./stale-packages');

/*
 * Set up before each spec file. Specs run on sources, but the programs they start run what is compiled: with stale code
 * in `dist` a spec would be green, or red, because of the past. So a spec that starts a program fails then.
 */

/** Jest gives every spec file modules of its own, but one and the same `child_process`: what is patched there stays. */
const STATE = Symbol.for('mlterra/refuse-stale');

// Of a copy that is mutated, the sources are newer by intent.
if (process.env.STRYKER_MUTATOR_WORKER === undefined) {
  patch();
  childProcess[STATE] = { folder: packageOf(expect.getState().testPath), checked: false };
}

function patch() {
  if (childProcess[STATE] !== undefined) return;
  // `spawn`, `exec`, `execFile` and `fork` all come through here.
  const owners = [
    [childProcess.ChildProcess.prototype, 'spawn'],
    [childProcess, 'spawnSync'],
    [childProcess, 'execFileSync'],
    [childProcess, 'execSync'],
  ];
  for (const [owner, name] of owners) {
    const start = owner[name];
    owner[name] = function (...args) {
      check();
      return start.apply(this, args);
    };
  }
}

function check() {
  const state = childProcess[STATE];
  if (state.checked || state.folder === undefined) return;
  const stale = stalePackages(state.folder);
  if (stale.length > 0) {
    throw new Error(
      `The sources of ${stale.join(', ')} are newer than what is compiled of them, which programs that this spec starts run. Run "npm run build".`,
    );
  }
  state.checked = true;
}

/** The folder of the package that a file is in; undefined where it is in none. */
function packageOf(file) {
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return folder;
  }
  return undefined;
}
