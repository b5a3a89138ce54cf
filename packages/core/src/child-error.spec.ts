import { spawnSync } from 'node:child_process';
import { childErrorLine, MlterraError, parseChildError } from './errors';

describe('childErrorLine', () => {
  it('brings an error out of a child process, between other output', () => {
    const error = new MlterraError({
      code: 'port-in-use',
      message: 'Port 5432 is in use by "other" (pid 7).',
      remedy: 'stop "other",\nor set another port',
    });
    const script = `console.error('starting'); console.error(process.argv[1]); console.error('at foo.js:1')`;
    const child = spawnSync(process.execPath, ['--eval', script, childErrorLine(error)], {
      encoding: 'utf8',
    });
    const found = parseChildError(child.stderr);
    expect(found).toBeInstanceOf(MlterraError);
    expect(found).toMatchObject({ code: 'port-in-use', message: error.message });
  });
});
