import { mustBe, wrong, type Check } from '../check';
import type { ChartFacts } from '../facts';
import type { ChartExpectation } from '../recipe';
import { secretsIn } from '../secrets';
import { missingSecrets } from './secret-names';
import type { ToolFacts } from './tool-facts';
import { textsIn, valueAtPath } from './value-path';

const VERSION = /^v?\d+\.\d+\.\d+(?:-[\w.-]+)?(?:\+[\w.-]+)?$/;

/** Keys of values that hold something secret, not the name of a Secret or of a key in it. */
const SECRET_KEY =
  /(password|passwd|passphrase|privateKey|apiKey|accessKey|(^|\.)credentials?|(^|\.)token)$/i;

const POD_SECURITY = ['restricted', 'baseline', 'privileged'] as const;
const ENFORCE = 'pod-security.kubernetes.io/enforce';

const hasCharts = ({ recipe, charts }: ToolFacts): boolean =>
  charts.length > 0 || (recipe.expectations.charts ?? []).length > 0;

/** Upstream charts: which, and what they are told. */
export const chartChecks: readonly Check<ToolFacts>[] = [
  {
    id: 'charts',
    rule: 'The charts of the tool, and no others, are in its stack: from their repository, in one version, as a whole or not at all.',
    applies: hasCharts,
    find: (facts) => [
      ...(facts.recipe.expectations.charts ?? []).flatMap((expectation) => {
        const chart = chartOf(facts, expectation);
        return chart === undefined
          ? [
              wrong(
                facts.stack,
                'the list of charts',
                namesOf(facts.charts),
                `${expectation.chart} among them`,
              ),
            ]
          : problemsOf(chart, expectation);
      }),
      ...facts.charts
        .filter(({ chart }) => !facts.recipe.expectations.charts?.some((each) => each.chart === chart))
        .map(({ address, chart }) => wrong(address, 'the chart', chart, 'one that the recipe names')),
    ],
  },
  {
    id: 'chart-values',
    rule: 'Values of charts can be read, hold no secret, and name Secrets that are there.',
    applies: hasCharts,
    find: (facts) =>
      facts.charts.flatMap((chart) => {
        const { address, namespace, values, plainText } = chart;
        if (values === undefined || plainText === undefined)
          return [wrong(address, 'the values', undefined, 'an object')];
        const { secretNames } = expectationOf(facts, chart) ?? {};
        return [
          ...secretsIn(plainText, facts.secrets).map(
            (kind) => `${address}: ${kind} stands in the values, expected the name of a Secret`,
          ),
          ...textsIn(values)
            .filter(({ path, text }) => SECRET_KEY.test(path) && text !== '')
            .map(({ path }) => `${address}: the value ${path} is plain text, expected the name of a Secret`),
          ...missingSecrets({ address, namespace, tree: values, secretNames }, facts),
        ];
      }),
  },
  {
    id: 'chart-bundled-off',
    rule: 'Charts bring no database, cache or object store of their own.',
    applies: ({ recipe }) => recipe.expectations.charts?.some(({ off = [] }) => off.length > 0) ?? false,
    find: (facts) =>
      facts.charts.flatMap((chart) =>
        (expectationOf(facts, chart)?.off ?? []).flatMap((path) =>
          mustBe(chart.address, `the value ${path}`, valueAtPath(chart.values, path), false),
        ),
      ),
  },
  {
    id: 'pod-security',
    rule: 'The namespace of a chart admits what its pods keep to, and nothing looser.',
    applies: hasCharts,
    find: (facts) =>
      [...new Set(facts.charts.map(({ namespace }) => namespace))].flatMap((namespace) => {
        const charts = facts.charts.filter((chart) => chart.namespace === namespace);
        const expected = charts.flatMap((chart) => expectationOf(facts, chart) ?? []);
        // What nobody expects is the business of the check before.
        if (expected.length < charts.length) return [];
        const wanted = expected.map(({ podSecurity = 'restricted' }) => podSecurity);
        const loosest = POD_SECURITY.findLast((each) => wanted.includes(each))!;
        const object = facts.objects.find(({ kind, name }) => kind === 'Namespace' && name === namespace);
        const labels = valueAtPath(object?.manifest, 'metadata.labels') as Labels | undefined;
        return mustBe(
          charts[0]!.address,
          `what the namespace ${String(namespace)} admits`,
          labels?.[ENFORCE],
          loosest,
        );
      }),
  },
];

type Labels = Readonly<Record<string, string>>;

function chartOf({ charts }: ToolFacts, { chart }: ChartExpectation): ChartFacts | undefined {
  return charts.find((each) => each.chart === chart);
}

function expectationOf({ recipe }: ToolFacts, { chart }: ChartFacts): ChartExpectation | undefined {
  return recipe.expectations.charts?.find((each) => each.chart === chart);
}

function namesOf(charts: readonly ChartFacts[]): readonly (string | undefined)[] {
  return charts.map(({ chart }) => chart);
}

function problemsOf(
  { address, repository, version, atomic }: ChartFacts,
  expected: ChartExpectation,
): readonly string[] {
  return [
    ...mustBe(address, `the repository of ${expected.chart}`, repository, expected.repository),
    ...(VERSION.test(version ?? '')
      ? []
      : [wrong(address, `the version of ${expected.chart}`, version, 'one version, no range')]),
    ...mustBe(address, 'going back where an upgrade fails', atomic, true),
  ];
}
