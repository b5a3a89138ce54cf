import type { Workload } from '@mlterra/core';
import { resourcesOf, synthEnvironment, type StackJson } from '@mlterra/testing';
import { observeKubernetesWorkloads } from './contract';
import { applyRelease, rehearsed } from './testing/applied';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';
import { sampleContainer } from './testing/sample-workload';

const SCALING = { minReplicas: 3, maxReplicas: 50, cpuPercent: 70, memoryPercent: 80 };

function run(workload: Partial<Workload>): StackJson {
  const environment = exampleEnvironment((stack, renderer) => {
    const server = sampleContainer(renderer.generateSecret(stack, 'Password'));
    renderer.run(stack, 'Demo', { containers: { server }, ...workload });
  });
  return synthEnvironment(environment)['dev/tool']!;
}

describe('a workload that is scaled', () => {
  it('grows by cpu and memory, and shrinks slowly', () => {
    const [scaler, ...others] = objects(run({ scaling: SCALING }), 'HorizontalPodAutoscaler');
    expect(others).toEqual([]);
    expect(scaler).toMatchObject({
      apiVersion: 'autoscaling/v2',
      metadata: { name: 'demo', namespace: 'dev-tool' },
    });
    expect(scaler!.spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'demo' },
      minReplicas: 3,
      maxReplicas: 50,
      metrics: [
        {
          type: 'Resource',
          resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } },
        },
        {
          type: 'Resource',
          resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: 80 } },
        },
      ],
      behavior: {
        scaleDown: {
          stabilizationWindowSeconds: 300,
          policies: [{ type: 'Pods', value: 1, periodSeconds: 60 }],
        },
      },
    });
  });

  it('leaves the number of replicas to the scaler, with a budget and spread machines', () => {
    const stack = run({ scaling: SCALING, replicas: 7 });
    const [deployment] = objects(stack, 'Deployment');
    expect(deployment!.spec).not.toHaveProperty('replicas');
    expect(deployment!.spec.template.spec.topologySpreadConstraints).toHaveLength(2);
    expect(objects(stack, 'PodDisruptionBudget')).toHaveLength(1);
    expect(resourcesOf(stack, 'helm_release').kubernetes!.timeout).toBe(600 + 3 * 180);
  });

  it('has no budget while one replica is enough, which would keep its machine from ever being emptied', () => {
    const stack = run({ scaling: { minReplicas: 1, maxReplicas: 3, cpuPercent: 70 } });
    expect(objects(stack, 'PodDisruptionBudget')).toEqual([]);
    expect(objects(stack, 'HorizontalPodAutoscaler')[0]!.spec.metrics).toHaveLength(1);
    expect(objects(run({ replicas: 3 }), 'HorizontalPodAutoscaler')).toEqual([]);
  });

  it('is seen with the least of its replicas', () => {
    const [workload] = observeKubernetesWorkloads(
      rehearsed(applyRelease(run({ scaling: SCALING }))),
      () => undefined,
    );
    expect(workload!.replicas).toBe(3);
  });
});

describe('containers that name the same volume', () => {
  it('share one claim', () => {
    const server = {
      image: 'registry.example.org/demo:v1',
      command: ['demo'],
      volumes: { '/data': { name: 'data', sizeGiB: 5 } },
    };
    const copier = { ...server, volumes: { '/backup': { name: 'data', sizeGiB: 5 } } };
    const stack = run({ containers: { server, copier } });
    expect(objects(stack, 'PersistentVolumeClaim').map(({ metadata }) => metadata.name)).toEqual([
      'demo-data',
    ]);
    const { volumes, containers } = objects(stack, 'Deployment')[0]!.spec.template.spec;
    expect(volumes.filter(({ name }: { name: string }) => name === 'data-data')).toHaveLength(1);
    expect(
      containers.map(({ volumeMounts }: { volumeMounts: { name: string; mountPath: string }[] }) =>
        volumeMounts.find(({ name }) => name === 'data-data'),
      ),
    ).toEqual([
      { name: 'data-data', mountPath: '/data' },
      { name: 'data-data', mountPath: '/backup' },
    ]);
  });
});
