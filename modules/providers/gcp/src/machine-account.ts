import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { ServiceAccount } from '@cdktf/provider-google/lib/service-account';
import { Construct } from 'constructs';
import type { GoogleProject } from './google-project';
import { resourceName } from './resource-name';

export interface MachineAccountProps {
  readonly project: GoogleProject;
  /** What it is for, for people. */
  readonly displayName: string;
  /** Roles in the project, e.g. `roles/logging.logWriter`. */
  readonly roles: readonly string[];
}

/** An account that machines run as, with no key and no more than the roles given. */
export class MachineAccount extends Construct {
  public readonly email: string;
  /** `serviceAccount:<email>`, as policies name it. */
  public readonly member: string;
  /** What must be there before machines start. */
  public readonly grants: readonly ProjectIamMember[];

  public constructor(scope: Construct, id: string, props: MachineAccountProps) {
    super(scope, id);
    const account = new ServiceAccount(this, 'Resource', {
      accountId: resourceName(this, 30),
      project: props.project.projectId,
      displayName: props.displayName,
    });
    this.email = account.email;
    this.member = account.member;
    this.grants = props.roles.map(
      (role) =>
        new ProjectIamMember(this, role.split('/').at(-1)!, {
          project: props.project.projectId,
          role,
          member: this.member,
        }),
    );
  }
}
