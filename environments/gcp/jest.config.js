module.exports = { ...require('../../jest.preset.js'), displayName: 'gcp-environment', rootDir: __dirname };
