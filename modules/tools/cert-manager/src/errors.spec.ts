import { errorProblems } from '@mlterra/testing';
import * as errors from './errors';

const path = 'dev-app/Gateway';

describe('errors', () => {
  it('each say what was given, and what to do', () => {
    expect(
      errorProblems(errors, {
        namesNotProvable: [path, ['a.example.org', 'b.example.org'], ['example.com', 'example.net']],
        nameNotPublic: [path, 'localhost'],
        emailInvalid: [path, 'admin'],
        serverInvalid: [path, 'zerossl'],
      }),
    ).toEqual([]);
  });

  it('of names that nobody can prove say how they could be', () => {
    const one = errors.namesNotProvable(path, ['a.example.org'], []);
    expect(one.message).toContain(`${path}: nobody can prove that a.example.org is yours.`);
    expect(one.expected).toBe(
      'names of a zone in `zones` of CertManager, or a gateway that answers challenges',
    );
    const two = errors.namesNotProvable(path, ['a', 'b'], ['example.com', 'example.net']);
    expect(two.message).toContain('nobody can prove that a, b are yours.');
    expect(two.expected).toMatch(
      /^names in example\.com or example\.net, at most one level below a wildcard/,
    );
  });
});
