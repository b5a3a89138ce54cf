import { mustBe, wrong, type Check } from '../check';
import { workloadCheck, type ToolFacts } from './tool-facts';

/** What a program may do on the machine it runs on. */
export const hardeningChecks: readonly Check<ToolFacts>[] = [
  workloadCheck({
    id: 'non-root',
    rule: 'The program does not run as root.',
    find: ({ address, nonRoot }) => mustBe(address, 'a user other than root', nonRoot, true),
  }),
  workloadCheck({
    id: 'read-only-root',
    rule: 'The root of its file system is read-only.',
    find: ({ address, readOnlyRoot }) => mustBe(address, 'a read-only root', readOnlyRoot, true),
  }),
  workloadCheck({
    id: 'capabilities-dropped',
    rule: 'It has no capability of the kernel.',
    find: ({ address, capabilitiesDropped }) =>
      mustBe(address, 'the dropping of all capabilities', capabilitiesDropped, true),
  }),
  workloadCheck({
    id: 'no-privilege-escalation',
    rule: 'It cannot gain privileges.',
    find: ({ address, privilegeEscalation }) =>
      mustBe(address, 'privilege escalation', privilegeEscalation, false),
  }),
  workloadCheck({
    id: 'seccomp',
    rule: 'Its system calls are filtered.',
    find: ({ address, seccomp }) => mustBe(address, 'a seccomp profile', seccomp, true),
  }),
  workloadCheck({
    id: 'resources',
    rule: 'It asks for cpu, and its memory is limited.',
    find: ({ address, cpuRequestMillis, memoryLimitMiB }) => [
      ...((cpuRequestMillis ?? 0) > 0
        ? []
        : [wrong(address, 'the cpu asked for', cpuRequestMillis, 'a number of millicores')]),
      ...((memoryLimitMiB ?? 0) > 0
        ? []
        : [wrong(address, 'the limit of memory', memoryLimitMiB, 'a number of MiB')]),
    ],
  }),
  workloadCheck({
    id: 'api-token',
    rule: "A token of the cluster's API is in the container only where the tool needs one.",
    find: ({ address, apiTokenMounted }, { usesClusterApi = false }) =>
      mustBe(address, "a token of the cluster's API", apiTokenMounted, usesClusterApi),
  }),
];
