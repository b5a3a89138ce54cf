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
