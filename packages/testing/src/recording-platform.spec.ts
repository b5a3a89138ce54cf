import { MountPath, runsContainers } from '@mlterra/core';
import { RecordingPlatform } from './recording-platform';
import { resourcesOf } from './resources';
import { synthStack } from './synth';

it('shows what a tool has run to its end, beside what it runs', () => {
  const platform = new RecordingPlatform('machines');
  const stack = synthStack((scope) => {
    const key = platform.generateSecret(scope, 'Key');
    platform.runTask(scope, 'Setup', {
      image: 'example.org/setup:1.0',
      command: ['sh', new MountPath('/etc/setup.sh')],
      variables: { KEY: key },
      files: { '/etc/setup.sh': 'echo "$KEY"' },
    });
    const image = 'example.org/app:1.0';
    const { endpoints } = platform.run(scope, 'app', {
      containers: { web: { image, command: [], ports: { http: { port: 8000, protocol: 'http' } } } },
    });
    expect(endpoints['web.http']!.host.at(scope)).toBe('app');
    expect(platform.hostHeaders(scope, 'app', { name: 'web.http', port: 8000 })).toEqual([
      'app:8000',
      'localhost:8000',
    ]);
  });
  expect([platform.tasks.length, platform.workloads.length, runsContainers(platform)]).toEqual([1, 1, true]);
  const inputs = Object.values(resourcesOf(stack, 'terraform_data')).map(({ input }) => input);
  expect(inputs).toContainEqual({
    task: {
      name: 'setup',
      image: 'example.org/setup:1.0',
      command: ['sh', '<mount /etc/setup.sh>'],
      variables: { KEY: '<secret secrets/dev-main/Key>' },
      files: { '/etc/setup.sh': 'echo "$KEY"' },
    },
  });
});

it('refuses a task that no platform runs, and does not record it', () => {
  const platform = new RecordingPlatform();
  expect(() =>
    synthStack((scope) => platform.runTask(scope, 'Setup', { image: 'example.org/setup:1.0', command: [] })),
  ).toThrow('dev-main/Setup: the command of the container "task" is empty.');
  expect(platform.tasks).toEqual([]);
});
