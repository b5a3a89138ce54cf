import { text } from '@mlterra/core';
import { synthEnvironment } from '@mlterra/testing';
import type { TaskFacts } from '@mlterra/testing/contracts';
import { observeKubernetesTasks, observeKubernetesWorkloads } from './contract';
import { applyRelease, rehearsed, type AppliedArguments } from './testing/applied';
import { exampleEnvironment } from './testing/example';

const PASSWORD = 'made-up-password';

let applied: AppliedArguments;

beforeAll(() => {
  const environment = exampleEnvironment((stack, renderer) => {
    const password = renderer.generateSecret(stack, 'Password');
    renderer.runTask(stack, 'Setup', {
      image: 'registry.example.org/setup:v1.2.3',
      command: ['setup'],
      variables: { PASSWORD: password, NAME: 'notes' },
      files: { '/etc/setup.sql': text`select 1;` },
      timeoutSeconds: 60,
    });
    renderer.run(stack, 'Server', {
      containers: {
        server: {
          image: 'registry.example.org/server:v1.2.3',
          command: ['serve'],
          ports: { tcp: { port: 5432, protocol: 'tcp' } },
          probe: { port: 'tcp', command: ['is-ready', '--quiet'] },
        },
      },
    });
  });
  applied = applyRelease(synthEnvironment(environment)['dev/tool']!, PASSWORD);
});

const observe = (given: AppliedArguments = applied): readonly TaskFacts[] =>
  observeKubernetesTasks(rehearsed(given));

describe('observeKubernetesTasks', () => {
  it('reads all facts about a task from its Job', () => {
    const [task, ...others] = observe();
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      name: 'dev-tool/setup',
      address: 'helm_release.kubernetes Job setup',
      stack: 'dev-tool',
      image: 'registry.example.org/setup:v1.2.3',
      command: ['setup'],
      variables: { NAME: 'notes' },
      secretVariables: { PASSWORD: { value: PASSWORD } },
      files: { '/etc/setup.sql': 'select 1;' },
      nonRoot: true,
      readOnlyRoot: true,
      capabilitiesDropped: true,
      privilegeEscalation: false,
      timeoutSeconds: expect.any(Number),
    });
    expect(task!.timeoutSeconds).toBeGreaterThanOrEqual(60);
    expect(task!.plainText!.join('')).not.toContain(PASSWORD);
  });

  it('sees a task that may run for ever', () => {
    const [values] = applied.values as [string];
    const spoilt = { ...applied, values: [values.replace('activeDeadlineSeconds', 'deadline')] };
    expect(observe(spoilt)[0]!.timeoutSeconds).toBeUndefined();
  });
});

it('a probe by a program in the image is told as that', () => {
  const [server] = observeKubernetesWorkloads(rehearsed(applied), () => undefined);
  expect(server!.readinessProbe).toEqual({ command: ['is-ready', '--quiet'] });
});
