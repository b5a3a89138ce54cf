module.exports = { ...require('../../../jest.preset.js'), displayName: 'gcp', rootDir: __dirname };
