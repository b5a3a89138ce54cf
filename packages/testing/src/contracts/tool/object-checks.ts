import { wrong, type Check } from '../check';
import { missingSecrets } from './secret-names';
import type { ToolFacts } from './tool-facts';

/** Kubernetes objects of the tool beside programs. */
export const objectChecks: readonly Check<ToolFacts>[] = [
  {
    id: 'objects',
    rule: 'The objects that the tool is made of are in its stack, and name Secrets that are there.',
    applies: ({ recipe }) => (recipe.expectations.objects ?? []).length > 0,
    find: (facts) =>
      (facts.recipe.expectations.objects ?? []).flatMap(({ apiVersion, kind, secretNames }) => {
        const found = facts.objects.filter((each) => each.apiVersion === apiVersion && each.kind === kind);
        if (found.length === 0) {
          const there = facts.objects.map((each) => `${each.apiVersion} ${each.kind}`);
          return [
            wrong(
              facts.stack,
              'the list of objects',
              [...new Set(there)],
              `${apiVersion} ${kind} among them`,
            ),
          ];
        }
        return found.flatMap(({ address, namespace, manifest }) =>
          missingSecrets({ address, namespace, tree: manifest, secretNames }, facts),
        );
      }),
  },
];
