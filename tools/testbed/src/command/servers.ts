import { startDocker } from '../docker/docker';
import { hasImages } from '../docker/make-images';
import { IMAGES, IMAGES_ON_DEMAND } from '../docker/stand-ins';
import { startKubernetes, whyNoKubernetes } from '../kubernetes';
import { startPostgres } from '../postgres';
import { startS3 } from '../s3';
import { whyNoDocker } from '../docker/prerequisites';
import { terraformVariables } from './terraform-variables';

export interface RunningServer {
  /** Variables with which clients find the server. */
  readonly exports: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

interface Kind {
  readonly start: (note: (text: string) => void) => Promise<RunningServer>;
  /** Why it cannot run here; undefined when it can. */
  readonly refusal?: () => Error | undefined;
}

/** What `up` starts. */
export const SERVERS = {
  docker: {
    refusal: whyNoDocker,
    start: async (note) => {
      const terraform = await terraformVariables(note);
      const { host, stop } = await startDocker({ mode: 'background', note });
      return { exports: { DOCKER_HOST: host, ...terraform }, stop };
    },
  },
  kubernetes: {
    refusal: whyNoKubernetes,
    start: async (note) => {
      const terraform = await terraformVariables(note);
      const { kubeconfig, context, stop } = await startKubernetes({
        images: [...IMAGES, ...builtForEnvironments()],
      });
      const forEnvironment = { K3S_KUBECONFIG: kubeconfig, K3S_CONTEXT: context };
      return { exports: { KUBECONFIG: kubeconfig, ...forEnvironment, ...terraform }, stop };
    },
  },
  postgres: {
    start: async () => {
      const { connectionString, stop } = await startPostgres();
      const { hostname, port, username, password } = new URL(connectionString);
      return {
        exports: {
          PGHOST: hostname,
          PGPORT: port,
          PGUSER: username,
          PGPASSWORD: password,
          PGSSLMODE: 'disable',
        },
        stop,
      };
    },
  },
  s3: {
    start: async () => {
      const { endpoint, region, accessKeyId, secretAccessKey, stop } = await startS3();
      return {
        exports: {
          AWS_ENDPOINT_URL: endpoint,
          AWS_REGION: region,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
        },
        stop,
      };
    },
  },
} as const satisfies Record<string, Kind>;

/** The image of a gateway (`environments/k3s`), where it has been built: that takes minutes. */
function builtForEnvironments(): readonly string[] {
  return IMAGES_ON_DEMAND.filter((image) => image.includes('/traefik:') && hasImages([image]));
}

export type ServerName = keyof typeof SERVERS;

export const SERVER_NAMES = Object.keys(SERVERS) as readonly ServerName[];

export function isServerName(name: string): name is ServerName {
  return Object.hasOwn(SERVERS, name);
}

export function serverKind(name: ServerName): Kind {
  return SERVERS[name];
}
