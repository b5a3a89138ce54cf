module.exports = { ...require('../../jest.preset.js'), displayName: 'rehearsal', rootDir: __dirname };
