import { checkImage, imageToPull } from './image';

const digest = `sha256:${'a'.repeat(64)}`;

describe('imageToPull', () => {
  it.each([
    ['postgres:18.1', 'docker.io/library/postgres:18.1'],
    ['library/postgres:18.1', 'docker.io/library/postgres:18.1'],
    ['docker.io/library/postgres:18.1', 'docker.io/library/postgres:18.1'],
    ['ghcr.io/mlflow/mlflow:v3', 'ghcr.io/mlflow/mlflow:v3'],
    ['localhost/demo:1', 'localhost/demo:1'],
    ['example.org:5000/a/b:1', 'example.org:5000/a/b:1'],
    [`ghcr.io/a/b@${digest}`, `ghcr.io/a/b@${digest}`],
  ])('finds %s in a mirror', (image, path) => {
    expect(imageToPull(image, { MLTERRA_IMAGE_MIRROR: '127.0.0.1:5000' })).toBe(`127.0.0.1:5000/${path}`);
    expect(imageToPull(image, {})).toBe(image);
  });

  it('leaves an image of the mirror itself alone', () => {
    const mirror = { MLTERRA_IMAGE_MIRROR: 'mirror.example.org/team' };
    expect(imageToPull('mirror.example.org/team/demo:1', mirror)).toBe('mirror.example.org/team/demo:1');
  });

  it.each(['https://mirror.example.org', 'mirror.example.org/', 'a b'])(
    'refuses the mirror "%s"',
    (mirror) => {
      expect(() => imageToPull('demo:1', { MLTERRA_IMAGE_MIRROR: mirror })).toThrow(
        `MLTERRA_IMAGE_MIRROR is "${mirror}", which names no registry.`,
      );
    },
  );
});

describe('checkImage', () => {
  it.each(['demo', 'demo:latest', 'example.org:5000/demo', '', 'a b:1'])('refuses "%s"', (image) => {
    expect(() => checkImage('dev-tool/Demo', 'server', image)).toThrow(
      `dev-tool/Demo: the image "${image}" of the container "server" names no release.`,
    );
  });

  it.each(['demo:1', 'example.org:5000/demo:v1', `demo@${digest}`])('takes "%s"', (image) => {
    expect(() => checkImage('dev-tool/Demo', 'server', image)).not.toThrow();
  });
});
