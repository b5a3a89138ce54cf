import type { Finding } from './checkov';
import { judge } from './suppressions';

const finding = (check: string, resource: string): Finding => ({
  check,
  rule: 'a rule',
  resource,
  file: 'f',
});
const reason = 'the bucket holds access logs only';

describe('judge', () => {
  it('leaves open what nobody accepted: another check, another resource', () => {
    const findings = [
      finding('CKV_1', 'bucket.a'),
      finding('CKV_2', 'bucket.a'),
      finding('CKV_1', 'bucket.b'),
    ];
    const { open, unused } = judge(findings, [{ check: 'CKV_1', resource: 'bucket.a', reason }]);
    expect(open).toEqual(findings.slice(1));
    expect(unused).toEqual([]);
  });

  it('takes `*` for any part of a name and everything else literally', () => {
    const accepted = [{ check: 'CKV_1', resource: 'bucket.*_Resource', reason }];
    expect(judge([finding('CKV_1', 'bucket.logs_Resource')], accepted).open).toEqual([]);
    expect(judge([finding('CKV_1', 'bucketxlogs_Resource')], accepted).open).toHaveLength(1);
  });

  it('names suppressions that accept nothing', () => {
    const stale = { check: 'CKV_9', resource: '*', reason };
    expect(judge([], [stale]).unused).toEqual([stale]);
  });

  it('wants a reason', () => {
    expect(() => judge([], [{ check: 'CKV_1', resource: '*', reason: ' ' }])).toThrow(
      'The suppression of CKV_1 for * gives no reason.',
    );
  });
});
