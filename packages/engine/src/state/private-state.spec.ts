import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  closeStates,
  localStateFile,
  preparePrivateFiles,
  preparePrivateState,
  removeUnwritten,
} from './private-state';

let dir: string;
let umask: number;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'mlterra-private-'));
  umask = process.umask(0);
});
afterEach(() => {
  process.umask(umask);
  rmSync(dir, { recursive: true });
});

const location = { type: 'local', path: '../../state/lab/dev/a.tfstate' } as const;
const elsewhere = { type: 's3', bucket: 'b', key: 'k' } as never;
const state = (): string => path.join(dir, '.mlterra/state/lab/dev/a.tfstate');
const rights = (place: string): string => (statSync(place).mode & 0o777).toString(8);
const put = (file: string, text: string, mode = 0o644): void => {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
};

it('the path of a state counts from the working folder of a stack', () => {
  expect(localStateFile('/e', location)).toBe('/e/.mlterra/state/lab/dev/a.tfstate');
  expect(localStateFile('/e', { type: 'local', path: '/abs/a.tfstate' })).toBe('/abs/a.tfstate');
});

it('the folders of environment and stage are the owner’s, those above as they are', () => {
  preparePrivateState(dir, location);
  expect([rights(path.dirname(state())), rights(path.dirname(path.dirname(state())))]).toEqual([
    '700',
    '700',
  ]);
  const shared = path.join(dir, 'shared');
  mkdirSync(shared, { mode: 0o755 });
  mkdirSync(path.join(shared, 'lab/dev'), { recursive: true, mode: 0o755 });
  preparePrivateState(dir, { type: 'local', path: path.join(shared, 'lab/dev/a.tfstate') });
  expect([shared, `${shared}/lab`, `${shared}/lab/dev`].map(rights)).toEqual(['755', '700', '700']);
});

it('of states elsewhere nothing is made', () => {
  preparePrivateState(dir, elsewhere);
  preparePrivateFiles(dir, elsewhere);
  removeUnwritten(dir, elsewhere);
  closeStates(dir, [elsewhere]);
  expect(readdirSync(dir)).toEqual([]);
});

describe('files that an apply writes', () => {
  it('are made before it, without a backup of nothing', () => {
    preparePrivateState(dir, location);
    preparePrivateFiles(dir, location);
    expect([rights(state()), readFileSync(state(), 'utf8')]).toEqual(['600', '']);
    expect(existsSync(`${state()}.backup`)).toBe(false);
  });

  it('are closed where they exist, and there is a backup of what is there', () => {
    put(state(), 'before');
    preparePrivateFiles(dir, location);
    expect([rights(state()), rights(`${state()}.backup`)]).toEqual(['600', '600']);
    expect([readFileSync(state(), 'utf8'), readFileSync(`${state()}.backup`, 'utf8')]).toEqual([
      'before',
      'before',
    ]);
    put(state(), 'after');
    preparePrivateFiles(dir, location);
    expect(readFileSync(`${state()}.backup`, 'utf8')).toBe('before');
  });

  it.each([
    ['empty, alone', '', undefined, false],
    ['empty, with a backup', '', 'b', true],
    ['written', 'x', undefined, true],
  ])('are taken away again where they were not written: %s', (_, text, backup, stays) => {
    put(state(), text);
    if (backup !== undefined) put(`${state()}.backup`, backup);
    removeUnwritten(dir, location);
    expect(existsSync(state())).toBe(stays);
  });
});

it('states of an environment are closed with all beside them', () => {
  for (const name of ['dev/a.tfstate', 'dev/a.tfstate.backup', 'prod/b.tfstate']) {
    put(path.join(dir, '.mlterra/state/lab', name), 'x');
  }
  put(path.join(dir, '.mlterra/state/other/dev/a.tfstate'), 'x');
  closeStates(dir, [location, elsewhere]);
  const lab = path.join(dir, '.mlterra/state/lab');
  expect(
    ['', 'dev', 'prod', 'dev/a.tfstate', 'dev/a.tfstate.backup', 'prod/b.tfstate'].map((name) =>
      rights(path.join(lab, name)),
    ),
  ).toEqual(['700', '700', '700', '600', '600', '600']);
  expect(rights(path.join(dir, '.mlterra/state/other/dev/a.tfstate'))).toBe('644');
});
