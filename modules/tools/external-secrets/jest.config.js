module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'external-secrets',
  rootDir: __dirname,
};
