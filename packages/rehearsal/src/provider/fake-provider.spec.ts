import type { Fault } from '../faults';
import { decodeValue, encodeValue, unknown, type ObjectValue, type Value } from '../protocol/values';
import { FakeProvider } from './fake-provider';
import { FaultLedger } from './fault-ledger';
import { readPrivate } from './private';
import type { ProviderCall } from './provider-server';
import { acme, block, blocks, computed, optional, required } from './testing/schemas';

const schema = {
  ...acme,
  resources: {
    ...acme.resources,
    null_resource: {
      version: 0,
      block: block({ id: computed('string'), triggers: optional('string'), other: optional('string') }),
    },
    acme_nested: {
      version: 1,
      block: block(
        { id: computed('string'), name: required('string') },
        {
          list: blocks('list', block({ name: optional('string') })),
          map: blocks('map', block({ name: optional('string') })),
          single: blocks('single', block({ name: optional('string') })),
        },
      ),
    },
  },
};

function provide(faults: readonly Fault[] = []) {
  const ledger = new FaultLedger(faults);
  const calls: ProviderCall[] = [];
  const provider = new FakeProvider(schema, { provider: 'schemas' }, ledger, (call) => calls.push(call));
  const absent = (type: string): ObjectValue =>
    Object.fromEntries(
      Object.entries(schema.resources[type as keyof typeof schema.resources].block.attributes).map(
        ([name]) => [name, null],
      ),
    );
  const plan = (
    type: string,
    given: ObjectValue,
    prior: ObjectValue | null = null,
    proposed: ObjectValue = given,
    prior_private: Uint8Array = Buffer.alloc(0),
  ) => {
    const config = { ...absent(type), ...given };
    const answer = provider.plan({
      type_name: type,
      prior_state: encodeValue(prior),
      proposed_new_state: encodeValue({ ...absent(type), ...proposed }),
      config: encodeValue(config),
      prior_private,
    });
    return {
      planned: decodeValue(answer.planned_state) as ObjectValue,
      replaced: (answer.requires_replace ?? []).map(({ steps }) => Object.values(steps[0]!)[0]),
      config,
    };
  };
  const apply = (
    type: string,
    prior: ObjectValue | null,
    planned: ObjectValue | null,
    config: ObjectValue = planned ?? {},
    planned_private: Uint8Array = Buffer.alloc(0),
  ) => {
    const answer = provider.apply({
      type_name: type,
      prior_state: encodeValue(prior),
      planned_state: encodeValue(planned),
      config: encodeValue(config),
      planned_private,
    });
    return {
      state: decodeValue(answer.new_state) as ObjectValue,
      private: answer.private as Uint8Array,
      problems: (answer.diagnostics ?? []).map(({ summary }) => summary),
    };
  };
  const create = (type: string, given: ObjectValue) => {
    const { planned, config } = plan(type, given);
    return apply(type, null, planned, config);
  };
  return { provider, calls, plan, apply, create };
}

describe('a create', () => {
  it('makes up what nobody gave, otherwise for a resource that is alike', () => {
    const { create, calls } = provide();
    const [one, same, other] = [{ name: 'a' }, { name: 'a' }, { name: 'b' }].map((given) =>
      create('acme_network', given),
    );
    expect(one!.state).toMatchObject({ name: 'a', size: null, id: expect.any(String) });
    expect(new Set([one, same, other].map((each) => each!.state['id'])).size).toBe(3);
    expect(new Set([one, same, other].map((each) => readPrivate(each!.private).instance)).size).toBe(3);
    expect(calls.map(({ kind, type }) => `${kind} ${type}`)).toEqual(Array(3).fill('create acme_network'));
  });

  it('fails, or takes too long, where that is asked; the next one does not', () => {
    const { create } = provide([
      { kind: 'fail-create', type: 'acme_network', nth: 1 },
      { kind: 'time-out', type: 'acme_network', nth: 2 },
    ]);
    const [failed, late, good] = [1, 2, 3].map((n) => create('acme_network', { name: `n${n}` }));
    expect([failed!.state, failed!.problems]).toEqual([null, ['Create failed']]);
    expect([late!.state['name'], late!.problems]).toEqual(['n2', ['Time-out while waiting for the create']]);
    expect([good!.state['name'], good!.problems]).toEqual(['n3', []]);
  });
});

describe('an update', () => {
  it('stays the same instance, is no create for faults, and keeps what was made up', () => {
    const { create, plan, apply, calls } = provide([{ kind: 'fail-create', type: 'acme_network', nth: 2 }]);
    const made = create('acme_network', { name: 'a' });
    const { planned, replaced, config } = plan('acme_network', { name: 'b' }, made.state, {
      ...made.state,
      name: 'b',
    });
    expect(replaced).toEqual([]);
    const updated = apply('acme_network', made.state, planned, config, made.private);
    expect(updated.problems).toEqual([]);
    expect(updated.state).toMatchObject({ name: 'b', id: made.state['id'] });
    expect(readPrivate(updated.private).instance).toBe(readPrivate(made.private).instance);
    expect(calls.map(({ kind }) => kind)).toEqual(['create', 'update']);
  });

  it('replaces what was asked to be replaced, once each, and only where that changes', () => {
    const { plan, create } = provide([
      { kind: 'replace-on-change', type: 'acme_network', attribute: 'size' },
      { kind: 'replace-on-change', type: 'acme_network', attribute: 'labels.a' },
      { kind: 'replace-on-change', type: 'acme_network', attribute: 'labels.b' },
      { kind: 'replace-on-change', type: 'acme_place', attribute: 'name' },
    ]);
    const labels = { a: '1', b: '1' };
    const given = { name: 'a', size: 1, labels };
    const { state } = create('acme_network', given);
    const replaced = (changed: ObjectValue): unknown =>
      plan('acme_network', { ...given, ...changed }, state, { ...state, ...changed }).replaced;
    expect(replaced({ name: 'b' })).toEqual([]);
    expect(replaced({ size: 2 })).toEqual(['size']);
    expect(replaced({ labels: { a: '2', b: '2' } })).toEqual(['labels']);
    expect(replaced({ size: 2, labels: { a: '2', b: '1' } })).toEqual(['size', 'labels']);
  });

  it('replaces on any change what is a key, or random, and no other provider’s', () => {
    const { plan, create } = provide();
    const { state } = create('null_resource', { triggers: 'a', other: 'x' });
    const replaced = (given: ObjectValue): unknown =>
      plan('null_resource', given, state, { ...state, ...given }).replaced;
    expect(replaced({ triggers: 'a', other: 'x' })).toEqual([]);
    expect(replaced({ triggers: 'b', other: 'x' })).toEqual(['triggers']);
    expect(replaced({ triggers: 'b', other: 'y' })).toEqual(['triggers', 'other']);
  });
});

describe('a destroy', () => {
  it('is planned as it is asked', () => {
    const { provider } = provide();
    const answer = provider.plan({
      type_name: 'acme_network',
      proposed_new_state: encodeValue(null),
    } as never);
    expect(decodeValue(answer.planned_state)).toBeNull();
  });

  it('is refused where that is asked, and leaves the resource', () => {
    const { create, apply, calls } = provide([{ kind: 'refuse-destroy', type: 'acme_network', times: 1 }]);
    const [one, two] = [create('acme_network', { name: 'a' }), create('acme_place', { name: 'b' })];
    expect(apply('acme_place', two.state, null, {}, two.private)).toMatchObject({
      state: null,
      problems: [],
    });
    const refused = apply('acme_network', one.state, null, {}, one.private);
    expect(refused.problems).toEqual(['Destroy refused']);
    expect(refused.state).toEqual(one.state);
    expect(apply('acme_network', one.state, null, {}, one.private)).toMatchObject({
      state: null,
      problems: [],
    });
    expect(calls.filter(({ kind }) => kind === 'delete')).toHaveLength(3);
  });
});

describe('a state', () => {
  const upgrade = (type: string, state: string): string => {
    const { provider } = provide();
    const answer = provider.upgrade({ type_name: type, raw_state: { json: Buffer.from(state) } });
    return (answer as { upgraded_state: { json: Buffer } }).upgraded_state.json.toString();
  };

  it('of this version stays to the letter, with numbers that no double holds', () => {
    const text = '{"id":"1","name":"a","size":12345678901234567890}';
    expect(upgrade('acme_network', text)).toBe(text);
  });

  it('of another version loses what no longer is, at every depth', () => {
    const state = {
      id: '1',
      lost: 1,
      list: [{ name: 'a', lost: 1 }, { name: 'b' }],
      map: { x: { name: 'c', lost: 1 }, y: { name: 'd' } },
      single: { name: 'e', lost: 1 },
    };
    expect(JSON.parse(upgrade('acme_nested', JSON.stringify(state)))).toEqual({
      id: '1',
      list: [{ name: 'a' }, { name: 'b' }],
      map: { x: { name: 'c' }, y: { name: 'd' } },
      single: { name: 'e' },
    });
    expect(upgrade('acme_nested', '{"id":"1","single":null,"lost":1}')).toBe('{"id":"1","single":null}');
  });

  it('is read as it is, and nothing is read of what is gone', () => {
    const { provider, calls } = provide();
    const read = (state: Value) =>
      decodeValue(
        (
          provider.read({ type_name: 'acme_network', current_state: encodeValue(state) } as never) as {
            new_state: { msgpack: Uint8Array };
          }
        ).new_state,
      );
    expect(read({ name: 'a' })).toEqual({ name: 'a' });
    expect(read(null)).toBeNull();
    expect(calls.map(({ kind }) => kind)).toEqual(['read']);
  });
});

describe('an import', () => {
  it('has the id, no blocks, and is no replacement when it becomes what is configured', () => {
    const { provider, plan, calls } = provide([
      { kind: 'replace-on-change', type: 'acme_nested', attribute: 'name' },
    ]);
    const answer = provider.import({ type_name: 'acme_nested', id: 'it-7' }) as {
      imported_resources: readonly { state: { msgpack: Uint8Array }; private: Uint8Array }[];
    };
    const [imported] = answer.imported_resources;
    const state = decodeValue(imported!.state) as ObjectValue;
    expect(state).toMatchObject({ id: 'it-7', list: [], map: {}, single: null });
    expect(readPrivate(imported!.private).imported).toBe(true);
    const given = { name: 'b' };
    const next = (kept: Uint8Array) =>
      plan('acme_nested', given, state, { ...state, ...given }, kept).replaced;
    expect(next(imported!.private)).toEqual([]);
    expect(next(Buffer.alloc(0))).toEqual(['name']);
    expect(calls.map(({ kind }) => kind)).toEqual(['import']);
  });
});

describe('data', () => {
  it('is the same for the same question, and another for another', () => {
    const { provider, calls } = provide();
    const ask = (filter: string): ObjectValue => {
      const config = encodeValue({ id: null, filter, addresses: null });
      const answer = provider.readData({ type_name: 'acme_images', config }) as {
        state: { msgpack: Uint8Array };
      };
      return decodeValue(answer.state) as ObjectValue;
    };
    expect(ask('a')).toMatchObject({ filter: 'a', addresses: [expect.any(String)] });
    expect(ask('a')).toEqual(ask('a'));
    expect(ask('a')['id']).not.toBe(ask('b')['id']);
    expect(calls.every(({ kind, type }) => kind === 'data' && type === 'acme_images')).toBe(true);
  });
});

it('what a provider is configured with is where things are', () => {
  const { provider, create } = provide();
  provider.configure({ config: encodeValue({ region: 'north', token: null }) });
  expect(create('acme_place', { name: 'a' }).state['region']).toBe('north');
  expect(create('acme_place', { name: 'b', region: 'east' }).state['region']).toBe('east');
});

it('a type that the schema does not have is named', () => {
  const { provider } = provide();
  const config = encodeValue({});
  const message = (type: string) => `The schema of ${acme.source} (a test) has no type ${type}.`;
  expect(() => provider.validateResource({ type_name: 'acme_none', config })).toThrow(message('acme_none'));
  expect(() => provider.validateData({ type_name: 'acme_network', config })).toThrow(message('acme_network'));
});

it('configurations are validated, of the provider, of resources and of data', () => {
  const { provider } = provide();
  const validated = (answer: object): number =>
    (answer as { readonly diagnostics: readonly object[] }).diagnostics.length;
  expect(validated(provider.validateProvider({ config: encodeValue({ region: 'a' }) }))).toBe(0);
  const resource = (config: ObjectValue): number =>
    validated(provider.validateResource({ type_name: 'acme_network', config: encodeValue(config) }));
  expect([resource({ name: 'a' }), resource({}), resource({ name: unknown, id: 'x' })]).toEqual([0, 1, 1]);
  const data = (config: ObjectValue): number =>
    validated(provider.validateData({ type_name: 'acme_images', config: encodeValue(config) }));
  expect([data({ filter: 'a' }), data({ id: 'a' })]).toEqual([0, 1]);
});
