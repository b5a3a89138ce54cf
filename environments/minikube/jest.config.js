module.exports = { ...require('../../jest.preset.js'), displayName: 'minikube', rootDir: __dirname };
