module.exports = { ...require('../../jest.preset.js'), displayName: 'k3s', rootDir: __dirname };
