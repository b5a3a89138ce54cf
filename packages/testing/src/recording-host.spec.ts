import { MountPath, text } from '@mlterra/core';
import { RecordingHost } from './recording-host';
import { synthStack } from './synth';

it('shows what a tool asks of its platform', () => {
  const host = new RecordingHost();
  const stack = synthStack((scope) => {
    const server = host.addPostgres(scope, 'postgres', { port: 5432 });
    const login = server.addDatabase(scope, 'notes', { name: 'notes' });
    const objects = host.addObjectStore(scope, 'objects');
    const workload = host.run(scope, 'app', {
      containers: {
        web: {
          image: 'example.org/app:1',
          command: ['serve', text`--config=${new MountPath('/etc/app.ini')}`],
          variables: { DATABASE_URL: login.url('postgresql+psycopg2'), LITERAL: '${HOME}' },
          files: { '/etc/app.ini': text`password=${login.password}` },
          ports: { http: { port: 8000, protocol: 'http' } },
        },
      },
    });
    const identity = host.addIdentity(scope, 'App');
    expect(identity.name).toBe('app');
    expect(objects.grantReadWrite(identity).variables).toEqual({});
    expect(Object.keys(workload.endpoints)).toEqual(['web.http']);
    expect(server.majorVersion).toBe(18);
  });
  expect(host.workloads).toHaveLength(1);
  expect(stack.resource).toMatchInlineSnapshot(`
    {
      "terraform_data": {
        "app_735A5B53": {
          "input": {
            "workload": {
              "web": {
                "command": [
                  "serve",
                  "--config=<mount /etc/app.ini>",
                ],
                "files": {
                  "/etc/app.ini": "password=<secret secrets/dev-main/notes/Password>",
                },
                "image": "example.org/app:1",
                "ports": {
                  "http": {
                    "port": 8000,
                    "protocol": "http",
                  },
                },
                "variables": {
                  "DATABASE_URL": "postgresql+psycopg2://notes:<secret secrets/dev-main/notes/Password>@127.0.0.1:5432/notes",
                  "LITERAL": "$\${HOME}",
                },
              },
            },
          },
        },
        "notes_AF81B09D": {
          "input": {
            "database": {
              "name": "notes",
              "password": "secrets/dev-main/notes/Password",
              "port": "5432",
              "server": "127.0.0.1",
            },
          },
        },
        "postgres_6BBC2FA4": {
          "input": {
            "postgres": {
              "port": 5432,
            },
          },
        },
      },
    }
  `);
  expect(stack.output).toMatchInlineSnapshot(`
    {
      "app_web_http_host": {
        "value": "127.0.0.1",
      },
      "app_web_http_port": {
        "value": "8000",
      },
      "notes_Password_reference": {
        "value": "secrets/dev-main/notes/Password",
      },
      "objects_uri": {
        "value": "file:///objects/dev-main/objects",
      },
      "postgres_Superuser_reference": {
        "value": "secrets/dev-main/postgres/Superuser",
      },
      "postgres_host": {
        "value": "127.0.0.1",
      },
      "postgres_port": {
        "value": "5432",
      },
    }
  `);
});

it('refuses what no platform runs, and does not record it', () => {
  const host = new RecordingHost();
  expect(() =>
    synthStack((scope) => {
      const probe = { port: 'http' };
      host.run(scope, 'app', {
        containers: { web: { image: 'example.org/app:1', command: ['serve'], probe } },
      });
    }),
  ).toThrow('dev-main/app: the probe of the container "web" asks the port "http", which it does not have.');
  expect(host.workloads).toEqual([]);
});
