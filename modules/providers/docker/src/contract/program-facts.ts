import type { SecretUse, TaskFacts, WorkloadFacts } from '@mlterra/testing/contracts';
import type { AppliedContainer } from './applied-container';

const SHARES_OF_CPU = 1024;

type ProgramFacts = Pick<WorkloadFacts, keyof TaskFacts & keyof WorkloadFacts> &
  Pick<WorkloadFacts, 'seccomp' | 'cpuRequestMillis' | 'apiTokenMounted'>;

/** What any container runs, and what it may do. */
export function programFacts(applied: AppliedContainer): ProgramFacts {
  const { stack, address, values, files, secretVariables, image } = applied;
  const variables = (values.env ?? []).map((entry) => {
    const at = entry.indexOf('=');
    const name = entry.slice(0, at);
    return { name, text: entry.slice(at + 1), secret: secretVariables.has(name) };
  });
  const texts = files.map(({ path, content, secret }) => ({ name: path, text: content, secret }));
  const command = [...(values.entrypoint ?? []), ...(values.command ?? [])];
  return {
    name: values.name ?? address,
    address,
    stack,
    image,
    command,
    variables: plain(variables),
    secretVariables: secret(address, variables),
    files: plain(texts),
    secretFiles: secret(address, texts),
    ...hardening(applied),
    memoryLimitMiB: values.memory,
    cpuRequestMillis:
      values.cpu_shares === undefined ? undefined : Math.round((values.cpu_shares * 1000) / SHARES_OF_CPU),
    plainText: [
      ...command,
      ...(values.labels ?? []).map(({ value }) => value),
      ...(values.healthcheck ?? []).flatMap(({ test = [] }) => test),
      ...[...variables, ...texts].filter((each) => !each.secret).map(({ text }) => text),
    ],
  };
}

interface Named {
  readonly name: string;
  readonly text: string;
  readonly secret: boolean;
}

function plain(all: readonly Named[]): Record<string, string> {
  return Object.fromEntries(all.filter((each) => !each.secret).map(({ name, text }) => [name, text]));
}

function secret(address: string, all: readonly Named[]): Record<string, SecretUse> {
  return Object.fromEntries(
    all
      .filter((each) => each.secret)
      .map(({ name, text }) => [name, { reference: `${address}/${name}`, value: text }]),
  );
}

function hardening({ values }: AppliedContainer) {
  const options = values.security_opts ?? [];
  const [capabilities] = values.capabilities ?? [];
  return {
    nonRoot: /^[1-9]\d*(:[1-9]\d*)?$/.test(values.user ?? ''),
    readOnlyRoot: values.read_only === true,
    capabilitiesDropped:
      capabilities?.drop?.includes('ALL') === true && (capabilities.add ?? []).length === 0,
    privilegeEscalation:
      values.privileged === true || !options.some((option) => /^no-new-privileges([:=]true)?$/.test(option)),
    // The engine filters system calls unless it is told not to.
    seccomp: values.privileged !== true && !options.includes('seccomp=unconfined'),
  };
}
