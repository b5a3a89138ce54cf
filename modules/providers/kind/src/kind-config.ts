/** Fields of kind's configuration (kind.x-k8s.io/v1alpha4) beside its name and nodes. */
export interface KindConfig {
  readonly networking?: Readonly<Record<string, unknown>>;
  readonly featureGates?: Readonly<Record<string, boolean>>;
  readonly runtimeConfig?: Readonly<Record<string, string>>;
  readonly kubeadmConfigPatches?: readonly string[];
  readonly containerdConfigPatches?: readonly string[];
  /** Folders of this machine in every node. */
  readonly extraMounts?: readonly { readonly hostPath: string; readonly containerPath: string }[];
}

export interface KindConfigProps {
  readonly nodes: number;
  readonly nodeImage?: string;
  /** Ports of this machine; the nodes have them as node ports. */
  readonly published: readonly number[];
  readonly config: KindConfig;
}

/** containerd reads here how it reaches registries. */
const REGISTRY_HOSTS = `[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`;

/** kind's configuration, without the name. */
export function kindConfig({ nodes, nodeImage, published, config }: KindConfigProps): object {
  const { extraMounts, containerdConfigPatches = [], ...further } = config;
  const node = {
    ...(nodeImage === undefined ? {} : { image: nodeImage }),
    ...(extraMounts === undefined ? {} : { extraMounts }),
  };
  return {
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    ...further,
    containerdConfigPatches: [REGISTRY_HOSTS, ...containerdConfigPatches],
    nodes: Array.from({ length: nodes }, (_, index) =>
      index > 0
        ? { role: 'worker', ...node }
        : {
            role: 'control-plane',
            ...node,
            extraPortMappings: published.map((port) => ({
              containerPort: port,
              hostPort: port,
              listenAddress: '127.0.0.1',
              protocol: 'TCP',
            })),
          },
    ),
  };
}
