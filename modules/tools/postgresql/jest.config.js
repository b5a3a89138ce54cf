module.exports = { ...require('../../../jest.preset.js'), displayName: 'postgresql', rootDir: __dirname };
