import { Stack, text, type HttpGateway, type HttpRoute, type HttpRouteProps, type Text } from '@mlterra/core';
import { Construct } from 'constructs';
import { record } from './recording';

/** A gateway that lets nobody in: routes become a readable `terraform_data`. It has TLS, on the port of `https`. */
export class RecordingGateway implements HttpGateway {
  public addRoute(scope: Construct, id: string, props: HttpRouteProps): HttpRoute {
    const route = new Construct(scope, id);
    const { hostname, endpoint, pathPrefix = '/' } = props;
    const { host, port } = endpoint;
    record(route, 'Resource', {
      route: {
        stack: Stack.ofConstruct(route).key,
        hostname,
        pathPrefix,
        backend: `${host.at(route)}:${port.at(route)}`,
      },
    });
    return { url: this.urlOf(hostname) };
  }

  public hostHeaders(hostname: string): readonly string[] {
    return [hostname];
  }

  public urlOf(hostname: string): Text {
    return text`https://${hostname}`;
  }
}
