/** A generated secret, by a name that may be told. */
export interface NamedSecret {
  /** E.g. `docker/dev/mlflow random_password.admin.result`. */
  readonly name: string;
  readonly value: string;
}

/** What a rehearsal, or a state, knows of one stack. */
interface StackWithSecrets {
  readonly key: string;
  readonly resources: readonly {
    readonly address: string;
    readonly type: string;
    readonly values: Readonly<Record<string, unknown>>;
  }[];
}

/** Attributes in which resources hold a secret that they, or their cloud, made. */
const GENERATED: Readonly<Record<string, readonly string[]>> = {
  google_service_account_key: ['private_key'],
  google_storage_hmac_key: ['secret'],
  random_bytes: ['hex', 'base64'],
  random_password: ['result'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
};

/** Secrets that were made for stacks: a search for them is a search for leaks. */
export function generatedSecrets(stacks: readonly StackWithSecrets[]): readonly NamedSecret[] {
  return stacks.flatMap(({ key, resources }) =>
    resources.flatMap(({ address, type, values }) =>
      (GENERATED[type] ?? []).flatMap((attribute) => {
        const value = values[attribute];
        return typeof value === 'string' ? [{ name: `${key} ${address}.${attribute}`, value }] : [];
      }),
    ),
  );
}
