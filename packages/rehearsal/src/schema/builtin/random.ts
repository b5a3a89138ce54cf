import { block, provider } from './notation';

const string = {
  id: 'C string',
  keepers: 'O map(string)',
  length: 'R number',
  lower: 'OC bool',
  min_lower: 'OC number',
  min_numeric: 'OC number',
  min_special: 'OC number',
  min_upper: 'OC number',
  number: 'OC bool',
  numeric: 'OC bool',
  override_special: 'O string',
  special: 'OC bool',
  upper: 'OC bool',
} as const;
const uuid = block({ id: 'C string', keepers: 'O map(string)', result: 'C string' });

export const random = provider('random', '3.9.0', {
  versions: { random_password: 3, random_string: 2 },
  resources: {
    random_bytes: block({
      base64: 'CS string',
      hex: 'CS string',
      keepers: 'O map(string)',
      length: 'R number',
    }),
    random_id: block({
      b64_std: 'C string',
      b64_url: 'C string',
      byte_length: 'R number',
      dec: 'C string',
      hex: 'C string',
      id: 'C string',
      keepers: 'O map(string)',
      prefix: 'O string',
    }),
    random_integer: block({
      id: 'C string',
      keepers: 'O map(string)',
      max: 'R number',
      min: 'R number',
      result: 'C number',
      seed: 'O string',
    }),
    random_password: block({ ...string, bcrypt_hash: 'CS string', result: 'CS string' }),
    random_pet: block({
      id: 'C string',
      keepers: 'O map(string)',
      length: 'OC number',
      prefix: 'O string',
      separator: 'OC string',
    }),
    random_shuffle: block({
      id: 'C string',
      input: 'R list(string)',
      keepers: 'O map(string)',
      result: 'C list(string)',
      result_count: 'O number',
      seed: 'O string',
    }),
    random_string: block({ ...string, result: 'C string' }),
    random_uuid: uuid,
    random_uuid4: uuid,
    random_uuid7: uuid,
  },
});
