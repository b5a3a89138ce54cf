/** Runs the environment for real. `npx nx e2e docker` */
module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'docker-e2e',
  rootDir: __dirname,
  globalSetup: '@mlterra/terratest-wrapper/global-setup',
  testMatch: ['<rootDir>/e2e/**/*.e2e.ts'],
  testTimeout: 600_000,
};
