import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue } from '@mlterra/catalogue';
import { isChartMirrorMade, isHelmBuilt } from '@mlterra/testbed';
import { definitions } from './gateway-crds';
import { publishedCrds } from './testing/published-crds';

const FILES = ['gateway-api', 'envoy-gateway'] as const;
const inFull = process.env.MLTERRA_TEST_FULL && isChartMirrorMade() && isHelmBuilt() ? test : test.skip;

inFull('the definitions are those that upstream publishes, without their descriptions', async () => {
  const published = await publishedCrds();
  for (const file of FILES) {
    const path = join(__dirname, '..', 'crds', `${file}.json`);
    const lines = published[file].map((each) => JSON.stringify(each)).join(',\n');
    // To take those of another version.
    if (process.env.MLTERRA_WRITE_CRDS) writeFileSync(path, `[\n${lines}\n]\n`);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual(published[file]);
  }
});

describe('the definitions', () => {
  it('are few enough for one release of Helm, which keeps them in a Secret', () => {
    const size = FILES.map((file) => JSON.stringify(definitions(file, true)).length).reduce((a, b) => a + b);
    expect(size).toBeLessThan(1_000_000);
  });

  it('are of the standard channel, and stay when the release goes if they are to be kept', () => {
    const all = definitions('gateway-api', true);
    expect(all.map(({ metadata }) => metadata.name)).toContain('httproutes.gateway.networking.k8s.io');
    for (const { metadata } of all) {
      expect(metadata.annotations).toMatchObject({
        'gateway.networking.k8s.io/channel': 'standard',
        'gateway.networking.k8s.io/bundle-version': `v${catalogue.gatewayApi.version}`,
        'helm.sh/resource-policy': 'keep',
      });
    }
    const [first] = definitions('gateway-api', false);
    expect(first!.metadata.annotations).not.toHaveProperty(['helm.sh/resource-policy']);
  });
});
