module.exports = { ...require('../../jest.preset.js'), displayName: 'machines', rootDir: __dirname };
