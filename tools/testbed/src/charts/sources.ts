import { addCloudNativePgManifests } from './cloudnative-pg';
import {
  addCustomResourceDefinitions,
  setImageTag,
  useTemplateOfChart,
  useTemplateOfValues,
} from './preparations';

/** A chart as its own project keeps it in a Go module, which is where it can be had without a chart registry. */
export interface ChartSource {
  readonly name: string;
  /** Version of the chart as its project publishes it. */
  readonly version: string;
  readonly appVersion: string;
  /** Go module, with its version, and the hash of its content as in a `go.sum`. */
  readonly module: string;
  readonly sum: string;
  /** Folder of the chart in the module. @default - a folder of `tools/testbed/charts` */
  readonly folder?: string;
  /** Does what the project's release does before it packages the chart. */
  readonly prepare?: (chart: string, module: string) => void;
}

export const CHART_SOURCES: readonly ChartSource[] = [
  ...[
    { version: 'v1.21.1', sum: 'h1:0LttV37Q5c2CBNoHkjuI8sLKTXWZDC2SwQkxrBMKV9w=' },
    { version: 'v1.20.0', sum: 'h1:czZamsFJ1YdKPhpv+SopJZN9t3W68vQBnFYUevSHGqY=' },
  ].map(({ version, sum }) => ({
    name: 'cert-manager',
    version,
    appVersion: version,
    module: `github.com/cert-manager/cert-manager@${version}`,
    sum,
    folder: 'deploy/charts/cert-manager',
    prepare: useTemplateOfChart,
  })),
  {
    name: 'sealed-secrets',
    version: '2.19.1',
    appVersion: '0.38.4',
    module: 'github.com/bitnami/sealed-secrets@v0.38.4',
    sum: 'h1:WEEuei/N8WsOkUIJcuIYu35NsXUp0XdbfiFzmStq0e0=',
    folder: 'helm/sealed-secrets',
    prepare: setImageTag('0.38.4'),
  },
  {
    name: 'sealed-secrets',
    version: '2.18.2',
    appVersion: '0.36.0',
    module: 'github.com/bitnami-labs/sealed-secrets@v0.36.0',
    sum: 'h1:UIAXiGdZJVanVLuAxz6jaQR/WQ6p04ZDdzrBu4FZHiU=',
    folder: 'helm/sealed-secrets',
    prepare: setImageTag('0.36.0'),
  },
  ...['gateway-helm', 'gateway-crds-helm'].map((name) => ({
    name,
    version: 'v1.9.0',
    appVersion: 'v1.9.0',
    module: 'github.com/envoyproxy/gateway@v1.9.0',
    sum: 'h1:PaOpud15v3kDCl3L5yc1TdYzggCMpRm1yRjNKmLkzHA=',
    folder: `charts/${name}`,
    prepare: useTemplateOfValues({
      GatewayImage: 'docker.io/envoyproxy/gateway:v1.9.0',
      GatewayImagePullPolicy: 'IfNotPresent',
    }),
  })),
  {
    name: 'external-secrets',
    version: '1.3.2',
    appVersion: 'v1.3.2',
    module: 'github.com/external-secrets/external-secrets@v1.3.2',
    sum: 'h1:u2J8RjlHIeF0oZCqtl92adI/uZWUwOesJIDkfql6LqQ=',
    folder: 'deploy/charts/external-secrets',
    prepare: addCustomResourceDefinitions,
  },
  // Its chart is in no Go module; the manifests of the release are: see the README.
  {
    name: 'cloudnative-pg',
    version: '0.29.0',
    appVersion: '1.30.0',
    module: 'github.com/cloudnative-pg/cloudnative-pg@v1.30.0',
    sum: 'h1:fnhVq44xXx97MNiuvJsPrX1vSjYbgdyBK5MSGfdHdp0=',
    prepare: addCloudNativePgManifests('1.30.0'),
  },
];
