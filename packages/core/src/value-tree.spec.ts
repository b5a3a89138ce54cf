import { exportOutputs } from './outputs';
import { build, demo } from './testing/synth';
import { MountPath, Secret, text } from './value';
import { isValue, mergeValues, valuesIn } from './value-tree';

describe('mergeValues', () => {
  it('merges maps, and replaces all else', () => {
    const values = { image: { tag: 'v1', pullPolicy: 'Always' }, args: ['a', 'b'], replicas: 1 };
    expect(
      mergeValues(values, { image: { tag: 'v2' }, args: ['c'], replicas: null, more: { x: 1 } }),
    ).toEqual({
      image: { tag: 'v2', pullPolicy: 'Always' },
      args: ['c'],
      replicas: null,
      more: { x: 1 },
    });
    expect(values.image.tag).toBe('v1');
  });

  it('leaves values alone where nothing is laid over them', () => {
    expect(mergeValues({ a: 1 }, undefined)).toEqual({ a: 1 });
    expect(mergeValues({ a: 1 }, { a: undefined })).toEqual({ a: 1 });
  });

  it('does not merge lists and maps, or a reference, into each other', () => {
    const mount = new MountPath('/a');
    expect(mergeValues({ a: { x: 1 } }, { a: ['y'] })).toEqual({ a: ['y'] });
    expect(mergeValues({ a: ['y'] }, { a: { x: 1 } })).toEqual({ a: { x: 1 } });
    expect(mergeValues({ a: null }, { a: { x: 1 } })).toEqual({ a: { x: 1 } });
    expect(mergeValues({ a: { x: 1 } }, { a: 'y' })).toEqual({ a: 'y' });
    expect(mergeValues({ a: { x: 1 } }, { a: mount })).toEqual({ a: mount });
    expect(mergeValues({ a: mount }, { a: { x: 1 } })).toEqual({ a: { x: 1 } });
  });
});

describe('valuesIn', () => {
  it('lists every text and reference of a tree with its path, and nothing else', () => {
    expect.assertions(1);
    build(
      demo((stack) => {
        const { port } = exportOutputs(stack('main'), { port: '5432' });
        const secret = new Secret(port);
        const url = text`http://${port}`;
        const tree = {
          url,
          number: port.number,
          list: ['a', { secret }, 2, true],
          deep: { deeper: { name: 'x', none: null, missing: undefined } },
        };
        expect(valuesIn(tree)).toEqual([
          { path: 'url', value: url },
          { path: 'list.0', value: 'a' },
          { path: 'list.1.secret', value: secret },
          { path: 'deep.deeper.name', value: 'x' },
        ]);
      }),
    );
  });

  it('has a leaf at the path it was given, and nothing in a missing tree', () => {
    expect(valuesIn('x', 'spec.name')).toEqual([{ path: 'spec.name', value: 'x' }]);
    expect(valuesIn(undefined)).toEqual([]);
    expect(valuesIn(null)).toEqual([]);
  });
});

describe('isValue', () => {
  it('is true of leaves that have a text', () => {
    expect.assertions(2);
    build(
      demo((stack) => {
        const { port } = exportOutputs(stack('main'), { port: '5432' });
        const values = ['', 'x', port, new Secret(port), new MountPath('/a'), text`a`];
        expect(values.filter((value) => !isValue(value))).toEqual([]);
        const others = [undefined, null, 1, true, ['x'], { x: 'x' }, port.number];
        expect(others.filter(isValue)).toEqual([]);
      }),
    );
  });
});
