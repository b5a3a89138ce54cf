import { pgConnection } from './pg-connection';

const given = { ...process.env };
beforeEach(() => {
  for (const name of Object.keys(process.env)) if (name.startsWith('PG')) delete process.env[name];
});
afterEach(() => {
  for (const name of ['PGHOST', 'PGPORT', 'PGSSLMODE']) {
    if (given[name] === undefined) delete process.env[name];
    else process.env[name] = given[name];
  }
});

const whole = { host: 'db.example.org', port: 6432, user: 'me', password: "p@ss 'w'", database: 'states' };

test.each([
  ['a URL', 'postgres://me:p%40ss%20%27w%27@db.example.org:6432/states?sslmode=disable'],
  ['pairs', `host=db.example.org port = 6432 user=me password='p@ss \\'w\\'' dbname=states sslmode=disable`],
])('%s is read', (_, text) => {
  expect(pgConnection(text)).toEqual({ ...whole, ssl: false });
});

test('what is absent comes from the variables, then from the defaults', () => {
  expect(pgConnection('postgres://')).toMatchObject({ host: 'localhost', port: 5432 });
  process.env['PGHOST'] = '/run/postgresql';
  process.env['PGPORT'] = '5433';
  expect(pgConnection('user=me')).toEqual({ host: '/run/postgresql', port: 5433, user: 'me', ssl: false });
});

test.each([
  ['', { rejectUnauthorized: false, checkServerIdentity: expect.any(Function) }],
  ['?sslmode=verify-ca', { rejectUnauthorized: true, checkServerIdentity: expect.any(Function) }],
  ['?sslmode=verify-full', { rejectUnauthorized: true }],
])('TLS is as strict as "%s" says', (query, ssl) => {
  expect(pgConnection(`postgres://me@[::1]/states${query}`)).toEqual({
    host: '::1',
    port: 5432,
    user: 'me',
    database: 'states',
    ssl,
  });
});

test.each(['postgres://me:secret@host:port', 'me secret', "password='secret"])('%p is refused', (text) => {
  const refused = expect.objectContaining({
    code: 'pg-connection-invalid',
    message: expect.not.stringContaining('secret'),
  });
  expect(() => pgConnection(text)).toThrow(refused);
});
