import { ApiServer } from '../testing/api-server';
import { preflight } from './preflight';

describe('a cluster that is to be used', () => {
  let server: ApiServer;
  beforeEach(async () => (server = await ApiServer.start()));
  afterEach(() => server.stop());

  const is = (
    major: string,
    minor: string,
    ...classes: readonly [name: string, isDefault?: string][]
  ): void => {
    server.answer('GET /version', { major, minor, gitVersion: `v${major}.${minor}.1` });
    const items = classes.map(([name, isDefault]) => ({
      metadata: {
        name,
        ...(isDefault === undefined
          ? {}
          : { annotations: { 'storageclass.kubernetes.io/is-default-class': isDefault } }),
      },
    }));
    server.answer('GET /apis/storage.k8s.io/v1/storageclasses', { items });
  };
  const check = (storageClass = '') => preflight({ ...server.cluster, storageClass, make: null });

  it.each([
    ['1', '28'],
    ['1', '28+'],
    ['1', '34'],
    ['2', '0'],
  ])('may be of version %s.%s', async (major, minor) => {
    is(major, minor, ['slow'], ['local', 'true']);
    await expect(check()).resolves.toBeUndefined();
  });

  it.each([
    ['1', '27'],
    ['1', '9+'],
    ['0', '40'],
  ])('is too old in version %s.%s', async (major, minor) => {
    is(major, minor, ['local', 'true']);
    await expect(check()).rejects.toThrow(
      new RegExp(`v${major}\\.${minor.replace('+', '\\+')}\\.1[^]*1\\.28`),
    );
  });

  it('has a default class among its classes, unless one is named', async () => {
    is('1', '34', ['slow'], ['fast', 'false']);
    await expect(check()).rejects.toThrow(/demo[^]*slow[^]*fast/);
    await expect(check('fast')).resolves.toBeUndefined();
  });

  it('has the class that is named, whatever its default is', async () => {
    is('1', '34', ['slow'], ['local', 'true']);
    await expect(check('nfs')).rejects.toThrow(/nfs[^]*slow[^]*local/);
    await expect(check('slow')).resolves.toBeUndefined();
  });

  it('may have no classes where nobody looks for one, and is told apart', async () => {
    is('1', '34');
    await expect(check()).rejects.toThrow(/demo/);
    await expect(check('nfs')).rejects.toThrow(/nfs/);
  });
});
