const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { relative, sep } = require('node:path');

/*
 * Jest's filter of a run without all tests (`--filter`). A spec that begins with `@long` takes ten seconds of a processor or
 * more. Of those of a package, one in four is run, and at least one; the seed of the run decides which.
 */

const ONE_IN = 4;

/** @param {readonly string[]} paths of spec files, absolute */
module.exports = async (paths) => {
  const long = new Map();
  for (const path of paths.filter(isLong))
    long.set(packageOf(path), [...(long.get(packageOf(path)) ?? []), path]);
  const left = new Set([...long.values()].flatMap(notDrawn));
  return { filtered: paths.filter((path) => !left.has(path)) };
};

function isLong(path) {
  return readFileSync(path, 'utf8').startsWith('/** @long');
}

function packageOf(path) {
  return path.split(`${sep}src${sep}`)[0];
}

function notDrawn(paths) {
  return [...paths]
    .sort((one, other) => (rankOf(one) < rankOf(other) ? -1 : 1))
    .slice(Math.ceil(paths.length / ONE_IN));
}

/** The same on every machine. */
function rankOf(path) {
  const name = relative(packageOf(path), path).split(sep).join('/');
  return createHash('sha256')
    .update(`${process.env.MLTERRA_TEST_SEED ?? 1} ${name}`)
    .digest('hex');
}
