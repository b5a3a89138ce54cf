import { App } from 'cdktf';
import { Construct } from 'constructs';
import { Publisher } from './published-ports';

function owner(): Construct {
  return new Construct(new App({ outdir: 'never-written' }), 'engine');
}

describe('Publisher', () => {
  it('knows the port of a workload, and of no other', () => {
    const publisher = new Publisher(owner(), { 'mlflow.http': 5510 });
    expect(publisher.portOf('mlflow', 'http')).toBe(5510);
    expect(publisher.portOf('mlflow', 'metrics')).toBeUndefined();
    expect(publisher.peek('mlflow', 'http')).toBe(5510);
    expect(publisher.peek('mlflow', 'metrics')).toBeUndefined();
  });

  it('does not take what every object has for a published port', () => {
    const inherited = { __proto__: { 'mlflow.http': 5510 } } as unknown as Record<string, number>;
    const publisher = new Publisher(owner(), inherited);
    expect([publisher.portOf('mlflow', 'http'), publisher.peek('mlflow', 'http')]).toEqual([
      undefined,
      undefined,
    ]);
  });

  it.each(['mlflow.http', 'a.b', 'a1-b.web-2', 'mlflow.8080'])('publishes the port named %j', (name) => {
    expect(() => new Publisher(owner(), { [name]: 5510 })).not.toThrow();
  });

  it.each([
    'Mlflow.http',
    '1a.http',
    '-a.http',
    'a.',
    '.http',
    'a.b.c',
    'a.HTTP',
    ' a.http',
    'a.http ',
    'a_b.c',
  ])('refuses the name %j', (name) => {
    expect(() => new Publisher(owner(), { 'mlflow.http': 5510, [name]: 5511 })).toThrow(
      `engine: port 5511 for ${JSON.stringify(name)} cannot be published.`,
    );
  });

  it('publishes every port there is, the first and the last of its range included', () => {
    const publish = (port: number, range?: { least: number; most: number }) => () =>
      new Publisher(owner(), { 'a.http': port }, { range });
    for (const port of [1, 65_535]) expect(publish(port)).not.toThrow();
    for (const port of [0, 65_536]) expect(publish(port)).toThrow('a whole number from 1 to 65535');
    const range = { least: 30_000, most: 32_767 };
    for (const port of [30_000, 32_767]) expect(publish(port, range)).not.toThrow();
    for (const port of [29_999, 32_768]) expect(publish(port, range)).toThrow('from 30000 to 32767');
  });

  it('still refuses a port that was only looked at: the workload need not come to be', () => {
    const construct = owner();
    new Publisher(construct, { 'mlflow.http': 5510, 'web.http': 5511 }).peek('mlflow', 'http');
    expect(construct.node.validate()).toHaveLength(2);
  });

  it('names the ports there are where one is published that no workload has', () => {
    const construct = owner();
    const publisher = new Publisher(construct, { 'mlflw.http': 5510 });
    publisher.portOf('postgresql', 'postgresql');
    publisher.portOf('mlflow', 'http');
    const [message, ...others] = construct.node.validate();
    expect(others).toEqual([]);
    expect(message).toMatch(/^"mlflw\.http" is published, but no workload has such a port/);
    expect(message).toMatch(/expected: mlflow\.http or postgresql\.postgresql/);
    const alone = owner();
    new Publisher(alone, { 'mlflow.http': 5510 });
    expect(alone.node.validate().join()).toContain('expected: a workload with ports, and there is none');
  });

  it('has nothing to say about ports that exist', () => {
    const construct = owner();
    new Publisher(construct, { 'mlflow.http': 5510 }).portOf('mlflow', 'http');
    expect(construct.node.validate()).toEqual([]);
  });

  it.each([
    ['a port out of range', { 'mlflow.http': 5510 }, /5510 for "mlflow\.http".*[^]*from 30000 to 32767/],
    ['half a port', { 'mlflow.http': 30_000.5 }, /30000\.5/],
    ['a name without a port', { mlflow: 30_000 }, /"mlflow".*[^]*<workload>\.<port name>/],
    ['one port twice', { 'a.http': 30_000, 'b.http': 30_000 }, /30000 .*"a\.http" and "b\.http"/],
  ])('refuses %s', (_, ports, message) => {
    const range = { least: 30_000, most: 32_767 };
    expect(() => new Publisher(owner(), ports as Record<string, number>, { range })).toThrow(message);
  });
});
