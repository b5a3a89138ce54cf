module.exports = { ...require('../../../jest.preset.js'), displayName: 'minio', rootDir: __dirname };
