import { defineEnvironment, localState, MountPath, text } from '@mlterra/core';
import { LocalHost } from '../local-host';

export interface ExamplePorts {
  readonly postgres: number;
  readonly web: number;
}

/** Text with everything in it that Terraform, the shell or the supervisor could take for its own. */
export const LITERAL = '${HOME} %{if true} $$ %% "\'\\` é\n$';

const PROGRAM = [
  'import os, http.server, json',
  'class Handler(http.server.BaseHTTPRequestHandler):',
  '  def do_GET(self):',
  '    self.send_response(200); self.end_headers()',
  '    file = open(os.environ["FILE"], encoding="utf8").read()',
  '    self.wfile.write(json.dumps([os.environ["LITERAL"], os.environ["STORE"], file]).encode())',
  'http.server.HTTPServer((os.environ["ADDRESS"], int(os.environ["PORT"])), Handler).serve_forever()',
].join('\n');

/** A database server in one stack, and a program that uses it in another. */
export function exampleEnvironment(ports: ExamplePorts) {
  return defineEnvironment({
    name: 'bench',
    backend: localState(),
    stages: { dev: { profile: 'development', settings: {} } },
    build: (stage) => {
      const host = new LocalHost();
      const postgres = host.addPostgres(stage.stack('postgresql'), 'Server', { port: ports.postgres });
      const web = stage.stack('web');
      const login = postgres.addDatabase(web, 'Database', { name: 'web' });
      const key = host.generateSecret(web, 'Key', { length: 20 });
      const store = host.addObjectStore(web, 'Store').grantReadWrite({ scope: web, name: 'web' });
      host.run(web, 'Web', {
        containers: {
          server: {
            image: 'example.org/demo:v1',
            program: { kind: 'python', requirements: [] },
            command: ['python', '-c', PROGRAM],
            variables: {
              LITERAL,
              ADDRESS: host.listenAddress,
              PORT: String(ports.web),
              STORE: store.uri,
              FILE: new MountPath('/etc/web.ini'),
            },
            files: {
              '/etc/web.ini': text`key = ${key}\nurl = ${login.url('postgresql+psycopg2')}\n${LITERAL}`,
            },
            volumes: { '/data': { name: 'data', sizeGiB: 1 } },
            ports: { http: { port: ports.web, protocol: 'http' } },
            probe: { port: 'http', httpPath: '/', startSeconds: 30 },
          },
        },
      });
    },
  });
}
