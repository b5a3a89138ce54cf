import { wrong, type Check } from '../check';
import type { WorkloadExpectation } from '../recipe';
import { secretsIn } from '../secrets';
import { valueAt } from '../value-source';
import { textsIn } from './value-path';
import { expectedWorkloads, workloadCheck, type ToolFacts } from './tool-facts';

/** Names of variables that hold something secret, not a path to it or a switch about it. */
const SECRET_NAME =
  /(PASSWORD|PASSWD|PASSPHRASE|SECRET_KEY|ACCESS_KEY|API_KEY|PRIVATE_KEY|CREDENTIALS?|(^|_)TOKEN)$/i;

/** Shorter ones are guessed. */
const LEAST_SECRET_LENGTH = 8;

const sources = ({ databaseUrls = [], secrets = [] }: WorkloadExpectation) => [
  ...databaseUrls.map(({ from }) => from),
  ...secrets,
];

/** That secrets are there, and nowhere else. */
export const credentialChecks: readonly Check<ToolFacts>[] = [
  workloadCheck({
    id: 'secrets-given',
    rule: 'The program gets every secret it needs.',
    concerns: ({ secrets = [] }) => secrets.length > 0,
    find: (workload, { secrets = [] }) =>
      secrets.flatMap((source) => {
        const { place, value = '' } = valueAt(workload, source);
        return value.length >= LEAST_SECRET_LENGTH
          ? []
          : [
              wrong(
                workload.address,
                `the length of the secret in ${place}`,
                value.length,
                `${LEAST_SECRET_LENGTH} or more`,
              ),
            ];
      }),
  }),
  {
    id: 'credentials-by-reference',
    rule: 'Secrets stand nowhere but where the platform keeps secrets.',
    find: (facts) => [
      ...expectedWorkloads(facts).flatMap(({ workload, expectation }) => {
        if (workload === undefined) return [];
        return sources(expectation).flatMap((source) => {
          const { place, value, reference } = valueAt(workload, source);
          return value === undefined || reference !== undefined
            ? []
            : [`${workload.address}: the secret in ${place} is plain text, expected a reference`];
        });
      }),
      ...[...facts.workloads, ...facts.tasks].flatMap(({ address, variables = {}, plainText }) => [
        ...(plainText === undefined
          ? [wrong(address, 'what anyone can read of it', undefined, 'a list of texts')]
          : []),
        ...secretsIn(plainText ?? [], facts.secrets).map(
          (kind) => `${address}: ${kind} stands in plain text, expected a reference`,
        ),
        ...Object.entries(variables)
          .filter(([name, value]) => SECRET_NAME.test(name) && value !== '' && !value.startsWith('/'))
          .map(([name]) => `${address}: the variable ${name} is plain text, expected a reference`),
      ]),
      ...facts.objects
        .filter(({ kind }) => kind !== 'Secret')
        .flatMap(({ address, manifest }) =>
          secretsIn(
            textsIn(manifest).map(({ text }) => text),
            facts.secrets,
          ).map((what) => `${address}: ${what} stands in plain text, expected a reference`),
        ),
      ...Object.entries(facts.plainOutputs).flatMap(([name, text]) =>
        secretsIn([text], facts.secrets).map(
          (kind) => `${facts.stack}: ${kind} stands in the output ${name}, expected a reference`,
        ),
      ),
    ],
  },
];
