import { runCommand } from './command';

const environment = process.env;

it('returns what a program says, and takes an input', async () => {
  const result = await runCommand('sh', ['-c', 'cat; echo b >&2; exit 3'], {
    environment,
    input: 'a',
    timeoutSeconds: 60,
  });
  expect(result).toEqual({ code: 3, stdout: 'a', stderr: 'b\n' });
});

it('gives up a program that does not end, and does not wait for what it has started', async () => {
  // The child keeps the output open after its parent was ended.
  const result = await runCommand('sh', ['-c', 'sleep 20 & echo started; wait'], {
    environment,
    timeoutSeconds: 1,
  });
  expect(result).toMatchObject({ code: -1, stdout: 'started\n' });
  expect(result.stderr).toContain('it did not end within 1 s');
});

it('says why a program cannot be started', async () => {
  const result = await runCommand('/nosuch/program', [], { environment, timeoutSeconds: 60 });
  expect(result).toMatchObject({ code: -1, stderr: 'spawn /nosuch/program ENOENT' });
});
