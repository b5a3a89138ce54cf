const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { workspaceFolders } = require('./tools/workspace-folders');

/** All projects in one run. End-to-end tests have configurations of their own (`jest.e2e.config.js`). */
module.exports = {
  // In a run of several projects this one counts, not theirs.
  testTimeout: require('./jest.preset').testTimeout,
  projects: workspaceFolders()
    .map((folder) => join(folder, 'jest.config.js'))
    .filter((config) => existsSync(config)),
};
