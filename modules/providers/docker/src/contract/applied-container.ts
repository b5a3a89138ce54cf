import type { Rehearsed } from '@mlterra/testing/contracts';
import { LABELS } from '../labels';
import type { Provision } from '../spec';

/** A container as the provider was given it, with every reference resolved. */
export interface ContainerValues {
  readonly name?: string;
  readonly image?: string;
  readonly entrypoint?: readonly string[] | null;
  readonly command?: readonly string[] | null;
  readonly env?: readonly string[] | null;
  readonly user?: string;
  readonly read_only?: boolean;
  readonly privileged?: boolean | null;
  readonly start?: boolean | null;
  readonly must_run?: boolean | null;
  readonly memory?: number;
  readonly cpu_shares?: number;
  readonly security_opts?: readonly string[] | null;
  readonly capabilities?: readonly { readonly add?: readonly string[]; readonly drop?: readonly string[] }[];
  readonly healthcheck?: readonly { readonly test?: readonly string[] }[];
  readonly labels?: readonly { readonly label: string; readonly value: string }[];
  readonly ports?: readonly unknown[];
  readonly upload?: readonly { readonly file: string; readonly content?: string }[];
  readonly volumes?: readonly { readonly from_container?: string | null }[];
  readonly networks_advanced?: readonly { readonly name: string; readonly aliases?: readonly string[] }[];
  readonly id?: string;
}

/** The same as it is synthesised, with references: what is masked is `sensitive(…)`. */
interface ContainerConfig {
  readonly env?: readonly string[];
  readonly upload?: readonly { readonly file: string; readonly content?: string }[];
  readonly provisioner?: readonly {
    readonly 'local-exec'?: { readonly environment?: Readonly<Record<string, string>> };
  }[];
}

export interface AppliedContainer {
  /** `<stage>-<stack>` */
  readonly stack: string;
  readonly address: string;
  readonly values: ContainerValues;
  /** Name of its image. */
  readonly image?: string;
  /** Name in its workload. */
  readonly label?: string;
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  /** Names in the networks of the stage. */
  readonly hosts: readonly string[];
  /** Files that it has from the container that holds them. */
  readonly files: readonly { readonly path: string; readonly content: string; readonly secret: boolean }[];
  /** Names of the variables that are masked. */
  readonly secretVariables: ReadonlySet<string>;
  readonly provision?: Provision;
}

/** The containers of a stage. */
export function appliedContainers(stage: Rehearsed): readonly AppliedContainer[] {
  const images = new Map(
    stage.resources('docker_image').map(({ values }) => [values['image_id'], String(values['name'])]),
  );
  const networks = new Set(stage.resources('docker_network').map(({ values }) => values['name']));
  const all = stage.resources('docker_container').map(({ stack, address, name, values }) => {
    const typed: ContainerValues = values;
    return { stack, address, values: typed, config: configOf(stage, stack, name) };
  });
  return all.map(({ stack, address, values, config }) => {
    const labels = values.labels ?? [];
    const holders = all.filter((other) =>
      (values.volumes ?? []).some(({ from_container: from }) => from != null && from === other.values.id),
    );
    return {
      stack,
      address,
      values,
      image: images.get(values.image),
      label: labels.find(({ label }) => label === LABELS.container)?.value,
      ports: labels
        .filter(({ label }) => label.startsWith(LABELS.port))
        .map(({ label, value }) => ({ name: label.slice(LABELS.port.length), port: Number(value) })),
      hosts: (values.networks_advanced ?? [])
        .filter(({ name }) => networks.has(name))
        .flatMap(({ aliases = [] }) => [...aliases, values.name ?? '']),
      files: holders.flatMap((holder) =>
        (holder.values.upload ?? []).map(({ file, content = '' }) => ({
          path: file,
          content,
          secret: isMasked(holder.config.upload?.find((each) => each.file === file)?.content),
        })),
      ),
      secretVariables: new Set((config.env ?? []).filter(isMasked).map((entry) => entry.split('=')[0]!)),
      provision: provisionOf(config),
    };
  });
}

function configOf(stage: Rehearsed, stack: string, name: string): ContainerConfig {
  const found = stage.stacks.find(({ stackKey }) => `${stackKey.stage}-${stackKey.stack}` === stack);
  const resources = found?.config['resource'] as
    Readonly<Record<string, Readonly<Record<string, ContainerConfig>>>> | undefined;
  return resources?.['docker_container']?.[name] ?? {};
}

function isMasked(text = ''): boolean {
  return text.includes('sensitive(');
}

function provisionOf({ provisioner = [] }: ContainerConfig): Provision | undefined {
  const given = provisioner[0]?.['local-exec']?.environment?.['MLTERRA_DOCKER_PROVISION'];
  return given === undefined ? undefined : (JSON.parse(given) as Provision);
}
