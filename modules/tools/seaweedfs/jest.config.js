module.exports = { ...require('../../../jest.preset.js'), displayName: 'seaweedfs', rootDir: __dirname };
