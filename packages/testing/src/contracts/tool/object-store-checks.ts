import { wrong, type Check } from '../check';
import type { ObjectStoreFacts, WorkloadFacts } from '../facts';
import type { ValueSource, WorkloadExpectation } from '../recipe';
import { valueAt } from '../value-source';
import { workloadCheck, type ToolFacts } from './tool-facts';

const hasStores = ({ objectStores = [] }: WorkloadExpectation): boolean => objectStores.length > 0;

/** Whether its object stores are there, and its to use. */
export const objectStoreUseChecks: readonly Check<ToolFacts>[] = [
  workloadCheck({
    id: 'object-store',
    rule: 'Every URI of an object store names one that is there for this tool.',
    concerns: hasStores,
    find: (workload, { objectStores = [] }, facts) =>
      objectStores.flatMap((source) => {
        const { place, value } = valueAt(workload, source);
        if (storeAt(workload, source, facts) !== undefined) return [];
        const there = ownStores(facts)
          .map(({ uri }) => uri)
          .join(' or ');
        return [
          wrong(workload.address, `the object store in ${place}`, value, there || 'one, and there is none'),
        ];
      }),
  }),
  workloadCheck({
    id: 'grants',
    rule: 'The program may read and write its object stores by the narrowest role, and nobody else may.',
    concerns: (expectation, { accessManagement }) => accessManagement && hasStores(expectation),
    find: (workload, { objectStores = [] }, facts) => {
      const { address, member } = workload;
      if (member === undefined)
        return [wrong(address, 'who it is to the cloud', member, 'a name that grants can hold')];
      const own = objectStores.flatMap((source) => storeAt(workload, source, facts) ?? []);
      // Which store it should have is not known then, and that is the business of the check before.
      if (own.length < objectStores.length) return [];
      const members = new Set(facts.workloads.map((each) => each.member));
      return [
        ...own.flatMap((store) => [
          ...((store.grants ?? []).some((grant) => grant.member === member)
            ? []
            : [
                wrong(
                  store.address,
                  'the list of those with a grant',
                  membersOf(store),
                  `${member} among them`,
                ),
              ]),
          ...(store.grants ?? [])
            .filter((grant) => !members.has(grant.member))
            .map((grant) =>
              wrong(store.address, 'a member of a grant', grant.member, [...members].join(' or ')),
            ),
          ...(store.grants ?? [])
            .filter((grant) => grant.member === member && !grant.narrow)
            .map(({ role }) =>
              wrong(store.address, `the role of ${member}`, role, 'one that allows no more than objects'),
            ),
          ...(store.grants ?? [])
            .filter((grant) => grant.member === member && !grant.onStoreOnly)
            .map(
              ({ role }) =>
                `${store.address}: ${member} has ${role} on more than this store, expected on it alone`,
            ),
        ]),
        ...facts.objectStores
          .filter((store) => !own.includes(store) && membersOf(store).includes(member))
          .map((store) =>
            wrong(
              store.address,
              'the list of those with a grant',
              membersOf(store),
              `no ${member}, whose store it is not`,
            ),
          ),
      ];
    },
  }),
];

function membersOf({ grants = [] }: ObjectStoreFacts): readonly string[] {
  return grants.map(({ member }) => member);
}

/** Those of the tool's own stack; recipes put no store elsewhere. */
function ownStores({ objectStores, stack }: ToolFacts): readonly ObjectStoreFacts[] {
  return objectStores.filter((store) => store.stack === stack);
}

/** The store that a program's URI is in. */
function storeAt(
  workload: WorkloadFacts,
  source: ValueSource,
  facts: ToolFacts,
): ObjectStoreFacts | undefined {
  const { value = '' } = valueAt(workload, source);
  return ownStores(facts).find(
    ({ uri }) => uri !== undefined && (value === uri || value.startsWith(`${uri}/`)),
  );
}
