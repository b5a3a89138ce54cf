const { readFileSync } = require('node:fs');
const { relative, sep } = require('node:path');
const { drawn } = require('../packages/testing/dist/long-tests.js');

/*
 * Jest's filter of a run without all tests (`--filter`). A spec that begins with `@long` takes ten seconds of a processor or
 * more. Of those of a package, one in four is run, and at least one; the seed of the run decides which.
 */

const ONE_IN = 4;

/** @param {readonly string[]} paths of spec files, absolute */
module.exports = async (paths) => {
  const long = paths.filter(isLong);
  const chosen = new Set([...new Set(long.map(packageOf))].flatMap((folder) => drawnOf(folder, long)));
  return { filtered: paths.filter((path) => !long.includes(path) || chosen.has(path)) };
};

function isLong(path) {
  return readFileSync(path, 'utf8').startsWith('/** @long');
}

function packageOf(path) {
  return path.split(`${sep}src${sep}`)[0];
}

/** By their names in the package, which are the same on every machine. */
function drawnOf(folder, long) {
  const own = long.filter((path) => packageOf(path) === folder);
  const names = new Map(own.map((path) => [relative(folder, path).split(sep).join('/'), path]));
  const seed = Number(process.env.MLTERRA_TEST_SEED ?? 1);
  return drawn([...names.keys()], Math.ceil(own.length / ONE_IN), seed).map((name) => names.get(name));
}
