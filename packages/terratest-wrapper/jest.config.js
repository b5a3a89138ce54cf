module.exports = { ...require('../../jest.preset.js'), displayName: 'terratest-wrapper', rootDir: __dirname };
