module.exports = {
  ...require('../../jest.preset.js'),
  displayName: 'nx',
  rootDir: __dirname,
  setupFilesAfterEnv: [`${__dirname}/src/testing/own-workspace-data.ts`],
  // Tests start real Nx commands.
  testTimeout: 120_000,
};
