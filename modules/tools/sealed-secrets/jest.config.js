module.exports = { ...require('../../../jest.preset.js'), displayName: 'sealed-secrets', rootDir: __dirname };
