import { buildTerratest } from '@mlterra/terratest-wrapper';
import { chartMirror } from '../charts/chart-mirror';
import { startDocker } from '../docker/docker';
import { areImagesMade } from '../docker/images';
import { ensureImages } from '../docker/make-images';
import { whyNoDocker } from '../docker/prerequisites';
import { IMAGES_ON_DEMAND } from '../docker/stand-ins';
import { helmBinary } from '../helm';
import { kindBinary } from '../kind';
import { buildKubernetes, whyNoKubernetes } from '../kubernetes';
import { upstreamProgram } from '../programs/upstream';
import { buildProviders } from '../providers';
import { versitygwBinary } from '../versitygw';

/** One thing that is made once and kept. */
interface Step {
  readonly name: string;
  readonly make: () => Promise<unknown>;
  /** Why it cannot be made here; undefined when it can. */
  readonly refusal?: () => Error | undefined;
}

const TESTED_ALWAYS = /\/(?:traefik:|rclone:|sealed-secrets-controller:0\.38)/;

const STEPS: readonly Step[] = [
  { name: 'versitygw', make: versitygwBinary },
  {
    name: 'images',
    refusal: whyNoDocker,
    make: async () => {
      if (areImagesMade()) return;
      await (await startDocker({ mode: 'background', note: say })).stop();
    },
  },
  { name: 'Helm', make: helmBinary },
  { name: 'providers', make: () => buildProviders('random', 'tls', 'local', 'docker', 'helm') },
  { name: 'Terratest', make: buildTerratest },
  { name: 'Kubernetes', refusal: whyNoKubernetes, make: buildKubernetes },
  { name: 'kind', make: kindBinary },
  { name: 'charts', make: chartMirror },
  { name: 'kubeseal', make: () => upstreamProgram('kubeseal') },
  ...imagesOnDemand().map((image) => ({
    name: image,
    refusal: whyNoDocker,
    make: () => ensureImages([image]),
  })),
];

/** Those that the tests use which every change runs; all of them for the full tier. */
function imagesOnDemand(): readonly string[] {
  if (process.env['MLTERRA_TEST_FULL']) return IMAGES_ON_DEMAND;
  return IMAGES_ON_DEMAND.filter((image) => TESTED_ALWAYS.test(image));
}

/** Makes all that is missing, so that no test has to be skipped or to wait; what cannot be made here is said. */
export async function build(): Promise<void> {
  const begin = performance.now();
  const ready: string[] = [];
  for (const { name, make, refusal } of STEPS) {
    const error = refusal?.();
    if (error) {
      say(`${name}: not made. ${error.message}`);
      continue;
    }
    const start = performance.now();
    await make();
    ready.push(name);
    const seconds = (performance.now() - start) / 1000;
    if (seconds >= 1) say(`${name}: ${seconds.toFixed(0)} s`);
  }
  say(`Ready after ${((performance.now() - begin) / 1000).toFixed(1)} s: ${ready.join(', ')}.`);
  say('Next: run the tests (npx nx test <project>, npx nx e2e <environment>), or start servers for a shell:');
  say('  eval "$(npm run --silent testbed -- up docker kubernetes)"     more: npm run testbed -- --help');
}

function say(text: string): void {
  console.log(text);
}
