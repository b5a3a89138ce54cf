import { mustBe, wrong, type Check } from './check';
import type { ObjectStoreFacts } from './facts';
import { isAnyone } from './internet';

/** A folder of a host, or the volume of a tool that keeps objects, has the owner's rights, disk and backups. */
const managed: Check<ObjectStoreFacts>['applies'] = ({ selfRun }, { platformKind }) =>
  platformKind !== 'host' && selfRun !== true;

/** What holds for every object store. */
export const objectStoreChecks: readonly Check<ObjectStoreFacts>[] = [
  {
    id: 'uri',
    rule: 'It has a URI as clients write it.',
    find: ({ address, uri }) =>
      uri !== undefined && /^(file:\/\/\/.+|[a-z][a-z0-9]*:\/\/[^/]+)$/.test(uri)
        ? []
        : [wrong(address, 'the URI', uri, '<scheme>://<name>, or file:///<folder>')],
  },
  {
    id: 'public-access-prevented',
    rule: 'Nobody can make it, or an object in it, public.',
    applies: managed,
    find: ({ address, publicAccessPrevented }) =>
      mustBe(address, 'prevention of public access', publicAccessPrevented, true),
  },
  {
    id: 'no-public-grant',
    rule: 'No grant is for everybody.',
    find: ({ address, grants = [] }) =>
      grants
        .filter(({ member }) => isAnyone(member))
        .map(({ member }) => wrong(address, 'a member of a grant', member, 'a workload by name')),
  },
  {
    id: 'encrypted-at-rest',
    rule: 'Objects are encrypted.',
    applies: managed,
    find: ({ address, encryptedAtRest }) => mustBe(address, 'encryption at rest', encryptedAtRest, true),
  },
  {
    id: 'versioned',
    rule: 'Overwritten and deleted objects can be had back.',
    applies: managed,
    find: ({ address, versioned }) => mustBe(address, 'versioning', versioned, true),
  },
  {
    id: 'uniform-access',
    rule: 'Access is granted on the whole store, not by object.',
    applies: managed,
    find: ({ address, uniformAccess }) => mustBe(address, 'uniform access', uniformAccess, true),
  },
  {
    id: 'retained',
    rule: 'Where the profile protects, a destroy with objects in it fails.',
    applies: (facts, context) => managed(facts, context) && context.profile.deletionProtection,
    find: ({ address, retained }) => mustBe(address, 'retention', retained, true),
  },
  {
    id: 'narrow-grants',
    rule: 'Roles are the narrowest that read, write and delete objects.',
    find: ({ address, grants = [] }) =>
      grants
        .filter(({ narrow }) => !narrow)
        .map(({ member, role }) =>
          wrong(address, `the role of ${member}`, role, 'one that allows no more than objects'),
        ),
  },
  {
    id: 'grants-on-store-only',
    rule: 'Grants are on this store alone.',
    find: ({ address, grants = [] }) =>
      grants
        .filter(({ onStoreOnly }) => !onStoreOnly)
        .map(
          ({ member, role }) =>
            `${address}: ${member} has ${role} on more than this store, expected on it alone`,
        ),
  },
];
