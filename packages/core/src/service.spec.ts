import { Construct } from 'constructs';
import { exportOutputs } from './outputs';
import { exportService, servicesOf } from './service';
import { Data } from './testing/resources';
import { build, demo, withSynthesized } from './testing/synth';
import { MountPath, Secret, text } from './value';

describe('exportService', () => {
  it('exports a service under its name, with the reference of its password and no secret', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      const server = new Data(main, 'server', '127.0.0.1');
      const { host, password, value } = exportOutputs(server, {
        host: server.output,
        password: 'secrets/admin',
        value: 'made',
      });
      const props = {
        name: 'ml-flow${a}',
        url: text`http://${host}:${5500}/\${literal}`,
        username: '%{admin}',
        password: new Secret(password, value),
      };
      exportService(new Construct(main, 'inner'), props);
      exportService(main, { name: 'docs', url: 'http://127.0.0.1' });
      expect(servicesOf(main).map(({ name }) => name)).toEqual(['ml-flow${a}', 'docs']);
      expect(servicesOf(stack('other'))).toEqual([]);
    });
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-main').output.service_ml_flow__a_.value).toEqual({
        name: 'ml-flow$${a}',
        url: 'http://${terraform_data.server.output}:5500/$${literal}',
        username: '%%{admin}',
        password: 'secrets/admin',
      });
    });
  });

  it('leaves the login empty where none is needed', () => {
    const environment = demo((stack) =>
      exportService(stack('main'), { name: 'docs', url: 'http://127.0.0.1' }),
    );
    withSynthesized(environment, (synthesized) => {
      expect(synthesized.stack('dev-main').output.service_docs.value).toEqual({
        name: 'docs',
        url: 'http://127.0.0.1',
        username: '',
        password: '',
      });
    });
  });

  it('refuses a secret or a mount path in the URL, which everybody reads', () => {
    const withUrl = (part: (secret: Secret) => Secret | MountPath) => () =>
      build(
        demo((stack) => {
          const main = stack('main');
          const { reference } = exportOutputs(main, { reference: 'secrets/admin' });
          exportService(main, {
            name: 'web',
            url: text`http://admin:${part(new Secret(reference))}@127.0.0.1`,
          });
        }),
      );
    const message = 'dev-main: the URL of a service holds no secret and no mount path';
    expect(withUrl((secret) => secret)).toThrow(message);
    expect(withUrl(() => new MountPath('/etc/x'))).toThrow(message);
  });

  it('refuses two services of one name in a stack', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      exportService(main, { name: 'web', url: 'http://127.0.0.1:1' });
      exportService(main, { name: 'web', url: 'http://127.0.0.1:2' });
    });
    expect(() => build(environment)).toThrow(
      'Two outputs of the stack demo/dev/main are both named service_web: those of dev-main and dev-main.',
    );
  });
});
