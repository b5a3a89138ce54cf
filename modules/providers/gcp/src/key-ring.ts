import { KmsKeyRing } from '@cdktf/provider-google/lib/kms-key-ring';
import { exportOutputs, type StackOutput } from '@mlterra/core';
import { Construct } from 'constructs';
import type { GoogleProject } from './google-project';
import { NameSuffix } from './name-suffix';
import { resourceName } from './resource-name';

export interface KeyRingProps {
  readonly project: GoogleProject;
}

/**
 * A place for keys, in the region of the project. Free; Google never deletes one, so its name ends in random
 * characters and a new ring can be made after a destroy.
 */
export class KeyRing extends Construct {
  public readonly project: GoogleProject;
  /** `projects/<project>/locations/<region>/keyRings/<name>` */
  public readonly keyRingId: StackOutput;
  /** The raw resource. */
  public readonly resource: KmsKeyRing;

  public constructor(scope: Construct, id: string, props: KeyRingProps) {
    super(scope, id);
    this.project = props.project;
    this.project.configure(this);
    const suffix = new NameSuffix(this, 'Suffix');
    this.resource = new KmsKeyRing(this, 'Resource', {
      name: suffix.append(resourceName(this, 54)),
      location: this.project.region,
      project: this.project.projectId,
    });
    this.keyRingId = exportOutputs(this, { keyRingId: this.resource.id }).keyRingId;
  }
}
