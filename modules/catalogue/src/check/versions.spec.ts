import { newestLike } from './versions';

it.each([
  ['1.9.0', ['v1.9.0', 'v1.10.0', 'v1.9.9', 'v1.11.0-rc.1'], 'v1.10.0'],
  ['v1.21.1', ['1.21.0', 'v1.20.9'], 'v1.21.1'],
  ['v1.21.1', ['1.21.1'], 'v1.21.1'],
  ['18.4-bookworm', ['18.5', '18.5-alpine', '18.5-bookworm', '19beta1-bookworm', 'latest'], '18.5-bookworm'],
  ['0.38.4', ['helm-v2.19.1', 'v0.38.5'], 'v0.38.5'],
  ['4.44', ['4.44.1', '4.5', '3.99'], '4.44'],
  [
    'RELEASE.2025-09-07T16-13-09Z',
    ['RELEASE.2025-10-15T17-29-55Z', 'RELEASE.2025-10-15T17-29-55Z.fips'],
    'RELEASE.2025-10-15T17-29-55Z',
  ],
])('of versions written like %s, in %j, %s is the newest', (given, versions, newest) => {
  expect(newestLike(given, versions)).toBe(newest);
});
