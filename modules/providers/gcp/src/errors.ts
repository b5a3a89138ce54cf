import { MlterraError } from '@mlterra/core';

export function projectIdInvalid(given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-project-id',
    message: `"${given}" is not the id of a Google Cloud project.`,
    expected:
      '6 to 30 characters: a lower-case letter, then lower-case letters, digits or hyphens, not ending in a hyphen',
    remedy: 'take the id, not the name: gcloud projects list',
  });
}

export function projectNumberInvalid(given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-project-number',
    message: `"${given}" is not the number of a Google Cloud project.`,
    expected: 'digits only, as text, e.g. "123456789012"',
    remedy: 'gcloud projects describe <project id> --format="value(projectNumber)"',
  });
}

export function regionInvalid(given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-region',
    message: `"${given}" is not a region of Google Cloud.`,
    expected: 'a region such as "europe-west3"; a zone such as "europe-west3-a" is not one',
    remedy: 'gcloud compute regions list',
  });
}

export function zoneOutsideRegion(zone: string, region: string): MlterraError {
  return new MlterraError({
    code: 'gcp-zone',
    message: `The zone "${zone}" is not in the region ${region}.`,
    expected: `zones such as "${region}-a"`,
    remedy: `gcloud compute zones list --filter=region:${region}`,
  });
}

export function projectsMixed(path: string, given: string, first: string): MlterraError {
  return new MlterraError({
    code: 'gcp-projects-mixed',
    message: `${path} belongs to the project ${given}, but its stack already holds things of the project ${first}.`,
    expected: 'a stack holds things of one project and region',
    remedy: 'move it to a stack of its own',
  });
}

export function regionsDiffer(path: string, what: string, given: string, expected: string): MlterraError {
  return new MlterraError({
    code: 'gcp-region-differs',
    message: `${path}: the ${what} is in ${given}, not in ${expected}.`,
    expected: 'network, keys and what uses them are in one project and region',
  });
}

export function nameTaken(path: string, name: string, other: string): MlterraError {
  return new MlterraError({
    code: 'gcp-name-taken',
    message: `${path} and ${other} would both be named ${name} in Google Cloud.`,
    expected: 'environment, stage, stack and construct, joined by hyphens, name one thing only',
    remedy: 'rename one of the constructs',
  });
}

export function cidrInvalid(path: string, field: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-cidr',
    message: `${path}: ${field} "${given}" is not an IPv4 range.`,
    expected: 'the first address of the range and its prefix length, e.g. "10.0.0.0/20"',
  });
}

export function cidrTooSmall(path: string, field: string, given: string, longest: number): MlterraError {
  return new MlterraError({
    code: 'gcp-cidr-small',
    message: `${path}: ${field} "${given}" is too small.`,
    expected: `a prefix length of at most ${longest}`,
  });
}

export function rangesOverlap(path: string, field: string, given: string, other: string): MlterraError {
  return new MlterraError({
    code: 'gcp-ranges-overlap',
    message: `${path}: ${field} "${given}" overlaps with ${other}.`,
    expected: 'ranges of one network that have no address in common',
    remedy: 'choose another range',
  });
}

export function openToInternet(path: string, field: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-open-to-internet',
    message: `${path}: ${field} "${given}" lets in the internet.`,
    expected: 'ranges with a prefix length of at least 8, e.g. "203.0.113.0/24"',
    remedy: 'name the networks that clients really come from',
  });
}

export function nodeCountInvalid(path: string, field: string, given: number, expected: string): MlterraError {
  return new MlterraError({
    code: 'gcp-node-count',
    message: `${path}: ${field} cannot be ${given}.`,
    expected,
  });
}

export function machineCountInvalid(
  path: string,
  field: string,
  given: number,
  expected: string,
): MlterraError {
  return new MlterraError({
    code: 'gcp-machine-count',
    message: `${path}: ${field} cannot be ${given}.`,
    expected,
  });
}

export function majorVersionUnsupported(path: string, given: number, supported: string): MlterraError {
  return new MlterraError({
    code: 'gcp-postgres-version',
    message: `${path}: Cloud SQL has no PostgreSQL ${given}.`,
    expected: `one of ${supported}`,
  });
}

export function diskSizeInvalid(path: string, given: number, smallest: number): MlterraError {
  return new MlterraError({
    code: 'gcp-disk-size',
    message: `${path}: diskSizeGiB cannot be ${given}.`,
    expected: `a whole number, at least ${smallest}`,
  });
}

export function databaseNameInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-database-name',
    message: `${path}: "${given}" cannot name a database and its user.`,
    expected:
      'a lower-case letter, then letters, digits or underscores; at most 63; not beginning with "pg_" or "cloudsql", not "postgres"',
  });
}

export function databaseDuplicate(path: string, name: string, other: string): MlterraError {
  return new MlterraError({
    code: 'gcp-database-duplicate',
    message: `${path}: the server already has the database "${name}", made by ${other}.`,
    expected: 'every database of a server has a name of its own',
    remedy: 'rename one of them',
  });
}

export function granteeWithoutPrincipal(path: string, grantee: string): MlterraError {
  return new MlterraError({
    code: 'gcp-grantee-unknown',
    message: `${path} cannot be granted to "${grantee}": no cloud knows who that is.`,
    expected: 'an identity of a platform of this package, e.g. GkeCluster',
    remedy: 'run the workload on Google Cloud, or give it an object store of its own platform',
  });
}

export function granteeOfOtherCloud(path: string, grantee: string, cloud: string): MlterraError {
  return new MlterraError({
    code: 'gcp-grantee-foreign',
    message: `${path} cannot be granted to "${grantee}": it is an identity of ${cloud}, not of gcp.`,
    expected: 'an identity of a platform of this package, e.g. GkeCluster',
    remedy: `give the workload an object store of ${cloud}`,
  });
}

export function portInvalid(path: string, given: number): MlterraError {
  return new MlterraError({
    code: 'gcp-port',
    message: `${path}: ${given} is not a port.`,
    expected: 'a whole number from 1 to 65535',
  });
}

export function sourceMissing(path: string): MlterraError {
  return new MlterraError({
    code: 'gcp-port-without-source',
    message: `${path}: no address range may reach the port.`,
    expected: 'at least one range in `from`, e.g. "10.0.0.0/16"',
  });
}

export function storageClassNameInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-storage-class-name',
    message: `${path}: a StorageClass cannot be named "${given}".`,
    expected: 'lower-case letters, digits, "-" and ".", beginning and ending with a letter or digit',
  });
}

export function secretPrefixInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-secret-prefix',
    message: `${path}: "${given}" cannot begin the names of secrets.`,
    expected: '1 to 200 letters, digits, hyphens and underscores',
  });
}

export function granteeNotInCluster(path: string, grantee: string): MlterraError {
  return new MlterraError({
    code: 'gcp-grantee-not-in-cluster',
    message: `${path} cannot be read by "${grantee}": it is no service account of a cluster.`,
    expected: 'an identity of GkeCluster, as which the External Secrets Operator asks',
  });
}

export function domainInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gcp-domain',
    message: `${path}: "${given}" is not a domain.`,
    expected:
      'lower-case labels with dots between them, at least two, none at the end, e.g. "ml.example.org"',
  });
}
