import { MlterraError } from '@mlterra/core';
import { errorProblems } from './error-problems';

type Details = ConstructorParameters<typeof MlterraError>[0];

const good: Details = {
  code: 'port-in-use',
  message: 'Port 5432 is in use by other.',
  expected: 'a free port',
};

function problemsOf(changes: Partial<Details>, given: readonly unknown[] = [5432, { by: ['other'] }]) {
  const factories = { portInUse: () => new MlterraError({ ...good, ...changes }) };
  return errorProblems(factories, { portInUse: given as [] });
}

describe('errorProblems', () => {
  it('finds none in an error that names all that it was given', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf({}, [5432, undefined])).toEqual([]);
    expect(problemsOf({ expected: undefined, remedy: 'stop it' })).toEqual([]);
  });

  it.each<[string, Partial<Details>, string]>([
    ['no code', { code: '' }, 'the code ""'],
    ['a code of one word', { code: 'port' }, 'the code "port"'],
    ['a number it was given', { message: 'The port is in use by other.' }, 'does not name "5432"'],
    ['a text deep in it', { message: 'Port 5432 is in use.' }, 'does not name "other"'],
    ['no message', { message: '', remedy: 'ask 5432 or other' }, 'says nothing'],
    ['no value', { message: 'Port 5432 is in use by other, undefined.' }, 'has a value in it that is none'],
    ['no advice', { expected: undefined }, 'says neither what is expected nor what to do'],
    ['empty advice', { remedy: '' }, 'says nothing where it says what is expected or to do'],
    ['empty expectation', { expected: ' ' }, 'says nothing where it says what is expected or to do'],
  ])('finds %s', (_, changes, problem) => {
    expect(problemsOf(changes)).toEqual([`portInUse: ${problem}`]);
  });

  it('finds two errors with one code', () => {
    const factory = () => new MlterraError(good);
    expect(errorProblems({ one: factory, other: factory }, { one: [], other: [] })).toEqual([
      'other: has the code of one',
    ]);
  });
});
