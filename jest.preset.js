const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { workspaceFolders } = require('./tools/workspace-folders');

/**
 * Packages that ship ES modules only, with the ES modules they are made of. Node loads them by `require`,
 * Jest does not, so they are compiled like our own sources.
 */
const esModules = [
  '@noble/ciphers',
  '@noble/curves',
  '@noble/hashes',
  '@noble/post-quantum',
  '@scure/base',
  'age-encryption',
  'ansi-escapes',
  'ansi-regex',
  'ansi-styles',
  'cli-cursor',
  'cli-truncate',
  'environment',
  'eventemitter3',
  'get-east-asian-width',
  'is-fullwidth-code-point',
  'listr2',
  'log-update',
  'mimic-function',
  'onetime',
  'restore-cursor',
  'slice-ansi',
  'string-width',
  'strip-ansi',
  'wrap-ansi',
];

/** Every export of every workspace package, mapped from its compiled file to its source. */
function sourcesOfWorkspace() {
  const mapper = {};
  for (const folder of workspaceFolders()) {
    const { name, exports = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    for (const [subpath, target] of Object.entries(exports)) {
      const compiled = typeof target === 'string' ? target : target.default;
      const source = /^\.\/dist\/(.+)\.js$/.exec(compiled ?? '')?.[1];
      if (source === undefined) continue;
      const specifier = (name + subpath.slice(1)).replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      mapper[`^${specifier}$`] = join(folder, 'src', `${source}.ts`);
    }
  }
  return mapper;
}

/** What the engine and the compiler leave in a project; Jest reads none of it. */
const generated = ['/\\.mlterra/', '/\\.terraform/', '/cdktf\\.out/', '<rootDir>/out-tsc/'];

module.exports = {
  testEnvironment: join(__dirname, 'tools', 'test-environment.js'),
  testMatch: ['<rootDir>/src/**/*.spec.ts', '<rootDir>/environment.spec.ts'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', ...generated],
  modulePathIgnorePatterns: generated,
  moduleNameMapper: sourcesOfWorkspace(),
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022', keepClassNames: true },
        module: { type: 'commonjs' },
        sourceMaps: true,
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(?:${esModules.join('|')})/)`],
  testTimeout: 120_000,
  setupFilesAfterEnv: [join(__dirname, 'tools', 'refuse-stale.js')],
  collectCoverageFrom: ['src/**/*.ts', '!src/**/*.spec.ts', '!src/**/testing/**', '!src/**/index.ts'],
};
