import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { helmBinary } from '../helm';
import { chartMirror, CHARTS, isChartMirrorMade } from './chart-mirror';

const run = promisify(execFile);
const withCharts = isChartMirrorMade() ? test : test.skip;

/** Values with which a chart brings its own definitions, where it does not by itself. */
const VALUES: Readonly<Record<string, string>> = {
  'cert-manager': 'crds.enabled=true',
  'gateway-crds-helm':
    'crds.gatewayAPI.enabled=true,crds.gatewayAPI.channel=standard,crds.envoyGateway.enabled=true',
};

withCharts(
  'every chart of the mirror is rendered by Helm, with its definitions and the images of its version',
  async () => {
    const folder = await chartMirror();
    const helm = await helmBinary();
    const rendered: Record<string, { definitions: number; images: string[] }> = {};
    for (const { name, version } of CHARTS) {
      const chart = join(folder, `${name}-${version}.tgz`);
      const options = [
        '--include-crds',
        '--kube-version',
        '1.35.4',
        ...(VALUES[name] ? ['--set', VALUES[name]] : []),
      ];
      const { stdout } = await run(helm, ['template', 'test', chart, ...options], {
        maxBuffer: 64 * 1024 * 1024,
      });
      rendered[`${name} ${version}`] = {
        definitions: stdout.match(/^kind: CustomResourceDefinition$/gm)?.length ?? 0,
        images: [
          ...new Set(
            [...stdout.matchAll(/^\s*(?:- )?image: "?([^"\n]+)/gm)].map(([, image]) => String(image)),
          ),
        ].sort(),
      };
    }
    expect(rendered).toMatchInlineSnapshot(`
      {
        "cert-manager v1.20.0": {
          "definitions": 6,
          "images": [
            "quay.io/jetstack/cert-manager-cainjector:v1.20.0",
            "quay.io/jetstack/cert-manager-controller:v1.20.0",
            "quay.io/jetstack/cert-manager-startupapicheck:v1.20.0",
            "quay.io/jetstack/cert-manager-webhook:v1.20.0",
          ],
        },
        "cert-manager v1.21.1": {
          "definitions": 6,
          "images": [
            "quay.io/jetstack/cert-manager-cainjector:v1.21.1",
            "quay.io/jetstack/cert-manager-controller:v1.21.1",
            "quay.io/jetstack/cert-manager-startupapicheck:v1.21.1",
            "quay.io/jetstack/cert-manager-webhook:v1.21.1",
          ],
        },
        "cloudnative-pg 0.29.0": {
          "definitions": 11,
          "images": [
            "ghcr.io/cloudnative-pg/cloudnative-pg:1.30.0",
          ],
        },
        "external-secrets 1.3.2": {
          "definitions": 23,
          "images": [
            "ghcr.io/external-secrets/external-secrets:v1.3.2",
          ],
        },
        "gateway-crds-helm v1.9.0": {
          "definitions": 18,
          "images": [],
        },
        "gateway-helm v1.9.0": {
          "definitions": 21,
          "images": [
            "docker.io/envoyproxy/gateway:v1.9.0",
            "docker.io/envoyproxy/ratelimit:17b1956c",
          ],
        },
        "sealed-secrets 2.18.2": {
          "definitions": 1,
          "images": [
            "docker.io/bitnami/sealed-secrets-controller:0.36.0",
          ],
        },
        "sealed-secrets 2.19.1": {
          "definitions": 1,
          "images": [
            "docker.io/bitnami/sealed-secrets-controller:0.38.4",
          ],
        },
      }
    `);
  },
);
