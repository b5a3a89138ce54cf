import type { GoModule } from './go-module';

/** Modules of the projects whose charts and programs the test bed has, with the hash of each. */
export const UPSTREAM = {
  certManager: {
    module: 'github.com/cert-manager/cert-manager@v1.21.1',
    sum: 'h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=',
  },
  certManager120: {
    module: 'github.com/cert-manager/cert-manager@v1.20.0',
    sum: 'h1:czZamsFJ1YdKPhpv+SopJZN9t3W68vQBnFYUevSHGqY=',
  },
  cloudNativePg: {
    module: 'github.com/cloudnative-pg/cloudnative-pg@v1.30.0',
    sum: 'h1:fnhVq44xXx97MNiuvJsPrX1vSjYbgdyBK5MSGfdHdp0=',
  },
  envoyGateway: {
    module: 'github.com/envoyproxy/gateway@v1.9.0',
    sum: 'h1:PaOpud15v3kDCl3L5yc1TdYzggCMpRm1yRjNKmLkzHA=',
  },
  externalSecrets: {
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
  },
  rclone: {
    module: 'github.com/rclone/rclone@v1.72.0',
    sum: 'h1:E7VfZRah6mGIOqz9HZm918COZ+VXWYGwafYfmnngRrA=',
  },
  sealedSecrets: {
    module: 'github.com/bitnami/sealed-secrets@v0.38.4',
    sum: 'h1:WEEuei/N8WsOkUIJcuIYu35NsXUp0XdbfiFzmStq0e0=',
  },
  /** The project's former name. */
  sealedSecrets036: {
    module: 'github.com/bitnami-labs/sealed-secrets@v0.36.0',
    sum: 'h1:UIAXiGdZJVanVLuAxz6jaQR/WQ6p04ZDdzrBu4FZHiU=',
  },
  traefik: {
    module: 'github.com/traefik/traefik/v3@v3.5.0',
    sum: 'h1:LcEVhZkBC0uXp8vNwn+4zCWKmZTnPo95euw6ejmmWPk=',
  },
} as const satisfies Record<string, GoModule>;
