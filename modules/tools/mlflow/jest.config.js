module.exports = { ...require('../../../jest.preset.js'), displayName: 'mlflow', rootDir: __dirname };
