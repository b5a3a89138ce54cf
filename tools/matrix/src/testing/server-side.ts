import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { ChartFacts, ObjectFacts } from '@mlterra/testing/contracts';
import { chartMirror, helmBinary } from '@mlterra/testbed';
import type { KubernetesServer } from '@mlterra/testbed';
import { parseAllDocuments } from 'yaml';

const run = promisify(execFile);
const OUTPUT_BYTES = 256 * 1024 * 1024;

/** A Kubernetes object as JSON. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name?: string;
    readonly generateName?: string;
    readonly namespace?: string;
    readonly labels?: object;
    readonly annotations?: object;
  };
  readonly spec?: { readonly template?: PodTemplate; readonly jobTemplate?: { readonly spec: JobSpec } };
}

interface JobSpec {
  readonly template?: PodTemplate;
}

interface PodTemplate {
  readonly metadata?: object;
  readonly spec: object;
}

/** Objects of a chart as Helm prints them with the values of a release; undefined where the mirror has not the chart. */
export async function chartObjects(facts: ChartFacts): Promise<readonly Manifest[] | undefined> {
  const { chart = '', version = '', namespace = '', values = {} } = facts;
  const archive = join(await chartMirror(), `${chart}-${version}.tgz`);
  if (!existsSync(archive)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), 'mlterra-chart-values-'));
  try {
    const file = join(folder, 'values.json');
    writeFileSync(file, JSON.stringify(values));
    const { stdout } = await run(
      await helmBinary(),
      [
        ...['template', chart, archive, '--namespace', namespace, '--include-crds'],
        // That of the test cluster: alone, Helm takes an old one for granted.
        ...['--kube-version', '1.35.4', '--values', file],
      ],
      { maxBuffer: OUTPUT_BYTES },
    );
    return parseAllDocuments(stdout)
      .map((document) => document.toJS() as Manifest | null)
      .filter((object) => object !== null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function manifestOf({ manifest }: ObjectFacts): Manifest {
  return manifest as Manifest;
}

/** The pod that an object would make. */
export function podOf({ kind, metadata, spec }: Manifest): Manifest | undefined {
  const template = kind === 'CronJob' ? spec?.jobTemplate?.spec.template : spec?.template;
  const makesPods = ['Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'].includes(kind);
  if (!makesPods || template === undefined) return undefined;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...template.metadata, name: metadata.name, namespace: metadata.namespace },
    spec: { ...template.spec, ...(kind === 'DaemonSet' ? {} : { restartPolicy: 'Never' }) } as never,
  };
}

/** A real API server. */
export class ServerSide {
  private constructor(
    private readonly kubectl: string,
    private readonly kubeconfig: string,
  ) {}

  public static of({ kubeconfig }: KubernetesServer): ServerSide {
    return new ServerSide(join(dirname(kubeconfig), 'bin', 'kubectl'), kubeconfig);
  }

  /** Puts objects there, for others that refer to them. */
  public async apply(objects: readonly Manifest[]): Promise<void> {
    const { errors } = await this.send(objects, ['apply', '--server-side', '--force-conflicts']);
    if (errors.length > 0) throw new Error(errors.join('\n'));
  }

  /** Waits until definitions of kinds are in use. */
  public async established(definitions: readonly Manifest[]): Promise<void> {
    if (definitions.length === 0) return;
    const names = definitions.map(({ metadata }) => `customresourcedefinition/${metadata.name}`);
    await this.run(['wait', '--for=condition=Established', '--timeout=60s', ...names]);
  }

  /** What the server would refuse, a line each; unknown fields are errors. Nothing is kept. */
  public async refused(objects: readonly Manifest[]): Promise<readonly string[]> {
    return (await this.send(objects, ['apply', '--dry-run=server', '--validate=strict'])).errors;
  }

  /** Kinds without namespaces, as `<apiVersion without its version> <kind>`. */
  public async clusterScoped(): Promise<ReadonlySet<string>> {
    const { stdout } = await this.run(['api-resources', '--namespaced=false', '--no-headers']);
    return new Set(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.trim().split(/\s+/).slice(-3))
        .map(([apiVersion = '', , kind = '']) => kindKey({ apiVersion, kind })),
    );
  }

  private async send(
    objects: readonly Manifest[],
    args: readonly string[],
  ): Promise<{ readonly errors: readonly string[] }> {
    if (objects.length === 0) return { errors: [] };
    const folder = mkdtempSync(join(tmpdir(), 'mlterra-objects-'));
    try {
      const file = join(folder, 'objects.json');
      writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
      await this.run([...args, '--filename', file]);
      return { errors: [] };
    } catch (error) {
      const { stderr } = error as { readonly stderr?: string };
      if (stderr === undefined) throw error;
      return { errors: stderr.split('\n').filter((line) => line !== '' && !line.startsWith('Warning:')) };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  private run(args: readonly string[]): Promise<{ readonly stdout: string }> {
    return run(this.kubectl, [...args], {
      maxBuffer: OUTPUT_BYTES,
      env: { ...process.env, KUBECONFIG: this.kubeconfig },
    });
  }
}

export function kindKey({ apiVersion, kind }: Pick<Manifest, 'apiVersion' | 'kind'>): string {
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return `${group} ${kind}`;
}
