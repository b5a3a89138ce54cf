/** All projects in one run. The end-to-end tests have configurations of their own. */
module.exports = {
  projects: [
    '<rootDir>/{packages,tools}/*/jest.config.js',
    '<rootDir>/modules/{providers,tools}/*/jest.config.js',
    '<rootDir>/environments/*/jest.config.js',
  ],
};
