module.exports = { ...require('../../jest.preset.js'), displayName: 'machine-proof', rootDir: __dirname };
