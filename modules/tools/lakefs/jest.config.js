module.exports = { ...require('../../../jest.preset.js'), displayName: 'lakefs', rootDir: __dirname };
