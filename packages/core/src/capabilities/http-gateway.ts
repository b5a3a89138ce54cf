import type { Construct } from 'constructs';
import type { Text } from '../value';
import type { Endpoint } from './platform';

/** The one door for HTTP clients from outside of a platform. */
export interface HttpGateway {
  /** Leads requests for a host name to an endpoint on the same platform, in the stack of `scope`. */
  addRoute(scope: Construct, id: string, props: HttpRouteProps): HttpRoute;
  /** Values of the `Host` header with which requests for a host name come, for servers that check it. */
  hostHeaders(hostname: string): readonly string[];
  /** `https://<hostname>`, or `http://…` where there is no TLS; with the port unless it is the scheme's own. */
  urlOf(hostname: string): Text;
}

export interface HttpRouteProps {
  /** Full name, e.g. `mlflow.example.org`; one that the gateway serves. */
  readonly hostname: string;
  /** Port `http` of a workload in the same stack. */
  readonly endpoint: Endpoint;
  /** Requests for paths that begin so. @default "/" */
  readonly pathPrefix?: string;
}

export interface HttpRoute {
  /** As {@link HttpGateway.urlOf} says. */
  readonly url: Text;
}
