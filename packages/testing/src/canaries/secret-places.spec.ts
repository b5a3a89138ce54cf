import type { RehearsedStack } from '@mlterra/rehearsal';
import { secretsOutOfPlace } from './secret-places';

const CANARY = 'kA7vT2mQx9LrWz41';

interface Given {
  readonly type?: string;
  readonly values?: Readonly<Record<string, unknown>>;
  readonly outputs?: RehearsedStack['outputs'];
  readonly config?: RehearsedStack['config'];
}

/** A stack in which a password is made, with something beside it. */
const stack = ({ type = 'helm_release', values = {}, outputs = {}, config = {} }: Given): RehearsedStack => {
  const resource = (of: string, name: string, its: Readonly<Record<string, unknown>>) => ({
    address: `${of}.${name}`,
    mode: 'managed' as const,
    type: of,
    name,
    provider: 'x',
    values: its,
  });
  return {
    key: 'demo/dev/tool',
    stackKey: { environment: 'demo', stage: 'dev', stack: 'tool' },
    steps: [],
    resources: [
      resource('random_password', 'admin', { result: CANARY, length: 16, special: false }),
      resource(type, 'tool', values),
    ],
    outputs,
    config,
  };
};
const NAME = 'demo/dev/tool random_password.admin.result';

it.each<[string, Given]>([
  ['a value that is set as a secret', { values: { set_sensitive: [{ name: 'a', value: `x${CANARY}` }] } }],
  ['the user of a database', { type: 'google_sql_user', values: { password: CANARY } }],
  ['a secret output', { outputs: { password: { value: CANARY, sensitive: true } } }],
])('secrets may be in %s', (_what, given) => {
  expect(secretsOutOfPlace([stack(given)])).toEqual([]);
});

it.each<[string, Given, string]>([
  [
    'a ConfigMap among the values of a chart',
    { values: { values: [JSON.stringify({ objects: { file: `password = ${CANARY}\n` } })] } },
    'demo/dev/tool helm_release.tool: values',
  ],
  [
    'a variable of a pod, in Base64',
    { values: { values: [Buffer.from(`PASSWORD=${CANARY}`).toString('base64')] } },
    'demo/dev/tool helm_release.tool: values',
  ],
  [
    'what Helm tells of a release',
    { values: { metadata: [{ values: `{"password":"${CANARY}"}` }] } },
    'demo/dev/tool helm_release.tool: metadata.values',
  ],
  [
    'the command of a container',
    { type: 'docker_container', values: { command: ['server', `--password=${CANARY}`] } },
    'demo/dev/tool docker_container.tool: command',
  ],
  [
    'an output that anybody may read',
    { outputs: { url: { value: { url: `http://admin:${CANARY}@host` }, sensitive: false } } },
    'demo/dev/tool: output url',
  ],
  ['the configuration', { config: { locals: { password: CANARY } } }, 'demo/dev/tool: its configuration'],
])('is told of %s', (_what, given, where) => {
  expect(secretsOutOfPlace([stack(given)])).toEqual([`${where} has ${NAME}`]);
});
