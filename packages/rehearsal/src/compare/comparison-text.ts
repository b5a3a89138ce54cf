import { agreement, type SchemaComparison } from './compare-schemas';

/** A comparison for people: the figures, then every difference. */
export function comparisonText(comparison: SchemaComparison): string {
  const { real, extracted, differences } = comparison;
  const lines = [
    `${comparison.source}: ${agreement(comparison)} % of ${comparison.sharedPaths} shared paths agree`,
    `  real:      ${real.version} (${real.origin})`,
    `  extracted: ${extracted.version} (${extracted.origin})`,
    `  shared types: ${comparison.sharedTypes}; paths only in the real schema: ${comparison.onlyReal}, only in the extracted one: ${comparison.onlyExtracted}`,
    ...differences.map(
      ({ path, fact, real: one, extracted: other, reason }) =>
        `  ${path}: ${fact} is ${String(one)}, extracted ${String(other)}${reason === undefined ? '' : ` (${reason})`}`,
    ),
  ];
  return lines.join('\n');
}
