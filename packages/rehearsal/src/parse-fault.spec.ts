import { formatFault, parseFault } from './parse-fault';

describe('a fault as text', () => {
  it.each([
    ['fail-create:google_container_cluster:1', { type: 'google_container_cluster', nth: 1 }],
    ['time-out:t:3', { type: 't', nth: 3 }],
    ['refuse-destroy:t:2', { type: 't', times: 2 }],
    ['replace-on-change:t:name', { type: 't', attribute: 'name' }],
    ['drift:t.n:size:5', { address: 't.n', attribute: 'size', value: 5 }],
    ['drift:t.n:labels:{"a":"b:c"}', { address: 't.n', attribute: 'labels', value: { a: 'b:c' } }],
    ['drift:t.n:url:http://x:1/', { address: 't.n', attribute: 'url', value: 'http://x:1/' }],
    [
      'drift:lab/dev/net/t.n["a/b"]:size:5',
      { stack: 'lab/dev/net', address: 't.n["a/b"]', attribute: 'size', value: 5 },
    ],
    ['drift:t.n[0]:name:', { address: 't.n[0]', attribute: 'name', value: '' }],
  ])('%s', (text, fault) => {
    expect(parseFault(text)).toEqual({ kind: text.slice(0, text.indexOf(':')), ...fault });
    expect(formatFault(parseFault(text))).toBe(text);
  });

  it.each([
    '',
    'fail-create',
    'fail-create:t',
    'fail-create:t:0',
    'fail-create:t:x',
    'fail-create:t:1:2',
    'fail-create::1',
    'drift:t.n:name',
    'drift:t:name:x',
    'drift:dev/t.n:name:x',
    'explode:t:1',
  ])('"%s" is refused with the kinds there are', (text) => {
    expect(() => parseFault(text)).toThrow(
      /is no fault that can be rehearsed\.\n {2}expected: one of\n\s+fail-create:<type>:<n>\n\s+time-out:[^]*replace-on-change:<type>:<attribute>/,
    );
  });
});
