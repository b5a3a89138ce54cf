import { MlterraError } from '@mlterra/core';

export function namesNotProvable(
  path: string,
  names: readonly string[],
  domains: readonly string[],
): MlterraError {
  return new MlterraError({
    code: 'cert-manager-names',
    message: `${path}: nobody can prove that ${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} yours.`,
    expected:
      domains.length === 0
        ? 'names of a zone in `zones` of CertManager, or a gateway that answers challenges'
        : `names in ${domains.join(' or ')}, at most one level below a wildcard, or a gateway that answers challenges`,
    remedy:
      'give the zone to CertManager; or set its `gatewayApi`, and take names without a wildcard, all of them outside of the zones',
  });
}

export function nameNotPublic(path: string, name: string): MlterraError {
  return new MlterraError({
    code: 'cert-manager-name-not-public',
    message: `${path}: no public authority signs a certificate for "${name}".`,
    expected: 'a name of the public domain name system, e.g. "mlflow.example.org"',
    remedy: 'take a CaIssuer for names of your own machines',
  });
}

export function emailInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'cert-manager-email',
    message: `${path}: "${given}" is not an e-mail address.`,
    expected: 'the address of who looks after the certificates',
  });
}

export function serverInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'cert-manager-acme-server',
    message: `${path}: "${given}" is not an ACME server.`,
    expected: '"letsencrypt", "letsencrypt-staging", or the URL of a directory, `https://…`',
  });
}
