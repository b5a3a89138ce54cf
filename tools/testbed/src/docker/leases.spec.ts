import { Leases, type LeaseMode } from './leases';

/** Asks in order, and returns the holders that were served, in the order in which they were. */
function leases(): {
  ask: (name: string, mode: LeaseMode, pid: number) => void;
  end: (name: string) => void;
} & {
  served: string[];
  isEmpty: () => boolean;
} {
  const served: string[] = [];
  const all = new Leases<string>();
  return {
    served,
    ask: (name, mode, pid) => all.ask(name, { mode, pid }, () => served.push(name)),
    end: (name) => all.end(name),
    isEmpty: () => all.isEmpty,
  };
}

test('shared leases are served together, and an exclusive one when they have ended', () => {
  const { ask, end, served } = leases();
  ask('a', 'shared', 1);
  ask('b', 'shared', 2);
  ask('alone', 'exclusive', 3);
  expect(served).toEqual(['a', 'b']);
  end('a');
  expect(served).toEqual(['a', 'b']);
  end('b');
  expect(served).toEqual(['a', 'b', 'alone']);
});

test('who waits for an exclusive lease is not overtaken by later shared ones', () => {
  const { ask, end, served } = leases();
  ask('a', 'shared', 1);
  ask('alone', 'exclusive', 2);
  ask('late', 'shared', 3);
  expect(served).toEqual(['a']);
  end('a');
  expect(served).toEqual(['a', 'alone']);
  end('alone');
  expect(served).toEqual(['a', 'alone', 'late']);
});

test('who gives up waiting is in nobody’s way', () => {
  const { ask, end, served } = leases();
  ask('a', 'shared', 1);
  ask('alone', 'exclusive', 2);
  ask('late', 'shared', 3);
  end('alone');
  expect(served).toEqual(['a', 'late']);
});

test('a process does not wait for itself, and nobody for the background', () => {
  const { ask, served } = leases();
  ask('up', 'background', 1);
  ask('alone', 'exclusive', 2);
  ask('inner', 'shared', 2);
  ask('up again', 'background', 3);
  expect(served).toEqual(['up', 'alone', 'inner', 'up again']);
});

test('there is no lease before the first and after the last', () => {
  const { ask, end, isEmpty } = leases();
  expect(isEmpty()).toBe(true);
  ask('a', 'background', 1);
  expect(isEmpty()).toBe(false);
  end('a');
  expect(isEmpty()).toBe(true);
});
