export type {
  DataPlane,
  DataPlaneProps,
  GatewayController,
  LoadBalancer,
  SchemePorts,
  TlsVersion,
} from './controller';
export { EnvoyGateway, type EnvoyGatewayProps } from './envoy-gateway';
export {
  Gateway,
  type GatewayProps,
  type GatewayTls,
  type IssuedCertificate,
  type OwnCertificate,
} from './gateway';
export { GatewayCrds, type GatewayCrdsProps } from './gateway-crds';
export { Traefik, type TraefikProps } from './traefik';
