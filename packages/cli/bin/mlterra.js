#!/usr/bin/env node
// npm links this file before anything is compiled; dist/main.js does not exist then.
require('../dist/main.js');
