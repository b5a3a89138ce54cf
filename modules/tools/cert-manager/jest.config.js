module.exports = { ...require('../../../jest.preset.js'), displayName: 'cert-manager', rootDir: __dirname };
