module.exports = {
  ...require('../../../jest.preset.js'),
  displayName: 'network-policies',
  rootDir: __dirname,
};
