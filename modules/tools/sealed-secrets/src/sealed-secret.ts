import { existsSync } from 'node:fs';
import { basename, isAbsolute, join } from 'node:path';
import {
  ClusterSecretKey,
  exportOutputs,
  Stack,
  workloadName,
  type Secret,
  type ValueTree,
} from '@mlterra/core';
import { describeSealed, readSealedFileFor, SEALED_SECRET, type SealedContent } from '@mlterra/sealing';
import { Construct } from 'constructs';
import { folderRelative } from './errors';
import { MissingSeal } from './missing-seal';
import type { SealedSecrets } from './sealed-secrets';

/** Folder of sealed files, below that of the environment. */
const FOLDER = 'secrets';

export interface SealedSecretProps {
  /** What opens it, in a stack of its own. */
  readonly operator: SealedSecrets;
  /** Folder of the environment, in which is `secrets/<stage>-<name>.sealed.yaml`: `__dirname` in environment.ts. */
  readonly folder: string;
  /** Name of the Secret. @default - that of the construct */
  readonly name?: string;
}

/**
 * A Secret in the namespace of its stack, from a file that may be in git: only the controller of the cluster can open
 * it. `mlterra secret seal` writes the file.
 */
export class SealedSecret extends Construct {
  /** Name of the Secret, for charts and objects that want one. */
  public readonly name: string;
  public readonly namespace: string;
  /** Absolute path of the sealed file. */
  public readonly file: string;
  private readonly content?: SealedContent;
  private readonly keys = new Map<string, Secret>();

  public constructor(scope: Construct, id: string, { operator, folder, name }: SealedSecretProps) {
    super(scope, id);
    if (!isAbsolute(folder)) throw folderRelative(this.node.path, folder);
    const stack = Stack.ofConstruct(this);
    stack.addDependency(Stack.ofConstruct(operator));
    this.name = name ?? workloadName(this);
    this.namespace = operator.platform.namespaceOf(this);
    this.file = join(folder, FOLDER, `${stack.stackKey.stage}-${this.name}.sealed.yaml`);
    const recipient = { namespace: this.namespace, name: this.name };
    describeSealed(this, { recipient, file: this.file, controller: operator });
    // The operator is applied before anything can be sealed for it: what is missing fails the plan of this stack alone.
    if (!existsSync(this.file)) {
      new MissingSeal(
        this,
        'Missing',
        () => `there is no sealed file ${this.shownFile}. Make it: ${this.command()}`,
      );
    } else {
      this.content = readSealedFileFor(this.file, recipient);
      operator.platform.addObjects(this, 'Resource', [objectOf(this.content)]);
    }
  }

  /** A value of it, for variables of workloads of the same stack. */
  public secret(key: string): Secret {
    const known = this.keys.get(key);
    if (known !== undefined) return known;
    const part = new Construct(this, `Key-${key}`);
    const { reference } = exportOutputs(part, { reference: `${this.namespace}/${this.name}/${key}` });
    const secret = new ClusterSecretKey(reference, this, key, this.content?.version);
    this.keys.set(key, secret);
    const sealed = Object.keys(this.content?.encryptedData ?? {});
    if (this.content !== undefined && !sealed.includes(key)) {
      const found = `${this.shownFile} has no value "${key}", but ${sealed.join(', ')}`;
      new MissingSeal(part, 'Missing', () => `${found}. Add it: ${this.command(key)}`);
    }
    return secret;
  }

  /** The file as seen from the folder of the environment: synthesised files hold no absolute path. */
  private get shownFile(): string {
    return `${FOLDER}/${basename(this.file)}`;
  }

  private command(key = [...this.keys.keys()][0] ?? '<key>'): string {
    const { environment, stage } = Stack.ofConstruct(this).stackKey;
    return `mlterra secret seal ${environment} ${this.name} ${key} -c ${stage}`;
  }
}

function objectOf({ namespace, name, annotations, encryptedData, template }: SealedContent) {
  return {
    ...SEALED_SECRET,
    metadata: { name, namespace, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
    content: { spec: { encryptedData: { ...encryptedData }, template: template as ValueTree } },
  };
}
