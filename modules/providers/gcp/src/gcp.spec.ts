import { StorageBucket } from './storage-bucket';
import { project } from './testing/demo';
import { synth } from './testing/synth';

describe('the provider', () => {
  it('keeps the shape of its stacks', () => {
    expect(
      synth(({ cluster, database, stack, keyRing }) => {
        const platform = cluster();
        const tool = stack('tool');
        database().addDatabase(tool, 'database', { name: 'tool' });
        new StorageBucket(tool, 'objects', { project, keyRing }).grantReadWrite(
          platform.addIdentity(tool, 'identity'),
        );
      }),
    ).toMatchSnapshot();
  });

  it('labels whatever takes labels', () => {
    const stacks = synth(({ cluster, database }) => {
      cluster();
      database();
    });
    const labels = (stack: string): unknown => ({
      'managed-by': 'mlterra',
      environment: 'demo',
      stage: 'dev',
      stack,
    });
    const [cluster] = Object.values(stacks['dev/cluster']!.resource!.google_container_cluster!);
    const [server] = Object.values(stacks['dev/database']!.resource!.google_sql_database_instance!);
    expect(cluster!.resource_labels).toEqual(labels('cluster'));
    expect((server!.settings as Record<string, unknown>).user_labels).toEqual(labels('database'));
    for (const pool of Object.values(stacks['dev/cluster']!.resource!.google_container_node_pool!)) {
      expect((pool.node_config as Record<string, unknown>).resource_labels).toEqual(labels('cluster'));
    }
  });
});
