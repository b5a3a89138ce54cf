module.exports = { ...require('../../../jest.preset.js'), displayName: 'nfs-storage', rootDir: __dirname };
