import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { hooks } from '../hooks';
import type { HookData } from '../spec';
import { mask } from './logs';
import { portHolder } from './port-holder';

const context = (host: string) => ({
  environment: 'demo',
  stage: 'dev',
  stack: 'web',
  environmentDir: '/nonexistent',
  resources: [],
  data: {
    host,
    instance: { stack: 'demo/dev/engine', output: 'engine_instance' },
    containers: [],
    images: [],
    networks: [],
    volumes: [],
  } satisfies HookData,
});

describe('the hooks', () => {
  it('say that there is no socket, and how to get one', async () => {
    await expect(hooks.prepare!(context('unix:///nonexistent/docker.sock'))).rejects.toThrow(
      /No Docker engine answers at unix:\/\/\/nonexistent\/docker\.sock: there is no such socket[^]*DOCKER_HOST/,
    );
  });

  it('say that nobody listens at the address of a remote engine', async () => {
    await expect(hooks.probe!(context('tcp://127.0.0.1:1'))).rejects.toThrow(
      /tcp:\/\/127\.0\.0\.1:1: the connection is refused[^]*check the address and the port/,
    );
    expect(process.env.DOCKER_HOST ?? '').not.toBe('tcp://127.0.0.1:1');
  });

  it('say what an address looks like where there is none', async () => {
    await expect(hooks.probe!(context('foo'))).rejects.toThrow(
      /"foo" is not the address of a Docker engine[^]*unix:\/\/[^]*tcp:\/\/[^]*ssh:\/\//,
    );
  });

  it('tell how a secret is printed', async () => {
    expect(await hooks.locateSecret!(context('unix:///x'), 'demo/dev/web#password_value')).toBe(
      'terraform -chdir=/nonexistent/.mlterra/stacks/dev-web output -raw password_value',
    );
  });
});

describe('a log', () => {
  it('shows no secret, and none that is in another', () => {
    const url = 'postgresql://web:short-pw@db:5432/web';
    const file = 'user = admin\npassword = AbCdEfGhIjKlMnOpQrSt\n';
    const log = `connecting to ${url} failed; short-pw; AbCdEfGhIjKlMnOpQrSt; user = admin`;
    expect(mask(log, [url, file])).toBe('connecting to (secret) failed; (secret); (secret); user = admin');
  });
});

(process.platform === 'linux' ? it : it.skip)('the holder of a port is named', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(portHolder(port)).toMatch(new RegExp(`^the process \\S.* \\(${process.pid}\\)$`));
  await new Promise((resolve) => server.close(resolve));
  expect(portHolder(port)).toBeUndefined();
});
