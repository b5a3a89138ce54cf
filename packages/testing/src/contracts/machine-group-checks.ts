import { mustBe, wrong, type Check } from './check';
import type { MachineGroupFacts } from './facts';
import { isInternet } from './internet';
import { secretsIn } from './secrets';

/** A group, with the secrets of its stage, none of which its machines may be told in plain text. */
export interface MachineGroupOfStage extends MachineGroupFacts {
  readonly secrets: readonly string[];
}

/** What holds for every group of machines. */
export const machineGroupChecks: readonly Check<MachineGroupOfStage>[] = [
  {
    id: 'no-public-addresses',
    rule: 'Machines have no public address.',
    find: ({ address, publicAddresses }) =>
      mustBe(address, 'the presence of public addresses', publicAddresses, false),
  },
  {
    id: 'disks-encrypted',
    rule: 'Disks are encrypted.',
    find: ({ address, disksEncrypted }) => mustBe(address, 'encryption of the disks', disksEncrypted, true),
  },
  {
    id: 'verified-boot',
    rule: 'Machines check what they boot.',
    find: ({ address, verifiedBoot }) => mustBe(address, 'verified boot', verifiedBoot, true),
  },
  {
    id: 'own-identity',
    rule: 'Machines run as an account made for them.',
    find: ({ address, ownIdentity }) => mustBe(address, 'an account of their own', ownIdentity, true),
  },
  {
    id: 'size',
    rule: 'There is at least one machine, in production at least two.',
    find: ({ address, minMachines: min, maxMachines: max }, { profile }) => {
      const least = profile.highAvailability ? 2 : 1;
      if (min !== undefined && max !== undefined && min >= least && max >= min) return [];
      return [
        wrong(
          address,
          'the number of machines',
          [min ?? null, max ?? null],
          `at least ${least}, and no maximum below it`,
        ),
      ];
    },
  },
  {
    id: 'auto-healing',
    rule: 'A machine that fails its health check is replaced.',
    find: ({ address, autoHealing }) =>
      mustBe(address, 'replacement of unhealthy machines', autoHealing, true),
  },
  {
    id: 'rolling-update',
    rule: 'Machines are replaced a few at a time when their template changes.',
    find: ({ address, rollingUpdate }) => mustBe(address, 'a rolling update', rollingUpdate, true),
  },
  {
    id: 'managed-login',
    rule: "People log in with the cloud's accounts, not with keys on the machines.",
    find: ({ address, managedLogin }) =>
      mustBe(address, "log-in by the cloud's accounts", managedLogin, true),
  },
  {
    id: 'ports-restricted',
    rule: 'Ports are open to named address ranges, never to the whole internet.',
    find: ({ address, openPorts }) => {
      if (openPorts === undefined)
        return [wrong(address, 'what reaches the machines', undefined, 'a list of ports')];
      return openPorts
        .filter(({ from }) => from.length === 0 || from.some(isInternet))
        .map(({ port, from }) => wrong(address, `what reaches port ${port}`, from, 'named address ranges'));
    },
  },
  {
    id: 'user-data-without-secrets',
    rule: 'What machines are told at boot holds no secret.',
    find: ({ address, userData = '', secrets }) =>
      secretsIn([userData], secrets).map(
        (kind) => `${address}: user data holds ${kind} as plain text, expected a reference`,
      ),
  },
  {
    id: 'serial-console-off',
    rule: 'The serial console is off.',
    find: ({ address, serialConsole }) => mustBe(address, 'the serial console', serialConsole, false),
  },
];
