const { TestEnvironment } = require('jest-environment-node');

/** Variables of whoever starts the tests that change what the programs under test do or print. */
const CALLERS =
  /^(CI|LANGUAGE|LC_.*|PG[A-Z]+|PIP_(USER|TARGET|PREFIX|REQUIRE_VIRTUALENV)|TF_(CLI_ARGS.*|DATA_DIR|INPUT|LOG.*|REATTACH_PROVIDERS|VAR_.*|WORKSPACE))$/;

/**
 * What all of them get: English messages in UTF-8, no stack trace for each token of CDKTF, which takes a tenth of the time of
 * synthesis and nobody reads, and no colours (Node warns of one of these two beside another value of the other).
 */
const SAME = { LANG: 'C.UTF-8', NO_COLOR: '1', FORCE_COLOR: '0', CDKTN_DISABLE_CREATION_STACK: '1' };

/**
 * Node, with the same variables whoever starts the tests. They are set on the process itself: what a spec sees is a copy, and
 * what it starts without naming variables gets those of the process.
 */
module.exports = class extends TestEnvironment {
  constructor(...args) {
    for (const name of Object.keys(process.env)) if (CALLERS.test(name)) delete process.env[name];
    Object.assign(process.env, SAME);
    super(...args);
  }
};
