import fc from 'fast-check';
import stringify from 'safe-stable-stringify';
import {
  canonicalJson,
  isLosslessNumber,
  LosslessNumber,
  parseLossless,
  stringifyLossless,
  toPlain,
} from './lossless';

/** Numbers of which JavaScript would lose digits, or print other ones. */
const LOSSY = [
  '9007199254740993',
  '-9007199254740993',
  '123456789012345678901234567890',
  '0.12345678901234567890123',
  '1e400',
  '-1E+400',
  '1e-400',
  '1.0',
  '-0',
  '2.50',
  '1000000000000000000000',
];
/** Numbers that are printed as they stand. */
const PLAIN = ['0', '1', '-7', '0.1', '-2.5', '9007199254740992', '9007199254740991', '1e+21', '1.5e-9'];

/** Decimal text of a number, also of those that JavaScript cannot hold. */
const numberText = fc
  .tuple(
    fc.boolean(),
    fc.bigInt({ min: 0n, max: 10n ** 40n }),
    fc.option(fc.stringMatching(/^\d{1,30}$/)),
    fc.option(fc.integer({ min: -500, max: 500 })),
  )
  .map(
    ([negative, whole, fraction, exponent]) =>
      `${negative ? '-' : ''}${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
  );

describe('parseLossless and stringifyLossless', () => {
  it.each([...LOSSY, ...PLAIN])('keep %s wherever it stands', (number) => {
    const text = `{"a":${number},"b":[${number},{"c":${number}}],"s":"${number}"}`;
    expect(stringifyLossless(parseLossless(text))).toBe(text);
    expect(stringifyLossless(parseLossless(number))).toBe(number);
  });

  it('keep every digit of any number', () => {
    fc.assert(
      fc.property(numberText, fc.string(), (number, key) => {
        const text = `{${JSON.stringify(key)}:[${number},"x"]}`;
        expect(stringifyLossless(parseLossless(text))).toBe(text);
      }),
    );
  });

  it('read what has no such number as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.json(), (text) => expect(toPlain(parseLossless(text))).toEqual(JSON.parse(text))),
    );
    expect(parseLossless('{"a":1,"a":2,"b":9007199254740993}')).toEqual({
      a: 2,
      b: new LosslessNumber('9007199254740993'),
    });
    expect(PLAIN.map(parseLossless)).toEqual(PLAIN.map(Number));
  });

  it('know numbers from text that looks like them', () => {
    const text = '{"a\\"1.0":"\\\\","b":"x: 9007199254740993, \\"1.0","9007199254740993":1}';
    expect(parseLossless(text)).toEqual(JSON.parse(text));
  });

  it('write a state as Terraform does', () => {
    const text =
      '{\n  "version": 4,\n  "outputs": {\n    "n": {\n      "value": 9007199254740993\n    }\n  },\n  "resources": []\n}';
    expect(stringifyLossless(parseLossless(text), 2)).toBe(text);
  });

  it.each(['', '{', '[1.0,]', '{"a":01}', '{"a":9007199254740993'])('refuse %j', (text) => {
    expect(() => parseLossless(text)).toThrow(SyntaxError);
  });
});

describe('canonicalJson', () => {
  const canonical = (text: string): string => canonicalJson(parseLossless(text));

  it('is what was hashed before numbers were read losslessly', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(JSON.stringify(value))).toBe(stringify(JSON.parse(JSON.stringify(value))));
      }),
    );
    // As Terraform writes 1e21, and other texts of numbers that JavaScript holds exactly.
    for (const text of ['1000000000000000000000', '1.0', '-0', '0.10', '1E2', '{"10":1.0,"9":[2.0]}'])
      expect(canonical(text)).toBe(stringify(JSON.parse(text)));
  });

  it('tells numbers apart that JavaScript does not', () => {
    const texts = [
      '9007199254740992',
      '9007199254740993',
      '9007199254740994',
      '1e400',
      '1e401',
      '-1e400',
      '0',
      '1e-400',
      '0.1',
      '0.10000000000000000001',
    ];
    expect(new Set(texts.map(canonical)).size).toBe(texts.length);
  });

  it('is the same for the same number, however it is written', () => {
    for (const [one, other] of [
      ['1e400', `1${'0'.repeat(400)}`],
      ['9007199254740993', '9007199254740993.0'],
      ['9007199254740993', '9.007199254740993e15'],
      ['{"a":1.0,"b":2}', '{"b":2.0,"a":1}'],
    ] as const)
      expect(canonical(one)).toBe(canonical(other));
  });
});

describe('toPlain', () => {
  it('gives integers as bigint where no number holds them, and the nearest number otherwise', () => {
    const text =
      '{"big":9007199254740993,"list":[-9007199254740993,1.0,0.12345678901234567890123],"1":1000000000000000000000,"s":"x","n":null}';
    expect(toPlain(parseLossless(text))).toEqual({
      big: 9007199254740993n,
      list: [-9007199254740993n, 1, 0.12345678901234568],
      1: 1e21,
      s: 'x',
      n: null,
    });
  });

  it('leaves no LosslessNumber', () => {
    fc.assert(
      fc.property(numberText, (text) => expect(isLosslessNumber(toPlain(parseLossless(text)))).toBe(false)),
    );
  });
});
