import { ensureImages, hasImages } from './make-images';

const UNKNOWN = 'docker.io/library/nobody-has-this:1';

test('an image that the test bed does not have is told, and nothing is started for it', async () => {
  expect(hasImages([UNKNOWN])).toBe(false);
  await expect(ensureImages([UNKNOWN])).rejects.toThrow(
    `The test bed has no image "${UNKNOWN}". The names of those it has are in tools/testbed/src/docker/stand-ins.ts.`,
  );
});
