import { mergeValues } from './value-tree';

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
});
