import { MlterraError } from '@mlterra/core';

export function hostnamesMissing(path: string): MlterraError {
  return new MlterraError({
    code: 'gateway-hostnames-missing',
    message: `${path}: the gateway serves no host name.`,
    expected: 'at least one name in `hostnames`, e.g. "*.example.org"',
  });
}

export function hostnameInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gateway-hostname',
    message: `${path}: "${given}" is not a host name.`,
    expected:
      'lower-case labels of letters, digits and hyphens with dots between them; the first one of a gateway may be "*"; no address and no port',
  });
}

export function hostnameNotServed(path: string, given: string, served: readonly string[]): MlterraError {
  return new MlterraError({
    code: 'gateway-hostname-not-served',
    message: `${path}: the gateway does not serve "${given}".`,
    expected: `${served.join(' or ')}; "*" stands for one label`,
    remedy: 'add the name to `hostnames` of the gateway, or choose another',
  });
}

export function routeTaken(path: string, hostname: string, pathPrefix: string, other: string): MlterraError {
  return new MlterraError({
    code: 'gateway-route-taken',
    message: `${path}: requests for ${hostname}${pathPrefix} already go to what ${other} leads to.`,
    expected: 'every host name with its path prefix once',
    remedy: 'choose another hostname or `pathPrefix`',
  });
}

export function pathPrefixInvalid(path: string, given: string): MlterraError {
  return new MlterraError({
    code: 'gateway-path-prefix',
    message: `${path}: "${given}" is not a beginning of paths.`,
    expected: 'a slash and what follows it, without a slash at the end, a query or a wildcard',
  });
}

export function endpointElsewhere(path: string, namespace: string): MlterraError {
  return new MlterraError({
    code: 'gateway-endpoint',
    message: `${path}: its endpoint is not a Service in the namespace ${namespace}.`,
    expected: 'an endpoint of a workload that runs on the cluster of the gateway, in the stack of the route',
  });
}

export function tlsWithoutIssuer(path: string): MlterraError {
  return new MlterraError({
    code: 'gateway-tls-without-issuer',
    message: `${path}: nobody says where the certificate of the gateway comes from.`,
    expected: '`issuer`, e.g. an AcmeIssuer, or `secretName` of a Secret in the namespace of the gateway',
    remedy: 'leave `tls` out for a gateway without TLS',
  });
}

export function crdsIncomplete(path: string): MlterraError {
  return new MlterraError({
    code: 'gateway-crds-incomplete',
    message: `${path}: Envoy Gateway needs kinds of its own, which are not on the cluster.`,
    expected: '`new GatewayCrds(stack, id, { platform, envoyGateway: true })`',
  });
}
