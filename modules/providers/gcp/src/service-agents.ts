import type { GoogleProject } from './google-project';

/**
 * Accounts as which Google's own services act in a project, as members of a policy. Google makes the ones of
 * Compute Engine and GKE when their API is enabled; those of Cloud Storage and Cloud SQL on request only.
 */
export const serviceAgents = {
  /** Opens the disks of machines, nodes of GKE included. */
  compute: (project: GoogleProject): string => agent(project, 'compute-system'),
  /** Encrypts the secrets of a cluster. */
  gke: (project: GoogleProject): string => agent(project, 'container-engine-robot'),
  /** Runs Cloud SQL. Request it once: `gcloud beta services identity create --service=sqladmin.googleapis.com`. */
  cloudSql: (project: GoogleProject): string => agent(project, 'gcp-sa-cloud-sql'),
} as const;

function agent(project: GoogleProject, domain: string): string {
  return `serviceAccount:service-${project.projectNumber}@${domain}.iam.gserviceaccount.com`;
}
