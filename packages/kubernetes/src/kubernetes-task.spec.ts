import type { Container, Task } from '@mlterra/core';
import { resourcesOf, synthEnvironment, type StackJson } from '@mlterra/testing';
import { exampleEnvironment } from './testing/example';
import { objects } from './testing/objects';

const container: Container = { image: 'registry.example.org/demo:v1', command: ['demo'] };

function task(changes: Partial<Task> = {}, schedulingSeconds?: number): StackJson {
  return synthEnvironment(
    exampleEnvironment(
      (stack, renderer) => {
        const password = renderer.generateSecret(stack, 'Password');
        renderer.runTask(stack, 'Make', { ...container, variables: { PASSWORD: password }, ...changes });
      },
      'development',
      { schedulingSeconds },
    ),
  )['dev/tool']!;
}

describe('a task', () => {
  it('is a Job as hard as other pods, given up after its time and that of its image', () => {
    const { metadata, spec } = objects(task({ userId: 999, timeoutSeconds: 40 }, 60), 'Job')[0]!;
    expect(metadata.name).toBe('make');
    expect(spec).toMatchObject({ activeDeadlineSeconds: 100, backoffLimit: 5 });
    const pod = spec.template.spec;
    expect(pod).toMatchObject({ restartPolicy: 'Never', automountServiceAccountToken: false });
    expect(pod.containers[0]).toMatchObject({
      name: 'task',
      command: ['demo'],
      securityContext: { readOnlyRootFilesystem: true, runAsUser: 999, capabilities: { drop: ['ALL'] } },
    });
  });

  it('reads secrets from its Secret', () => {
    const stack = task();
    const [{ env }] = objects(stack, 'Job')[0]!.spec.template.spec.containers;
    expect(env).toContainEqual({
      name: 'PASSWORD',
      valueFrom: { secretKeyRef: { name: 'make', key: expect.stringContaining('PASSWORD') } },
    });
    expect(JSON.stringify(objects(stack, 'Job'))).not.toContain('random_password');
  });

  it('is waited for', () => {
    const { kubernetes } = resourcesOf(task({ timeoutSeconds: 40 }, 60), 'helm_release');
    expect(kubernetes).toMatchObject({ wait_for_jobs: true, timeout: 100 });
  });

  it('is refused where it has nothing to run', () => {
    expect(() => task({ command: [] })).toThrow(/Make: .*"task"/);
  });
});
