import { runChecks, wrong, type Check } from '../check';
import { postgresChecks } from '../postgres-checks';
import { imageParts, isPinned } from './image';
import { expectedWorkloads, workloadCheck, type ToolFacts } from './tool-facts';

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
      const { repository, tag } = imageParts(image ?? '');
      return [
        ...(repository === expected ? [] : [wrong(address, 'the image', image, expected)]),
        ...(isPinned(image ?? '')
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
