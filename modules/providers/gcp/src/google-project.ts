import { Stack, stackProvider } from '@mlterra/core';
import { GoogleProvider } from '@cdktf/provider-google/lib/provider';
import type { Construct } from 'constructs';
import {
  projectIdInvalid,
  projectNumberInvalid,
  projectsMixed,
  regionInvalid,
  zoneOutsideRegion,
} from './errors';

const HOOKS_MODULE = '@mlterra/gcp/hooks';

export interface GoogleProjectProps {
  /** Id of the project, e.g. `mlterra-demo`. */
  readonly projectId: string;
  /** Number of the project, as text. Google names its own accounts and workload identities by it. */
  readonly projectNumber: string;
  /** Region that everything is in, e.g. `europe-west3`. */
  readonly region: string;
  /** Zones of the region for machines. @default - Google chooses three */
  readonly zones?: readonly string[];
}

/**
 * A project and a region in it. Who acts is not said here: Terraform takes Application Default Credentials
 * (`gcloud auth application-default login`, or the account of the machine it runs on).
 */
export class GoogleProject {
  public readonly projectId: string;
  public readonly projectNumber: string;
  public readonly region: string;
  public readonly zones?: readonly string[];

  public constructor(props: GoogleProjectProps) {
    if (!/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(props.projectId)) throw projectIdInvalid(props.projectId);
    if (!/^[1-9]\d{5,18}$/.test(props.projectNumber)) throw projectNumberInvalid(props.projectNumber);
    if (!/^[a-z]+-[a-z]+\d+$/.test(props.region)) throw regionInvalid(props.region);
    for (const zone of props.zones ?? []) {
      if (!new RegExp(`^${props.region}-[a-z]$`).test(zone)) throw zoneOutsideRegion(zone, props.region);
    }
    this.projectId = props.projectId;
    this.projectNumber = props.projectNumber;
    this.region = props.region;
    this.zones = props.zones;
  }

  /** Configures the provider in the stack of `scope`, once. */
  public configure(scope: Construct): void {
    Stack.ofConstruct(scope).addHooks({ module: HOOKS_MODULE, data: {} });
    const provider = stackProvider(
      scope,
      'google',
      (stack) => new GoogleProvider(stack, 'google', { project: this.projectId, region: this.region }),
    ) as GoogleProvider;
    if (provider.project !== this.projectId || provider.region !== this.region) {
      throw projectsMixed(scope.node.path, this.toString(), `${provider.project}/${provider.region}`);
    }
  }

  /** Whether both mean the same project and region. */
  public equals(other: GoogleProject): boolean {
    return this.projectId === other.projectId && this.region === other.region;
  }

  /** `<project id>/<region>`, for messages. */
  public toString(): string {
    return `${this.projectId}/${this.region}`;
  }
}
