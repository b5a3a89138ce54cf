import type { Profile } from '@mlterra/core';
import type { ComposeProject } from '../compose/compose-project';
import { machineScript, MACHINE_SCRIPT_PATH } from './scripts';
import { units, type UnitProps } from './units';

/** Folder of the project on a machine. */
export const PROJECT_FOLDER = '/etc/mlterra';

/** Folder with a folder for every volume. A disk of its own may be mounted on the one above it. */
export const VOLUME_FOLDER = '/var/lib/mlterra/volumes';

/** A file that a machine has of us, beside what belongs to its project. */
export interface MachineFile {
  readonly path: string;
  readonly permissions: string;
  readonly content: string;
}

export interface SystemFilesProps extends UnitProps {
  readonly project: ComposeProject;
  /** Names of the services that are workloads: those that have to be up. */
  readonly workloads: readonly string[];
  readonly profile: Profile;
}

/** Files without references and without secrets. */
export function systemFiles(props: SystemFilesProps): readonly MachineFile[] {
  return [
    { path: MACHINE_SCRIPT_PATH, permissions: '0755', content: machineScript() },
    ...Object.entries(units(props)).map(([name, content]) => ({
      path: `/etc/systemd/system/${name}`,
      permissions: '0644',
      content,
    })),
    { path: `${PROJECT_FOLDER}/manifest`, permissions: '0600', content: manifest(props) },
    {
      path: '/etc/systemd/journald.conf.d/50-mlterra.conf',
      permissions: '0644',
      content: `[Journal]\nSystemMaxUse=500M\nMaxRetentionSec=${props.profile.retentionDays}day\n`,
    },
    {
      path: '/etc/apt/apt.conf.d/52mlterra-upgrades',
      permissions: '0644',
      content: 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n',
    },
  ];
}

/** What `machine.sh` has to know of the project: rows of a kind and what belongs to it, with tabs between. */
function manifest({ project, workloads }: SystemFilesProps): string {
  const rows = [
    ...workloads.map((name) => ['workload', name]),
    ...project.volumes.map((name) => ['volume', name]),
    ...project.files.map(({ userId, path }) => ['file', String(userId), path]),
  ];
  return rows.map((row) => `${row.join('\t')}\n`).join('');
}
