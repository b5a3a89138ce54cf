/** What the observer reads of Kubernetes objects; anything may be missing in what reached the cluster. */
export interface AppliedObject {
  readonly kind?: string;
  readonly metadata?: {
    readonly name?: string;
    readonly namespace?: string;
    readonly labels?: Labels;
  };
  readonly spec?: AppliedSpec;
  readonly data?: Readonly<Record<string, string>>;
}

export type Labels = Readonly<Record<string, string>>;

export interface LabelSelector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly unknown[];
}

export interface AppliedSpec {
  readonly replicas?: number;
  /** Of a HorizontalPodAutoscaler. */
  readonly minReplicas?: number;
  readonly scaleTargetRef?: { readonly name?: string };
  /** Of a Job. */
  readonly activeDeadlineSeconds?: number;
  readonly selector?: LabelSelector | Labels;
  readonly template?: { readonly metadata?: { readonly labels?: Labels }; readonly spec?: PodSpec };
  readonly ports?: readonly ServicePort[];
  readonly podSelector?: LabelSelector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly IngressRule[];
}

export interface ServicePort {
  readonly port?: number;
  readonly targetPort?: number | string;
}

export interface IngressRule {
  readonly from?: readonly {
    readonly namespaceSelector?: LabelSelector;
    readonly podSelector?: LabelSelector;
    readonly ipBlock?: unknown;
  }[];
  readonly ports?: readonly { readonly port?: number | string }[];
}

export interface PodSpec {
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly securityContext?: SecurityContext;
  readonly containers?: readonly PodContainer[];
  readonly volumes?: readonly PodVolume[];
}

export interface SecurityContext {
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly readOnlyRootFilesystem?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly privileged?: boolean;
  readonly capabilities?: { readonly drop?: readonly string[]; readonly add?: readonly string[] };
  readonly seccompProfile?: { readonly type?: string };
}

export interface PodContainer {
  readonly name: string;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string; readonly key?: string } };
  }[];
  readonly ports?: readonly { readonly name?: string; readonly containerPort?: number }[];
  readonly readinessProbe?: PodProbe;
  readonly livenessProbe?: PodProbe;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, string>>;
    readonly limits?: Readonly<Record<string, string>>;
  };
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: readonly {
    readonly name?: string;
    readonly mountPath?: string;
    readonly subPath?: string;
  }[];
}

export interface PodProbe {
  readonly exec?: { readonly command?: readonly string[] };
  readonly httpGet?: { readonly path?: string; readonly port?: number | string };
  readonly tcpSocket?: { readonly port?: number | string };
}

export interface PodVolume {
  readonly name?: string;
  readonly configMap?: { readonly name?: string };
  readonly secret?: { readonly secretName?: string };
  readonly projected?: unknown;
}
