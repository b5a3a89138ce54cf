import { withoutUserInfo } from './address';

it.each([
  ['tcp://ann:secret@10.0.0.1:2375', 'tcp://10.0.0.1:2375'],
  ['ssh://ann@example.org', 'ssh://example.org'],
  ['https://ann:p@ss@example.org/a@b', 'https://example.org/a@b'],
  ['https://example.org/a@b', 'https://example.org/a@b'],
  ['unix:///run/a@b.sock', 'unix:///run/a@b.sock'],
  ['ann@example.org', 'ann@example.org'],
])('%s is shown as %s', (address, shown) => {
  expect(withoutUserInfo(address)).toBe(shown);
});
