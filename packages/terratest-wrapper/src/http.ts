import { runCall } from './calls';

export interface HttpAnswer {
  readonly status: number;
  /** Without white space around it. */
  readonly body: string;
}

export interface HttpOptions {
  /** @default 200 */
  readonly status?: number;
  /** The whole body, a pattern that is found in it, or what decides about the answer. @default - any */
  readonly body?: string | RegExp | ((answer: HttpAnswer) => boolean);
  /** @default - none */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM of the authority that signed the server's certificate. @default - those of the system */
  readonly caCertificate?: string;
  /** Takes any certificate. @default false */
  readonly insecureSkipVerify?: boolean;
  /** Of one request. @default 10 */
  readonly timeoutSeconds?: number;
  /** @default 30 */
  readonly maxRetries?: number;
  /** @default 2 */
  readonly timeBetweenRetriesSeconds?: number;
}

/** Asks a server until it gives the answer that is expected. @returns that answer */
export async function httpGetWithRetry(url: string, options: HttpOptions = {}): Promise<HttpAnswer> {
  return (await runCall({
    call: 'httpGetWithRetry',
    what: `GET ${url}`,
    body: {
      http: {
        url,
        headers: options.headers ?? {},
        caCertificate: options.caCertificate ?? '',
        insecure: options.insecureSkipVerify ?? false,
        timeoutSeconds: options.timeoutSeconds ?? 10,
        maxRetries: options.maxRetries ?? 30,
        millisecondsToWait: (options.timeBetweenRetriesSeconds ?? 2) * 1000,
      },
    },
    log: false,
    isExpected: (status, body) =>
      status === (options.status ?? 200) && matches(options.body, { status, body }),
  })) as HttpAnswer;
}

function matches(expected: HttpOptions['body'], answer: HttpAnswer): boolean {
  if (expected === undefined) return true;
  if (typeof expected === 'string') return answer.body === expected;
  // Not `test`, which begins where it ended last time when the expression is global.
  return expected instanceof RegExp ? answer.body.search(expected) >= 0 : expected(answer);
}
