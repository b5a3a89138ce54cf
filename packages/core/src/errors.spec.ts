import { runInNewContext } from 'node:vm';
import { childErrorLine, MlterraError, parseChildError } from './errors';

const error = new MlterraError({
  code: 'port-in-use',
  message: 'Port 5432 is in use by "other" (pid 7).',
  expected: 'a free port',
  remedy: 'stop "other",\nor set another port',
});

describe('MlterraError', () => {
  it('reads as what is wrong, what is expected, what to do', () => {
    expect(error.message).toBe(
      'Port 5432 is in use by "other" (pid 7).\n  expected: a free port\n  to do:    stop "other",\nor set another port',
    );
    expect(error).toMatchObject({ name: 'MlterraError', code: 'port-in-use', expected: 'a free port' });
  });

  it('leaves out what it does not know', () => {
    const short = new MlterraError({ code: 'x', message: 'It is wrong.' });
    expect(short.message).toBe('It is wrong.');
    expect('cause' in short).toBe(false);
  });

  it('keeps the error underneath', () => {
    const cause = new Error('ECONNREFUSED');
    expect(new MlterraError({ code: 'x', message: 'm', cause }).cause).toBe(cause);
  });

  it('is recognised across copies of the package, and nothing else is', () => {
    jest.isolateModules(() => {
      const other = jest.requireActual<typeof import('./errors')>('./errors');
      const foreign = new other.MlterraError({ code: 'x', message: 'm' });
      expect(foreign instanceof MlterraError).toBe(false);
      expect(MlterraError.is(foreign)).toBe(true);
    });
    const otherRealm: unknown = runInNewContext(
      "Object.assign(new Error('m'), { name: 'MlterraError', code: 'x' })",
    );
    expect(otherRealm instanceof Error).toBe(false);
    expect(MlterraError.is(otherRealm)).toBe(true);
    const others = [new Error('x'), Object.assign(new Error('x'), { code: 'ENOENT' }), 'x', null, undefined];
    expect(others.map(MlterraError.is)).toEqual(others.map(() => false));
  });
});

describe('childErrorLine', () => {
  it('is one line, so that Terraform prints it as one', () => {
    expect(childErrorLine(error)).not.toContain('\n');
  });

  it('is found behind a prefix, the first one first', () => {
    const second = new MlterraError({ code: 'second', message: 'm' });
    const output = `│ terraform_data.processes (local-exec): ${childErrorLine(error)}\n${childErrorLine(second)}\n`;
    expect(parseChildError(output)?.code).toBe('port-in-use');
  });

  it('is not taken from broken lines', () => {
    expect(parseChildError('MLTERRA_ERROR {"code": "cut o')).toBeUndefined();
    expect(parseChildError('all is well')).toBeUndefined();
    expect(parseChildError(`MLTERRA_ERROR {broken\n${childErrorLine(error)}`)?.code).toBe('port-in-use');
  });

  it('is no more than the code and the message', () => {
    const line = childErrorLine(new MlterraError({ code: 'x', message: 'm', cause: new Error('secret') }));
    expect(line).toBe('MLTERRA_ERROR {"code":"x","message":"m"}');
  });
});
