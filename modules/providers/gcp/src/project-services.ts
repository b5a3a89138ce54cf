import { ProjectService } from '@cdktf/provider-google/lib/project-service';
import { Construct } from 'constructs';
import type { GoogleProject } from './google-project';

/** APIs that the constructs of this package call. */
const SERVICES = [
  'cloudkms.googleapis.com',
  'compute.googleapis.com',
  'container.googleapis.com',
  'dns.googleapis.com',
  'iam.googleapis.com',
  'secretmanager.googleapis.com',
  'servicenetworking.googleapis.com',
  'sqladmin.googleapis.com',
  'storage.googleapis.com',
] as const;

export interface ProjectServicesProps {
  readonly project: GoogleProject;
}

/** Enables the APIs this package needs. They stay enabled after a destroy: others may use them. */
export class ProjectServices extends Construct {
  /** The raw resources. */
  public readonly resources: readonly ProjectService[];

  public constructor(scope: Construct, id: string, props: ProjectServicesProps) {
    super(scope, id);
    props.project.configure(this);
    this.resources = SERVICES.map(
      (service) =>
        new ProjectService(this, service.split('.')[0]!, {
          project: props.project.projectId,
          service,
          disableOnDestroy: false,
        }),
    );
  }
}
