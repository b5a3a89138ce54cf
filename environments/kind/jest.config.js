module.exports = { ...require('../../jest.preset.js'), displayName: 'kind', rootDir: __dirname };
