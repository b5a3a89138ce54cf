import { MlterraError } from '@mlterra/core/errors';
import type { ClusterRequests } from '../controller';

/** A Secret as the API server has it. */
export interface StoredSecret {
  readonly type?: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly uid?: string;
  };
  readonly data: Readonly<Record<string, string>>;
}

export interface Refusal {
  /** Beginning of the request it is for, e.g. `POST /api/v1/namespaces/a/secrets`. */
  readonly request: string;
  readonly status: number;
  readonly reason: string;
}

/** An API server that keeps Secrets by their labels, and refuses what it is told to. */
export class MemoryCluster implements ClusterRequests {
  /** All requests so far, e.g. `GET /api/v1/namespaces/a/secrets`; without what is sent. */
  public readonly requests: string[] = [];
  /** What was posted, by path. */
  public readonly posted: [path: string, object: object][] = [];
  /** What is at a path. */
  public readonly texts = new Map<string, string>();
  /** What is answered to an object that is posted to a path other than that of Secrets. */
  public answer: object = {};
  public refusals: readonly Refusal[] = [];

  public constructor(public readonly secrets: StoredSecret[] = []) {}

  public async get<T>(path: string): Promise<T | undefined> {
    this.note('GET', path);
    const { pathname, searchParams } = new URL(path, 'http://cluster');
    const namespace = /^\/api\/v1\/namespaces\/([^/]+)\/secrets$/.exec(pathname)?.[1];
    if (namespace === undefined) return undefined;
    const label = searchParams.get('labelSelector');
    const items = this.secrets.filter(
      ({ metadata }) =>
        metadata.namespace === namespace && (label === null || label in (metadata.labels ?? {})),
    );
    return { items } as T;
  }

  public async text(path: string): Promise<string | undefined> {
    this.note('GET', path);
    return this.texts.get(path);
  }

  public async post<T>(path: string, object: object): Promise<T> {
    this.note('POST', path);
    this.posted.push([path, object]);
    if (!path.endsWith('/secrets')) return this.answer as T;
    this.secrets.push(object as StoredSecret);
    return object as T;
  }

  public async delete(path: string): Promise<void> {
    this.note('DELETE', path);
  }

  /** @throws MlterraError with the code and the form of message of `ClusterApi` */
  private note(method: string, path: string): void {
    const request = `${method} ${path}`;
    this.requests.push(request);
    const refusal = this.refusals.find((each) => request.startsWith(each.request));
    if (refusal === undefined) return;
    throw new MlterraError({
      code: 'kubernetes-api-refused',
      message: `The API of the cluster at https://cluster refuses ${request}: ${refusal.status} ${refusal.reason}`,
    });
  }
}
