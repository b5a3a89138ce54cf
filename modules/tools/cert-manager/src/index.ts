export { AcmeIssuer, type AcmeIssuerProps } from './acme-issuer';
export { CaIssuer, type CaIssuerProps } from './ca-issuer';
export { CertManager, type CertManagerProps } from './cert-manager';
export { SelfSignedIssuer, type SelfSignedIssuerProps } from './self-signed-issuer';
