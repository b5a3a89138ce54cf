import { MlterraError } from '@mlterra/core/errors';
import { Construct } from 'constructs';
import { fetchCertificate, sealAgain } from './controller';
import {
  controllerOf,
  describeController,
  describeSealed,
  sealedOf,
  type SealedDescription,
} from './sealed-construct';
import type { SealedContent } from './sealed-file';
import { MemoryCluster } from './testing/memory-cluster';

const CONTROLLER = { namespace: 'dev-sealed', service: 'sealed-secrets' };
const PROXY = '/api/v1/namespaces/dev-sealed/services/http:sealed-secrets:http/proxy/v1';

const content = (annotations: Record<string, string> = {}): SealedContent => ({
  namespace: 'dev-tool',
  name: 'login',
  scope: 'strict',
  annotations,
  encryptedData: { user: 'old-1', password: 'old-2' },
  template: { type: 'Opaque' },
  version: '1',
});
const rotated = { spec: { encryptedData: { user: 'new-1', password: 'new-2' } } };

let cluster: MemoryCluster;
beforeEach(() => {
  cluster = new MemoryCluster();
  cluster.answer = rotated;
  cluster.texts.set(`${PROXY}/cert.pem`, 'certificates');
});
const refuse = (status: number, reason = 'because'): void => {
  cluster.refusals = [{ request: '', status, reason }];
};
const fetch = () => fetchCertificate(cluster, CONTROLLER);
const again = () => sealAgain(cluster, CONTROLLER, content(), 'login.sealed.yaml');

describe('the certificate of the controller', () => {
  it('is fetched by its Service', async () => {
    await expect(fetch()).resolves.toBe('certificates');
    expect(cluster.requests).toEqual([`GET ${PROXY}/cert.pem`]);
  });

  it('may be empty, which is not the same as missing', async () => {
    cluster.texts.set(`${PROXY}/cert.pem`, '');
    await expect(fetch()).resolves.toBe('');
  });
});

describe('sealing again', () => {
  it('has the controller rotate what is sealed, for the same Secret', async () => {
    await expect(again()).resolves.toEqual(rotated.spec.encryptedData);
    const metadata = { name: 'login', namespace: 'dev-tool' };
    expect(cluster.posted).toEqual([
      [
        `${PROXY}/rotate`,
        {
          apiVersion: 'bitnami.com/v1alpha1',
          kind: 'SealedSecret',
          metadata,
          spec: { encryptedData: { user: 'old-1', password: 'old-2' }, template: { metadata } },
        },
      ],
    ]);
  });

  it('says the scope, which is in the annotations', async () => {
    const annotations = { 'sealedsecrets.bitnami.com/cluster-wide': 'true' };
    await sealAgain(cluster, CONTROLLER, content(annotations), 'login.sealed.yaml');
    const metadata = { name: 'login', namespace: 'dev-tool', annotations };
    expect(cluster.posted[0]![1]).toMatchObject({ metadata, spec: { template: { metadata } } });
  });

  it('of a file that the controller cannot open says so', async () => {
    refuse(500);
    await expect(again()).rejects.toThrow(/The controller cannot open login\.sealed\.yaml: none of its keys/);
  });
});

describe.each<[string, () => Promise<unknown>]>([
  ['fetching the certificate', fetch],
  ['sealing again', again],
])('%s', (_, ask) => {
  it.each<[number, RegExp]>([
    [404, /"sealed-secrets" in the namespace "dev-sealed" does not answer: there is no such service\./],
    [503, /"sealed-secrets" in the namespace "dev-sealed" does not answer: none of its pods is ready\./],
    [403, /^The API of the cluster at https:\/\/cluster refuses .*: 403 404 503 500 in the reason$/],
  ])('when the API answers %i says what that means', async (status, message) => {
    refuse(status, status === 403 ? '404 503 500 in the reason' : 'because');
    await expect(ask()).rejects.toThrow(message);
  });

  it.each<[string, Error]>([
    ['a defect', new Error('refused: 500 because, : 404 because')],
    ['another trouble', new MlterraError({ code: 'other', message: 'it: 404 and: 503 and: 500 ' })],
  ])('passes %s on as it is', async (_, error) => {
    cluster.text = () => Promise.reject(error);
    cluster.post = () => Promise.reject(error);
    await expect(ask()).rejects.toBe(error);
  });
});

it('the certificate of a Service that is missing cannot be fetched', async () => {
  cluster.texts.clear();
  await expect(fetch()).rejects.toThrow(/does not answer: there is no such service\./);
});

describe('a construct', () => {
  const construct = () => new Construct(undefined as never, '');

  it('that is described as sealed, or as a controller, is found as that only', () => {
    const [sealed, controller, other] = [construct(), construct(), construct()];
    const description: SealedDescription = {
      recipient: { namespace: 'dev-tool', name: 'login' },
      file: '/secrets/login.sealed.yaml',
      controller,
    };
    describeSealed(sealed, description);
    describeController(controller, CONTROLLER);
    expect([sealed, controller, other].map(sealedOf)).toEqual([description, undefined, undefined]);
    expect([sealed, controller, other].map(controllerOf)).toEqual([undefined, CONTROLLER, undefined]);
  });
});
