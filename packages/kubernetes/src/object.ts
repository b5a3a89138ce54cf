/** A Kubernetes object as JSON. Its strings are Terraform templates. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    /** @default - the kind has none */
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}
