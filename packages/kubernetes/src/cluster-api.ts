import { existsSync } from 'node:fs';
import { request as httpRequest, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { KubeConfig } from '@kubernetes/client-node';
import {
  apiRefused,
  clusterUnreachable,
  contextMissing,
  kubeconfigMissing,
  kubeconfigUnreadable,
} from './errors';
import type { Kubeconfig } from './hook-data';

/** An API server that has not answered by then does not answer. */
const ANSWER_MILLISECONDS = 10_000;

/** The API of a cluster, by a context of a kubeconfig. */
export class ClusterApi {
  private constructor(
    private readonly config: KubeConfig,
    /** `https://…` */
    public readonly server: string,
    private readonly hint: string | undefined,
  ) {}

  /**
   * Asks nothing yet.
   * @throws MlterraError where there is no such file or context
   */
  public static async open({ kubeconfig, context, hint }: Kubeconfig): Promise<ClusterApi> {
    const path = kubeconfigPath(kubeconfig);
    if (!existsSync(path)) throw kubeconfigMissing(kubeconfig, hint);
    // Only where it is used: it takes longer to load than all the rest.
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    try {
      config.loadFromFile(path);
    } catch (error) {
      throw kubeconfigUnreadable(kubeconfig, (error as Error).message);
    }
    const contexts = config.getContexts().map(({ name }) => name);
    if (!contexts.includes(context)) throw contextMissing(kubeconfig, context, contexts, hint);
    config.setCurrentContext(context);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw kubeconfigUnreadable(kubeconfig, `"${context}" names no cluster in it`);
    return new ClusterApi(config, server, hint);
  }

  /** Whether a kubeconfig has a context. */
  public static async has(cluster: Kubeconfig): Promise<boolean> {
    try {
      await ClusterApi.open(cluster);
      return true;
    } catch {
      return false;
    }
  }

  /** What is at a path of the API, e.g. `/version`; undefined where nothing is. */
  public get<T>(path: string): Promise<T | undefined> {
    return this.ask<T>('GET', path);
  }

  /** The text at a path, e.g. of a service behind the API server; undefined where nothing is. */
  public async text(path: string): Promise<string | undefined> {
    const { status, body } = await this.send('GET', path);
    if (status === 404) return undefined;
    if (status >= 300) throw apiRefused(this.server, `GET ${path}`, status, messageOf(body));
    return body;
  }

  /** Sends an object to a path, and returns what is answered. */
  public async post<T>(path: string, object: object): Promise<T> {
    const { status, body } = await this.send('POST', path, JSON.stringify(object));
    if (status >= 300) throw apiRefused(this.server, `POST ${path}`, status, messageOf(body));
    return JSON.parse(body) as T;
  }

  /** Asks for the end of what is at a path; it may take longer. */
  public async delete(path: string): Promise<void> {
    await this.ask('DELETE', path);
  }

  private async ask<T>(method: string, path: string): Promise<T | undefined> {
    const { status, body } = await this.send(method, path);
    if (status === 404) return undefined;
    if (status >= 300) throw apiRefused(this.server, `${method} ${path}`, status, messageOf(body));
    return JSON.parse(body) as T;
  }

  private async send(
    method: string,
    path: string,
    content?: string,
  ): Promise<{ readonly status: number; readonly body: string }> {
    const headers = {
      accept: 'application/json, */*;q=0.5',
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const options: RequestOptions = { method, headers };
    try {
      await this.config.applyToHTTPSOptions(options);
      const url = new URL(this.server.replace(/\/$/, '') + path);
      return await new Promise((resolve, reject) => {
        const send = url.protocol === 'http:' ? httpRequest : httpsRequest;
        const request = send(url, options, (response) => {
          text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
        });
        request.setTimeout(ANSWER_MILLISECONDS, () => request.destroy(new Error('it does not answer')));
        request.on('error', reject).end(content);
      });
    } catch (error) {
      throw clusterUnreachable(this.server, reasonOf(error as Error & { code?: string }), this.hint);
    }
  }
}

/** Absolute path of a kubeconfig. */
export function kubeconfigPath(kubeconfig: string): string {
  return kubeconfig.startsWith('~/') ? join(homedir(), kubeconfig.slice(2)) : kubeconfig;
}

/** Errors of several addresses at once have no message of their own. */
function reasonOf({ message, code }: Error & { readonly code?: string }): string {
  return message === '' ? (code ?? 'it cannot be connected to') : message;
}

function messageOf(body: string): string {
  try {
    return (JSON.parse(body) as { message?: string }).message ?? body;
  } catch {
    return body.slice(0, 200);
  }
}
