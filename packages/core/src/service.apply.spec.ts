import { exportOutputs } from './outputs';
import { exportService } from './service';
import { Data } from './testing/resources';
import { demo, withSynthesized } from './testing/synth';
import { Secret, text } from './value';

describe('exportService', () => {
  it('says where a service is and where its password is kept, after a real apply', () => {
    const environment = demo((stack) => {
      const main = stack('main');
      const server = new Data(main, 'server', '127.0.0.1');
      const { host, password } = exportOutputs(server, { host: server.output, password: 'secrets/admin' });
      exportService(main, {
        name: 'ml-flow',
        url: text`http://${host}:${5500}/\${literal}`,
        username: 'admin',
        password: new Secret(password),
      });
    });
    const outputs = withSynthesized(environment, (synthesized) => synthesized.apply('dev-main'));
    expect(outputs.service_ml_flow).toEqual({
      name: 'ml-flow',
      url: 'http://127.0.0.1:5500/${literal}',
      username: 'admin',
      password: 'secrets/admin',
    });
  });

  it('takes name and user literally', () => {
    const environment = demo((stack) =>
      exportService(stack('main'), { name: 'docs${a}', url: 'http://127.0.0.1', username: '%{admin} ${b}' }),
    );
    const outputs = withSynthesized(environment, (synthesized) => synthesized.apply('dev-main'));
    expect(outputs.service_docs__a_).toMatchObject({ name: 'docs${a}', username: '%{admin} ${b}' });
  });
});
