import { renderLiteral, type Profile } from '@mlterra/core';
import { Fn, Lazy, TerraformLocal, TerraformOutput } from 'cdktf';
import { Construct } from 'constructs';
import type { ComposeProject } from '../compose/compose-project';
import { MACHINE_SCRIPT_PATH } from './scripts';
import { PROJECT_FOLDER, systemFiles, type MachineFile, type SystemFilesProps } from './machine-files';

/** Name of the local with the files of the project, secrets included. */
export const FILES_LOCAL = 'machine_files';

const COMPOSE_LOCAL = 'machine_compose';
const SECRETS_LOCAL = 'machine_secrets';
const SYSTEM_LOCAL = 'machine_system';
const CONFIG_LOCAL = 'machine_cloud_config';
const USER_DATA_LOCAL = 'machine_user_data';

/** Shorter texts become longer when they are compressed and written in base64. */
const WORTH_COMPRESSING = 200;

const MOUNT = '/var/lib/mlterra';

export interface UserDataProps {
  /** The project, made by the resolver that {@link FILES_LOCAL} was given to, as it is when the stack is complete. */
  readonly project: () => Omit<SystemFilesProps, 'profile'>;
  readonly profile: Profile;
  /** A disk for the volumes, which outlives the machine, e.g. `/dev/disk/by-id/…`. @default - the machine's own disk */
  readonly dataDisk?: string;
  /**
   * `plain`: text. `gzip-base64`: compressed, for clouds that take base64 or where cloud-init decodes it. @default "plain"
   */
  readonly encoding?: UserDataEncoding;
  /** Most bytes that the cloud takes, in the encoding chosen: base64 is a third longer than what it holds. @default 16384 */
  readonly maxBytes?: number;
}

export type UserDataEncoding = 'plain' | 'gzip-base64';

/** Bytes that every cloud takes. */
const DEFAULT_MAX_BYTES = 16_384;

/**
 * What cloud-init does on a machine: write the files of a project, and have systemd bring it up. Everything is built in
 * `locals`, where Terraform templates are escaped once.
 */
export class UserData extends Construct {
  /** A Terraform template, sensitive if the project has secrets. */
  public readonly value: string;

  public constructor(scope: Construct, id: string, props: UserDataProps) {
    super(scope, id);
    const project = (): ComposeProject => props.project().project;
    const system = (): readonly MachineFile[] => systemFiles({ ...props.project(), profile: props.profile });
    this.local(FILES_LOCAL, () =>
      Object.fromEntries(project().files.map(({ path, content }) => [renderLiteral(path), content])),
    );
    this.local(COMPOSE_LOCAL, () => project().document);
    this.local(SECRETS_LOCAL, () => secretsFile(project()));
    this.local(SYSTEM_LOCAL, () =>
      Object.fromEntries(system().map(({ path, content }) => [path, renderLiteral(content)])),
    );
    this.local(CONFIG_LOCAL, () => cloudConfig(project(), system(), props.dataDisk));
    const text = `\${join("\\n", ["#cloud-config", jsonencode(local.${CONFIG_LOCAL}), ""])}`;
    this.local(USER_DATA_LOCAL, () => text);
    const plain = `local.${USER_DATA_LOCAL}`;
    const encoded = props.encoding === 'gzip-base64' ? `base64gzip(${plain})` : plain;
    this.value = `\${${encoded}}`;
    this.checkSize(encoded, props.maxBytes ?? DEFAULT_MAX_BYTES);
  }

  private local(name: string, produce: () => unknown): void {
    new TerraformLocal(this, name, Lazy.anyValue({ produce })).overrideLogicalId(name);
  }

  /** Terraform stops where the text is known to be too large; a text it learns at apply is checked by the cloud. */
  private checkSize(encoded: string, maxBytes: number): void {
    const bytes = `length(base64encode(${encoded})) * 3 / 4`;
    const output = new TerraformOutput(this, 'Size', {
      value: `\${nonsensitive(sensitive(${bytes}))}`,
      description: 'Bytes of user data, rounded up to three',
    });
    // CDKTF forgets a precondition of an output.
    output.addOverride('precondition', {
      condition: `\${${bytes} <= ${maxBytes + 2}}`,
      error_message: `The user data is larger than the ${maxBytes} bytes that the cloud takes. Put large files into an image or an object store, or divide the stack.`,
    });
    output.overrideLogicalId('machine_user_data_bytes');
  }
}

function cloudConfig(project: ComposeProject, system: readonly MachineFile[], dataDisk?: string): object {
  return {
    ssh_pwauth: false,
    disable_root: true,
    ...(dataDisk === undefined ? {} : diskConfig(dataDisk)),
    // Before the files: the folder is open to nobody else at any time.
    bootcmd: [['install', '-d', '-m', '0700', PROJECT_FOLDER]],
    write_files: [
      ...system.map(({ path, permissions, content }) =>
        content.length < WORTH_COMPRESSING
          ? { path, permissions, content: `\${local.${SYSTEM_LOCAL}["${path}"]}` }
          : writeFile(path, permissions, `local.${SYSTEM_LOCAL}["${path}"]`),
      ),
      writeFile(`${PROJECT_FOLDER}/compose.json`, '0600', `jsonencode(local.${COMPOSE_LOCAL})`),
      writeFile(`${PROJECT_FOLDER}/secrets.env`, '0600', `local.${SECRETS_LOCAL}`),
      ...project.files.map(({ path }) =>
        writeFile(
          renderLiteral(`${PROJECT_FOLDER}/${path}`),
          '0400',
          `local.${FILES_LOCAL}[${JSON.stringify(renderLiteral(path))}]`,
        ),
      ),
    ],
    runcmd: [[MACHINE_SCRIPT_PATH, 'setup']],
  };
}

/** A disk is formatted once: whatever is on it stays. */
function diskConfig(device: string): object {
  const disk = renderLiteral(device);
  return {
    fs_setup: [{ device: disk, filesystem: 'ext4', label: 'mlterra', partition: 'none', overwrite: false }],
    mounts: [[disk, MOUNT, 'ext4', 'defaults,nofail', '0', '2']],
  };
}

function writeFile(path: string, permissions: string, expression: string): object {
  return {
    path,
    permissions,
    encoding: 'gz+b64',
    content: `\${base64gzip(${expression})}`,
  };
}

/** Assignments as a shell reads them, whatever is in the secrets. */
function secretsFile({ secrets }: ComposeProject): string {
  return Object.entries(secrets)
    .map(([name, secret]) => `${name}='${Fn.replace(secret, "'", "'\\\\''")}'\n`)
    .join('');
}
