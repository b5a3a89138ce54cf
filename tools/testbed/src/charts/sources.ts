import type { GoModule } from '../go-module';
import { UPSTREAM } from '../upstream-modules';
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
  readonly source: GoModule;
  /** Folder of the chart in the module. @default - a folder of `tools/testbed/charts` */
  readonly folder?: string;
  /** Does what the project's release does before it packages the chart. */
  readonly prepare?: (chart: string, module: string) => void;
}

export const CHART_SOURCES: readonly ChartSource[] = [
  ...[
    { version: 'v1.21.1', source: UPSTREAM.certManager },
    { version: 'v1.20.0', source: UPSTREAM.certManager120 },
  ].map(({ version, source }) => ({
    name: 'cert-manager',
    version,
    appVersion: version,
    source,
    folder: 'deploy/charts/cert-manager',
    prepare: useTemplateOfChart,
  })),
  {
    name: 'sealed-secrets',
    version: '2.19.1',
    appVersion: '0.38.4',
    source: UPSTREAM.sealedSecrets,
    folder: 'helm/sealed-secrets',
    prepare: setImageTag('0.38.4'),
  },
  {
    name: 'sealed-secrets',
    version: '2.18.2',
    appVersion: '0.36.0',
    source: UPSTREAM.sealedSecrets036,
    folder: 'helm/sealed-secrets',
    prepare: setImageTag('0.36.0'),
  },
  ...['gateway-helm', 'gateway-crds-helm'].map((name) => ({
    name,
    version: 'v1.9.0',
    appVersion: 'v1.9.0',
    source: UPSTREAM.envoyGateway,
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
    source: UPSTREAM.externalSecrets,
    folder: 'deploy/charts/external-secrets',
    prepare: addCustomResourceDefinitions,
  },
  // Its chart is in no Go module; the manifests of the release are: see the README.
  {
    name: 'cloudnative-pg',
    version: '0.29.0',
    appVersion: '1.30.0',
    source: UPSTREAM.cloudNativePg,
    prepare: addCloudNativePgManifests('1.30.0'),
  },
];
