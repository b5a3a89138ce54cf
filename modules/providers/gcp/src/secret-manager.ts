import { ProjectIamMember } from '@cdktf/provider-google/lib/project-iam-member';
import { Stack, type Identity, type Peer, type SecretStore, type SecretStoreAccess } from '@mlterra/core';
import { Construct } from 'constructs';
import { granteeNotInCluster, secretPrefixInvalid } from './errors';
import { GOOGLE_APIS } from './google-apis';
import type { GoogleProject } from './google-project';
import { granteeMember } from './grantee-member';

/** Reads versions of secrets; sees no list of them, and changes nothing. */
const READ = 'roles/secretmanager.secretAccessor';

const PREFIX = /^[A-Za-z0-9_-]{1,200}$/;

export interface SecretManagerProps {
  readonly project: GoogleProject;
  /** Beginning of the names of the secrets that may be read. @default "<environment>-<stage>-" */
  readonly prefix?: string;
}

/** Secrets that people keep in Google's Secret Manager; it makes none. Those of a stage have names that begin alike. */
export class SecretManager extends Construct implements SecretStore {
  /** Beginning of the names of the secrets that may be read. */
  public readonly prefix: string;
  /** What whoever reads connects to. */
  public readonly peers: readonly Peer[] = GOOGLE_APIS;
  private readonly project: GoogleProject;

  public constructor(scope: Construct, id: string, { project, prefix }: SecretManagerProps) {
    super(scope, id);
    const { environment, stage } = Stack.ofConstruct(this).stackKey;
    this.project = project;
    this.prefix = prefix ?? `${environment}-${stage}-`;
    if (!PREFIX.test(this.prefix)) throw secretPrefixInvalid(this.node.path, this.prefix);
  }

  /** Grants `roles/secretmanager.secretAccessor` on secrets with the prefix alone, in the stack of the grantee. */
  public grantRead(grantee: Identity): SecretStoreAccess {
    const { path } = this.node;
    const { projectId, projectNumber } = this.project;
    const { scope, serviceAccount } = grantee;
    const member = granteeMember(path, grantee);
    if (serviceAccount === undefined) throw granteeNotInCluster(path, grantee.name);
    const id = `Read-${path.replace(/\//g, '-')}`;
    if (scope.node.tryFindChild(id) === undefined) {
      this.project.configure(scope);
      new ProjectIamMember(scope, id, {
        project: projectId,
        role: READ,
        member,
        condition: {
          title: `secrets-${this.prefix}`.slice(0, 100),
          // Google names secrets in conditions by the number of their project.
          expression: `resource.name.startsWith("projects/${projectNumber}/secrets/${this.prefix}")`,
        },
      });
    }
    return {
      provider: {
        gcpsm: {
          projectID: projectId,
          auth: { workloadIdentity: { serviceAccountRef: { name: serviceAccount } } },
        },
      },
      peers: this.peers,
    };
  }
}
