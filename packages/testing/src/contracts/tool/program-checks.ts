import { runChecks, wrong, type Check } from '../check';
import { postgresChecks } from '../postgres-checks';
import { expectedWorkloads, workloadCheck, type ToolFacts } from './tool-facts';

/** A tag that names a release, not whatever was pushed last. */
const RELEASE_TAG = /^v?\d+(\.\d+)+([._+-][\w.-]*)?$|^v?\d+\.\d+[\w.-]*$/;

const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** What runs, and which release of it. */
export const programChecks: readonly Check<ToolFacts>[] = [
  {
    id: 'programs',
    rule: 'Every program of the tool runs in its stack.',
    applies: ({ recipe }) => recipe.expectations.workloads.length > 0,
    find: (facts) =>
      expectedWorkloads(facts)
        .filter(({ workload }) => workload === undefined)
        .map(({ expectation }) =>
          wrong(
            facts.stack,
            'the list of programs',
            facts.workloads.map(({ container, name }) => container ?? name),
            `${expectation.container} among them`,
          ),
        ),
  },
  {
    id: 'server',
    rule: 'The PostgreSQL server that the tool is runs in its stack, and is what every server must be.',
    applies: ({ recipe }) => recipe.expectations.runsPostgres === true,
    find: ({ stack, postgresServers }, context) => {
      const servers = postgresServers.filter((server) => server.stack === stack);
      if (servers.length === 0) return [`${stack}: there is no PostgreSQL server, expected one`];
      return servers
        .flatMap((server) => runChecks(postgresChecks, server, context).findings)
        .map(({ message }) => message);
    },
  },
  workloadCheck({
    id: 'image-pinned',
    rule: 'The image is the one expected, by the tag of a release or by digest.',
    find: ({ address, image }, { image: expected }) => {
      const { repository, tag, digest } = imageParts(image ?? '');
      return [
        ...(repository === expected ? [] : [wrong(address, 'the image', image, expected)]),
        ...((digest !== undefined && DIGEST.test(digest)) || (tag !== undefined && RELEASE_TAG.test(tag))
          ? []
          : [wrong(address, 'the tag of the image', tag, 'that of a release, or a digest')]),
      ];
    },
  }),
  workloadCheck({
    id: 'program-pinned',
    rule: 'Every requirement names one version.',
    find: ({ address, requirements = [] }) =>
      requirements.length === 0
        ? [wrong(address, 'the list of requirements', requirements, 'at least one')]
        : requirements
            .filter((requirement) => !/^[A-Za-z0-9._-]+(\[[\w,.-]+\])?==[0-9][\w.!+-]*$/.test(requirement))
            .map((requirement) => wrong(address, 'a requirement', requirement, 'one version, by ==')),
  }),
];

/** `registry:5000/name:tag@sha256:…` taken apart. */
function imageParts(image: string): { repository: string; tag?: string; digest?: string } {
  const [name = '', digest] = image.split('@');
  const colon = name.lastIndexOf(':');
  if (colon <= name.lastIndexOf('/')) return { repository: name, digest };
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1), digest };
}
