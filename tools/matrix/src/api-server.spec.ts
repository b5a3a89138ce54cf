import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '@mlterra/core';
import { rehearseEnvironment } from '@mlterra/rehearsal';
import {
  appliedOnly,
  observeStage,
  recipeStages,
  rehearsedStage,
  rehearseRecipes,
  stageFacts,
  type ChartFacts,
  type PlatformRecipe,
  type RecipeStage,
  type StageFacts,
} from '@mlterra/testing/contracts';
import { canRunKubernetes, startKubernetes, type KubernetesServer } from '@mlterra/testbed';
import { platforms, tools } from './recipes';
import { chartObjects, kindKey, manifestOf, podOf, ServerSide, type Manifest } from './testing/server-side';

// Minutes, and a cluster of its own: see tools/ci/skips.json.
const onCluster = process.env.MLTERRA_TEST_FULL && canRunKubernetes() ? describe : describe.skip;

/** Charts that the mirror of the test bed cannot have. */
const NOT_TO_BE_HAD: readonly string[] = ['seaweedfs', 'csi-driver-nfs', 'lakefs'];

/** The release whose kinds stand for those of the catalogue's, which the mirror cannot have. */
const EXTERNAL_SECRETS = { chart: 'external-secrets', version: '1.3.2', values: {} };

/** Kinds of the Gateway API and of Envoy Gateway, which recipes take to be there. */
function gatewayKinds(): Manifest[] {
  const folder = join(__dirname, '../../../modules/tools/gateway/crds');
  return ['gateway-api.json', 'envoy-gateway.json'].flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Manifest[],
  );
}

/** Clusters of this machine share one class; k3s stands for them. */
const PROVIDERS = ['gcp', 'k3s'];

const platformOf = (provider: string): PlatformRecipe =>
  platforms.find((each) => each.provider === provider && each.platformKind === 'kubernetes')!;

const isDefinition = ({ kind }: Manifest): boolean => kind === 'CustomResourceDefinition';

onCluster('the API server of a real Kubernetes', () => {
  let kubernetes: KubernetesServer;
  let server: ServerSide;

  beforeAll(async () => {
    kubernetes = await startKubernetes();
    server = ServerSide.of(kubernetes);
  }, 300_000);
  afterAll(() => kubernetes?.stop());

  /** What the server refuses of all that some stages put on the cluster: our objects, those of charts, and their pods. */
  async function refused(stages: readonly StageFacts[]): Promise<readonly string[]> {
    const ours = stages.flatMap(({ objects }) => objects.map(manifestOf));
    const namespaces = ours.filter(({ kind }) => kind === 'Namespace');
    const charts: (readonly [ChartFacts, readonly Manifest[]])[] = [];
    const kinds = gatewayKinds();
    for (const facts of stages.flatMap((stage) => stage.charts)) {
      const objects = await chartObjects(facts);
      if (objects !== undefined) charts.push([facts, objects]);
      else if (facts.chart === EXTERNAL_SECRETS.chart) {
        kinds.push(...((await chartObjects({ ...facts, ...EXTERNAL_SECRETS })) ?? []));
      } else expect(NOT_TO_BE_HAD).toContain(facts.chart);
    }
    const own = ours.filter(isDefinition);
    const others = [...kinds, ...charts.flatMap(([, objects]) => objects)].filter(isDefinition);
    // What a stage brings itself counts, not what is taken to be there.
    const named = new Set(own.map(({ metadata }) => metadata.name));
    const definitions = [...own, ...others.filter(({ metadata }) => !named.has(metadata.name))];
    await server.apply([...namespaces, ...definitions]);
    await server.established(definitions);

    const clusterScoped = await server.clusterScoped();
    const placed = charts.flatMap(([{ namespace }, objects]) =>
      objects.map((object) =>
        clusterScoped.has(kindKey(object)) || object.metadata.namespace !== undefined
          ? object
          : { ...object, metadata: { ...object.metadata, namespace } },
      ),
    );
    const all = [...ours, ...placed].filter((object) => !isDefinition(object));
    // A pod is refused whose account is not there.
    await server.apply(all.filter(({ kind }) => kind === 'ServiceAccount'));
    const pods = all.flatMap((object) => podOf(object) ?? []);
    expect(pods).not.toEqual([]);
    return server.refused([...all, ...pods]);
  }

  it('refuses what no Kubernetes knows, and pods that their namespace does not admit', async () => {
    const name = 'refused';
    const labels = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await server.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } }]);
    const metadata = { name, namespace: name };
    await server.apply([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default', namespace: name } },
    ]);
    const template = { spec: { containers: [{ name, image: 'registry.example.org/demo:v1' }] } };
    const selector = { matchLabels: { name } };
    const spec = { selector, template: { ...template, metadata: { labels: { name } } } };
    const deployment: Manifest = { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec };
    const typo = { apiVersion: 'v1', kind: 'ConfigMap', metadata, dta: {} } as Manifest;
    expect((await server.refused([typo])).join()).toMatch(/unknown field "dta"/);
    expect(await server.refused([deployment])).toEqual([]);
    expect((await server.refused([podOf(deployment)!])).join()).toMatch(/violates PodSecurity "restricted/);
  });

  it.each(PROVIDERS)(
    'takes every object that tools have on %s, of their charts too, and their pods',
    async (provider) => {
      const rehearsed = await rehearseRecipes(platformOf(provider), tools, appliedOnly);
      const stages = Object.keys(recipeStages) as RecipeStage[];
      expect(await refused(stages.map((stage) => stageFacts(rehearsed, stage)))).toEqual([]);
    },
    600_000,
  );

  it.each(PROVIDERS)(
    'takes every object of the environment %s, of its charts too, and their pods',
    async (provider) => {
      const dir = join(__dirname, '../../../environments', provider);
      const { default: definition } = (await import(join(dir, 'environment'))) as { default: Environment };
      const { stacks, error } = await rehearseEnvironment({ definition, dir }, appliedOnly);
      expect(error).toBeUndefined();
      const { observer } = platformOf(provider);
      const stages = definition.stageNames.map((stage) =>
        observeStage(observer, rehearsedStage(stacks, stage)),
      );
      expect(await refused(stages)).toEqual([]);
    },
    600_000,
  );
});
