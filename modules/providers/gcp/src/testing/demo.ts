import {
  defineEnvironment,
  localState,
  type Environment,
  type Profile,
  type ProfileName,
  type Stack,
} from '@mlterra/core';
import { CloudSqlPostgres, type CloudSqlPostgresProps } from '../cloud-sql-postgres';
import { GkeCluster, type GkeClusterProps } from '../gke-cluster';
import { GoogleProject } from '../google-project';
import { KeyRing } from '../key-ring';
import { ProjectServices } from '../project-services';
import { Subnetwork } from '../subnetwork';
import { VpcNetwork } from '../vpc-network';

export const project = new GoogleProject({
  projectId: 'demo-project',
  projectNumber: '123456789012',
  region: 'europe-west3',
});

export interface Demo {
  readonly network: VpcNetwork;
  readonly keyRing: KeyRing;
  readonly subnetwork: () => Subnetwork;
  readonly cluster: (props?: Partial<GkeClusterProps>) => GkeCluster;
  readonly database: (props?: Partial<CloudSqlPostgresProps>) => CloudSqlPostgres;
  /** One more stack of the stage. */
  readonly stack: (name: string) => Stack;
}

export interface DemoProps {
  /** @default "development" */
  readonly profile?: ProfileName;
  readonly overrides?: Partial<Profile>;
}

/** An environment `demo` with the shared stack `foundation` and the stage `dev` that `build` fills. */
export function demo(build: (demo: Demo) => void, props: DemoProps = {}): Environment {
  return defineEnvironment({
    name: 'demo',
    backend: localState(),
    stages: {
      dev: { profile: props.profile ?? 'development', overrides: props.overrides, settings: undefined },
    },
    shared(stage) {
      new ProjectServices(stage.stack('project'), 'services', { project });
      const foundation = stage.stack('foundation');
      return {
        network: new VpcNetwork(foundation, 'network', { project }),
        keyRing: new KeyRing(foundation, 'keys', { project }),
      };
    },
    build(stage, { network, keyRing }) {
      let subnetwork: Subnetwork | undefined;
      let clusterStack: Stack | undefined;
      const stackOfCluster = (): Stack => (clusterStack ??= stage.stack('cluster'));
      const demoSubnetwork = (): Subnetwork =>
        (subnetwork ??= new Subnetwork(stackOfCluster(), 'subnetwork', {
          network,
          machinesCidr: '10.0.0.0/20',
          podsCidr: '10.16.0.0/16',
          servicesCidr: '10.0.16.0/20',
        }));
      build({
        network,
        keyRing,
        subnetwork: demoSubnetwork,
        cluster: (more) =>
          new GkeCluster(stackOfCluster(), 'cluster', { subnetwork: demoSubnetwork(), keyRing, ...more }),
        database: (more) =>
          new CloudSqlPostgres(stage.stack('database'), 'postgres', { network, keyRing, ...more }),
        stack: (name) => stage.stack(name),
      });
    },
  });
}
