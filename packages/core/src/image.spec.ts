import { checkImage, imageToPull } from './image';

const digest = `sha256:${'a'.repeat(64)}`;

describe('imageToPull', () => {
  it.each([
    ['postgres:18.1', 'docker.io/library/postgres:18.1'],
    ['library/postgres:18.1', 'docker.io/library/postgres:18.1'],
    ['docker.io/library/postgres:18.1', 'docker.io/library/postgres:18.1'],
    ['ghcr.io/mlflow/mlflow:v3', 'ghcr.io/mlflow/mlflow:v3'],
    ['localhost/demo:1', 'localhost/demo:1'],
    ['localhostess/demo:1', 'docker.io/localhostess/demo:1'],
    ['team/localhost/demo:1', 'docker.io/team/localhost/demo:1'],
    ['team/a.b/demo:1', 'docker.io/team/a.b/demo:1'],
    ['registry:5000/demo:1', 'registry:5000/demo:1'],
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

  it('does not take an image for one of the mirror by a name that only begins like it', () => {
    const mirror = { MLTERRA_IMAGE_MIRROR: 'mirror.example.org/team' };
    expect(imageToPull('mirror.example.org/teams/demo:1', mirror)).toBe(
      'mirror.example.org/team/mirror.example.org/teams/demo:1',
    );
  });

  it.each(['mirror', 'Mirror.example.org', 'h:5000', 'h/a/b_c', 'h:5000/a.b/c-d'])(
    'takes the mirror "%s"',
    (mirror) => {
      expect(imageToPull('demo:1', { MLTERRA_IMAGE_MIRROR: mirror })).toBe(
        `${mirror}/docker.io/library/demo:1`,
      );
    },
  );

  it('leaves an image alone where the mirror is empty, or there is none in the environment of the process', () => {
    expect(imageToPull('demo:1', { MLTERRA_IMAGE_MIRROR: '' })).toBe('demo:1');
    const before = process.env.MLTERRA_IMAGE_MIRROR;
    process.env.MLTERRA_IMAGE_MIRROR = 'mirror.example.org';
    try {
      expect(imageToPull('demo:1')).toBe('mirror.example.org/docker.io/library/demo:1');
      delete process.env.MLTERRA_IMAGE_MIRROR;
      expect(imageToPull('demo:1')).toBe('demo:1');
    } finally {
      if (before !== undefined) process.env.MLTERRA_IMAGE_MIRROR = before;
    }
  });

  it.each([
    ...['https://mirror.example.org', 'mirror.example.org/', 'a b', 'h:', 'h:x', 'h:5000x', 'h//a'],
    ...['h/a b', '/h', ' h', 'h '],
  ])('refuses the mirror "%s"', (mirror) => {
    expect(() => imageToPull('demo:1', { MLTERRA_IMAGE_MIRROR: mirror })).toThrow(
      `MLTERRA_IMAGE_MIRROR is "${mirror}", which names no registry.`,
    );
  });
});

describe('checkImage', () => {
  const longer = `demo@${digest}`;

  it.each([
    ...[
      'demo',
      'demo:latest',
      'example.org:5000/demo',
      '',
      'a b:1',
      ' demo:1',
      'demo:1 ',
      'demo:',
      ':1',
      'demo:.1',
    ],
    ...['demo:a:b', 'example.org:port/demo:1', 'example.org:5000/:1', 'demo:1/2', 'a@b:1'],
    ...[`${longer}0`, longer.slice(0, -1), `demo@${digest.toUpperCase()}`],
  ])('refuses "%s"', (image) => {
    expect(() => checkImage('dev-tool/Demo', 'server', image)).toThrow(
      `dev-tool/Demo: the image "${image}" of the container "server" names no release.`,
    );
  });

  it.each([
    'demo:1',
    'demo:_',
    'd:v1.2-3',
    'a/b:latest-1',
    'h:5000/a/b:v1',
    'h:50/d:v1',
    longer,
    `h:50/d:v1@${digest}`,
  ])('takes "%s"', (image) => {
    expect(() => checkImage('dev-tool/Demo', 'server', image)).not.toThrow();
  });
});
