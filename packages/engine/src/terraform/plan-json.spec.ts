import { summarisePlan } from './plan-json';

const change = (actions: string[], rest: object = {}): object => ({ actions, ...rest });
const managed = (address: string, body: object): object => ({ address, mode: 'managed', change: body });
const summary = (plan: object): ReturnType<typeof summarisePlan> => summarisePlan(JSON.stringify(plan));

describe('the summary of a plan', () => {
  it('names what differs, leaf by leaf', () => {
    const { resources } = summary({
      resource_changes: [
        managed(
          'a.b',
          change(['update'], {
            before: { x: 1, same: 2, deep: { l: ['p', 'q'] } },
            after: { x: 3, same: 2, deep: { l: ['p', 'r'] } },
          }),
        ),
      ],
    });
    expect(resources).toEqual([
      {
        address: 'a.b',
        action: 'update',
        attributes: [
          { path: 'x', before: '1', after: '3' },
          { path: 'deep.l.1', before: 'q', after: 'r' },
        ],
      },
    ]);
  });

  it('shows every digit of a number, and a difference in the last one', () => {
    const json = (whole: string, hidden: string, list: string): string =>
      `{"whole":${whole},"hidden":${hidden},"list":[1.0,${list}],"same":{"n":9007199254740993}}`;
    const before = json('9007199254740992', '9007199254740992', '1e400');
    const after = json('9007199254740993', '9007199254740993', '0.10000000000000000001');
    const plan = `{"resource_changes":[{"address":"a.b","mode":"managed","change":{"actions":["update"],"before":${before},"after":${after},"before_sensitive":{"hidden":true}}}]}`;
    expect(summarisePlan(plan).resources[0]!.attributes).toEqual([
      { path: 'whole', before: '9007199254740992', after: '9007199254740993' },
      { path: 'hidden', before: '(sensitive)', after: '(sensitive)' },
      { path: 'list.1', before: '1e400', after: '0.10000000000000000001' },
    ]);
  });

  it.each([
    [['create'], 'create'],
    [['update'], 'update'],
    [['delete'], 'destroy'],
    [['delete', 'create'], 'replace'],
    [['create', 'delete'], 'replace'],
    [['forget'], 'forget'],
  ])('reads %j as %s', (actions, action) => {
    expect(summary({ resource_changes: [managed('a.b', change(actions))] }).resources).toMatchObject([
      { action },
    ]);
  });

  describe('of a resource that is imported or moved', () => {
    const one = (body: object, more: object = {}): unknown =>
      summary({ resource_changes: [{ ...managed('a.b', body), ...more }] }).resources;

    it.each([
      ['imported', change(['no-op'], { importing: { id: 'x' } }), {}, { action: 'import', importId: 'x' }],
      [
        'imported and updated',
        change(['update'], { importing: { id: 'x' } }),
        {},
        { action: 'update', importId: 'x' },
      ],
      [
        'imported and replaced',
        change(['delete', 'create'], { importing: { id: 'x' } }),
        {},
        { action: 'replace', importId: 'x' },
      ],
      [
        'imported by what comes later',
        change(['no-op'], { importing: { unknown: true } }),
        {},
        { action: 'import', importId: '(known after apply)' },
      ],
      [
        'imported by its identity',
        change(['no-op'], { importing: { identity: { n: 1 } } }),
        {},
        { action: 'import', importId: '{"n":1}' },
      ],
      [
        'moved',
        change(['no-op']),
        { previous_address: 'a.old' },
        { action: 'move', previousAddress: 'a.old' },
      ],
      [
        'moved and updated',
        change(['update']),
        { previous_address: 'a.old' },
        { action: 'update', previousAddress: 'a.old' },
      ],
      [
        'moved and destroyed',
        change(['delete']),
        { previous_address: 'a.old' },
        { action: 'destroy', previousAddress: 'a.old' },
      ],
    ])('%s', (_, body, more, expected) => {
      expect(one(body, more)).toEqual([{ address: 'a.b', ...expected, attributes: [] }]);
    });

    it('masks an id that is the secret itself', () => {
      const body = { importing: { id: 'canary' }, before: { r: 'canary' }, after: { r: 'canary' } };
      const marks = { before_sensitive: { r: true }, after_sensitive: { r: true } };
      expect(one(change(['no-op'], { ...body, ...marks }))).toMatchObject([{ importId: '(sensitive)' }]);
    });

    it('is no matter of the stamp alone, and no drift', () => {
      const stamp = managed('terraform_data.mlterra', change(['update'], { before: 1, after: 2 }));
      const moved = { ...managed('a.b', change(['no-op'])), previous_address: 'a.old' };
      expect(summary({ resource_changes: [stamp, moved] }).stampOnly).toBe(false);
      expect(summary({ resource_drift: [moved] }).drift).toEqual([]);
    });
  });

  it('reads an object that is left as it is beside its replacement', () => {
    expect(
      summary({ resource_changes: [managed('a.b', change(['create', 'forget']))] }).resources,
    ).toMatchObject([{ action: 'create' }, { action: 'forget' }]);
  });

  it('leaves out data sources and what stays', () => {
    const data = { address: 'data.a.b', mode: 'data', change: change(['read']) };
    expect(summary({ resource_changes: [data, managed('a.b', change(['no-op']))] }).resources).toEqual([]);
  });

  it('never shows a sensitive value, whole or in part', () => {
    const plan = {
      resource_changes: [
        managed(
          'a.b',
          change(['update'], {
            before: { password: 'canary-1', nested: { token: 'canary-2', open: 'x' } },
            after: { password: 'canary-3', nested: { token: 'canary-4', open: 'y' } },
            before_sensitive: { password: true, nested: { token: true } },
            after_sensitive: { password: true, nested: { token: true } },
          }),
        ),
      ],
      output_changes: {
        secret: change(['update'], { before: 'canary-5', after: 'canary-6', after_sensitive: true }),
      },
    };
    const text = JSON.stringify(summary(plan));
    expect(text).not.toContain('canary');
    expect(text).toContain('(sensitive)');
    expect(text).toContain('"nested.open","before":"x","after":"y"');
  });

  describe('of a value that is sensitive on one side only', () => {
    const attributes = (body: object): unknown =>
      summary({ resource_changes: [managed('a.b', change(['update'], body))] }).resources[0]!.attributes;

    it('before: masks both', () => {
      const body = { before: { p: 'canary-1' }, after: { p: 'canary-2' }, before_sensitive: { p: true } };
      expect(attributes(body)).toEqual([{ path: 'p', before: '(sensitive)', after: '(sensitive)' }]);
    });

    it('after: masks both', () => {
      const body = { before: { p: 'canary-1' }, after: { p: 'canary-2' }, after_sensitive: { p: true } };
      expect(attributes(body)).toEqual([{ path: 'p', before: '(sensitive)', after: '(sensitive)' }]);
    });

    it('tells that it becomes sensitive, or ceases to be', () => {
      const body = { before: { p: 'canary' }, after: { p: 'canary' }, after_sensitive: { p: true } };
      const masked = [{ path: 'p', before: '(sensitive)', after: '(sensitive)' }];
      expect(attributes(body)).toEqual(masked);
      expect(attributes({ ...body, after_sensitive: {}, before_sensitive: { p: true } })).toEqual(masked);
      expect(attributes({ ...body, before_sensitive: { p: true } })).toEqual([]);
    });

    it.each([
      ['becomes unknown as a whole', undefined, { o: true }, '(known after apply)'],
      ['becomes a text', { o: 'text' }, {}, 'text'],
      ['becomes a list', { o: ['x'] }, {}, '["x"]'],
      ['goes', {}, {}, undefined],
    ])('in an object that %s: shows the rest', (_, after, unknown, shown) => {
      const body = {
        before: { o: { p: 'canary', q: ['open', 'canary'], n: null } },
        after,
        after_unknown: unknown,
        before_sensitive: { o: { p: true, q: [false, true] } },
      };
      const whole = {
        path: 'o',
        before: '{"p":"(sensitive)","q":["open","(sensitive)"],"n":null}',
        after: shown,
      };
      const leaves = [
        { path: 'o.p', before: '(sensitive)' },
        { path: 'o.q.0', before: 'open' },
        { path: 'o.q.1', before: '(sensitive)' },
      ];
      expect(attributes(body)).toEqual(shown === undefined ? leaves : [whole]);
    });

    it('in a list that moves: masks the text wherever it was', () => {
      const body = {
        before: { l: ['canary'] },
        after: { l: ['first', 'canary'] },
        after_sensitive: { l: [false, true] },
      };
      expect(JSON.stringify(attributes(body))).not.toContain('canary');
    });
  });

  it('hides the keys of a map that is sensitive', () => {
    const plan = {
      resource_changes: [
        managed(
          'a.b',
          change(['update'], {
            before: { m: { 'canary-key': 1 } },
            after: { m: { 'canary-other': 1 } },
            before_sensitive: { m: true },
            after_unknown: { m: { 'canary-third': true } },
          }),
        ),
      ],
    };
    expect(summary(plan).resources[0]!.attributes).toEqual([
      { path: 'm', before: '(sensitive)', after: '(sensitive)' },
    ]);
  });

  it('masks what is sensitive and known only after the apply', () => {
    const body = { before: null, after: {}, after_unknown: { p: true }, after_sensitive: { p: true } };
    expect(summary({ resource_changes: [managed('a.b', change(['create'], body))] }).resources).toMatchObject(
      [{ attributes: [{ path: 'p', after: '(sensitive)' }] }],
    );
  });

  it('does not quote a plan that cannot be read', () => {
    const cut = JSON.stringify({ resource_changes: ['canary'] }).slice(0, -4);
    expect(() => summarisePlan(cut)).toThrow('The engine printed a plan that is no JSON.');
    expect(() => summarisePlan('canary')).not.toThrow('canary');
  });

  it('says what is known only after the apply', () => {
    const { resources } = summary({
      resource_changes: [
        managed('a.b', change(['create'], { before: null, after: { n: 1 }, after_unknown: { id: true } })),
      ],
    });
    expect(resources[0]!.attributes).toEqual([
      { path: 'n', after: '1' },
      { path: 'id', after: '(known after apply)' },
    ]);
  });

  it('shortens long values', () => {
    const after = { text: 'x'.repeat(500) };
    const { resources } = summary({ resource_changes: [managed('a.b', change(['create'], { after }))] });
    expect(resources[0]!.attributes[0]!.after).toHaveLength(120);
  });

  it('tells a change of the stamp alone from a real one', () => {
    const stamp = managed('terraform_data.mlterra', change(['update'], { before: 1, after: 2 }));
    expect(summary({ resource_changes: [stamp] })).toMatchObject({ stampOnly: true, resources: [] });
    expect(summary({ resource_changes: [stamp, managed('a.b', change(['create']))] }).stampOnly).toBe(false);
    expect(
      summary({ resource_changes: [stamp], output_changes: { o: change(['create'], { after: 1 }) } })
        .stampOnly,
    ).toBe(false);
    expect(summary({}).stampOnly).toBe(false);
  });

  it('keeps drift apart from what is planned', () => {
    const plan = {
      resource_drift: [managed('a.b', change(['update'], { before: { n: 1 }, after: { n: 2 } }))],
    };
    expect(summary(plan)).toMatchObject({ resources: [], drift: [{ address: 'a.b', action: 'update' }] });
  });
});
