module.exports = { ...require('../../../jest.preset.js'), displayName: 'versitygw', rootDir: __dirname };
