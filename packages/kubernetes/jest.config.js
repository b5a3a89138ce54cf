const preset = require('../../jest.preset.js');

/** Ships ES modules only, as some that it is made of do; a thousand files, which no other package needs in its tests. */
const kubernetesClient = ['@kubernetes/client-node', 'jose', 'oauth4webapi', 'openid-client'];

module.exports = {
  ...preset,
  displayName: 'kubernetes',
  rootDir: __dirname,
  transformIgnorePatterns: preset.transformIgnorePatterns.map((pattern) =>
    pattern.replace('(?!(?:', `(?!(?:${kubernetesClient.join('|')}|`),
  ),
};
