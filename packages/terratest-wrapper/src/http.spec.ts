import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { httpGetWithRetry } from './http';
import { describeTerratest } from './testing/needs-terratest';

const QUICK = { timeBetweenRetriesSeconds: 0.01 };

describeTerratest('httpGetWithRetry', () => {
  const servers: Server[] = [];
  afterAll(() => servers.forEach((server) => server.close()));

  const serve = async (answer: (request: IncomingMessage, response: ServerResponse, nth: number) => void) => {
    let count = 0;
    const server = createServer((request, response) => answer(request, response, (count += 1)));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  };

  it('asks until the status and the body are those that are expected', async () => {
    const url = await serve((_, response, nth) => {
      response.statusCode = nth < 3 ? 503 : 200;
      response.end(nth < 5 ? 'starting' : 'OK, version 3.17\n');
    });
    expect(await httpGetWithRetry(url, { ...QUICK, body: /version \d+/g })).toEqual({
      status: 200,
      body: 'OK, version 3.17',
    });
  });

  it('takes a whole body, or a function that decides', async () => {
    const url = await serve((request, response) => {
      response.statusCode = 401;
      response.end(`hello ${request.headers.authorization}`);
    });
    const options = { ...QUICK, status: 401, headers: { authorization: 'me' } };
    expect(await httpGetWithRetry(url, { ...options, body: 'hello me' })).toMatchObject({ status: 401 });
    const body = (answer: { body: string }): boolean => answer.body.endsWith('me');
    expect(await httpGetWithRetry(url, { ...options, body })).toMatchObject({ body: 'hello me' });
    await expect(httpGetWithRetry(url, { ...options, body: 'hello', maxRetries: 1 })).rejects.toThrow(
      /GET http:.* did not work within its retries; the last time: .*status: 401.*hello me/s,
    );
  });

  it('tells what kept it from an answer', async () => {
    await expect(httpGetWithRetry('http://127.0.0.1:1/', { ...QUICK, maxRetries: 2 })).rejects.toMatchObject({
      code: 'terratest-retries',
      message: expect.stringContaining('connection refused'),
    });
  });

  it('hands on what the deciding function throws', async () => {
    const url = await serve((_, response) => response.end('[]'));
    const body = (): boolean => {
      throw new Error('not what I thought');
    };
    await expect(httpGetWithRetry(url, { ...QUICK, body })).rejects.toThrow('not what I thought');
  });
});
