/** Runs the environment for real. `npx nx e2e kind` */
module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'kind-e2e',
  rootDir: __dirname,
  testMatch: ['<rootDir>/e2e/**/*.e2e.ts'],
  testTimeout: 600_000,
};
