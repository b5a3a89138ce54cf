const preset = require('../../jest.preset.js');

module.exports = {
  ...preset,
  displayName: 'nx',
  rootDir: __dirname,
  setupFilesAfterEnv: [...preset.setupFilesAfterEnv, `${__dirname}/src/testing/own-workspace-data.ts`],
  // Tests start real Nx commands.
  testTimeout: 120_000,
};
