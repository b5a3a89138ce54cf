import { MlterraError } from '@mlterra/core/errors';
import { controllerMissing, notOpened } from './errors';
import type { SealedContent } from './sealed-file';
import { SEALED_SECRET } from './sealed-file';

/** Requests to the API of a cluster, as `ClusterApi` of @mlterra/kubernetes makes them. */
export interface ClusterRequests {
  get<T>(path: string): Promise<T | undefined>;
  text(path: string): Promise<string | undefined>;
  post<T>(path: string, object: object): Promise<T>;
  delete(path: string): Promise<void>;
}

/** Where the controller is on its cluster. */
export interface ControllerLocation {
  readonly namespace: string;
  /** Name of its Service. */
  readonly service: string;
}

/** The certificates of the controller, PEM, the newest first. Needs no more rights than to use its Service. */
export async function fetchCertificate(
  cluster: ClusterRequests,
  controller: ControllerLocation,
): Promise<string> {
  return answered(controller, await reached(controller, () => cluster.text(path(controller, 'cert.pem'))));
}

/**
 * Has the controller seal the values again with its newest key; they do not leave the cluster.
 * @param file where the content is from, for messages
 * @returns sealed values by key
 */
export async function sealAgain(
  cluster: ClusterRequests,
  controller: ControllerLocation,
  content: SealedContent,
  file: string,
): Promise<Readonly<Record<string, string>>> {
  const { name, namespace, annotations, encryptedData } = content;
  const metadata = { name, namespace, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) };
  const object = { ...SEALED_SECRET, metadata, spec: { encryptedData, template: { metadata } } };
  const sealed = await reached(controller, () =>
    cluster.post<{ readonly spec: { readonly encryptedData: Record<string, string> } }>(
      path(controller, 'rotate'),
      object,
    ),
  ).catch((error: unknown) => {
    throw isRefused(error, 500) ? notOpened(file) : error;
  });
  return sealed.spec.encryptedData;
}

/** Path of a function of the controller, by way of the API server. */
function path({ namespace, service }: ControllerLocation, what: string): string {
  return `/api/v1/namespaces/${namespace}/services/http:${service}:http/proxy/v1/${what}`;
}

async function reached<T>(controller: ControllerLocation, request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    if (isRefused(error, 404)) throw controllerMissing(placeOf(controller), 'there is no such service');
    if (isRefused(error, 503)) throw controllerMissing(placeOf(controller), 'none of its pods is ready');
    throw error;
  }
}

function answered(controller: ControllerLocation, text: string | undefined): string {
  if (text === undefined) throw controllerMissing(placeOf(controller), 'there is no such service');
  return text;
}

/** For messages, e.g. `sealed-secrets in the namespace dev-sealed-secrets`. */
export function placeOf({ namespace, service }: ControllerLocation): string {
  return `"${service}" in the namespace "${namespace}"`;
}

function isRefused(error: unknown, status: number): boolean {
  return (
    MlterraError.is(error) &&
    error.code === 'kubernetes-api-refused' &&
    error.message.includes(`: ${status} `)
  );
}
