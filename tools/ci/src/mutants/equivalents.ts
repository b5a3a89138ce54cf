import type { MutationReport } from './scores';

/** The mutants that a comment calls equivalent, a line each, with the reason. */
export function equivalentsOf({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([file, { mutants }]) =>
    mutants
      .filter(({ status, statusReason }) => status === 'Ignored' && statusReason !== undefined)
      .map(
        ({ mutatorName, statusReason, location: { start } }) =>
          `${file}:${start.line}:${start.column} ${mutatorName}: ${statusReason}`,
      ),
  );
}

/** `// Stryker disable next-line <mutators>: <reason>`, which is all that is used of Stryker's comments. */
const DIRECTIVE = /^\s*\/\/ Stryker (disable next-line|disable|restore)\b([^:]*)(?::(.*))?$/;

/**
 * Comments that call mutants equivalent and are out of date or incomplete, a line each: those above a line that has no
 * such mutant any more, without a reason, or for more than a line.
 * @param report of a run on all mutants of its files; a sample has not those that a comment is about
 */
export function staleEquivalentsOf({ files }: MutationReport): readonly string[] {
  return Object.entries(files).flatMap(([file, { source, mutants }]) => {
    const lines = source.split('\n');
    return lines.flatMap((text, index) => {
      const [directive, form, names = '', reason = ''] = DIRECTIVE.exec(text) ?? [];
      if (directive === undefined) return [];
      const place = `${file}:${index + 1}`;
      if (form !== 'disable next-line') return [`${place} is for more than a line`];
      if (reason.trim() === '') return [`${place} gives no reason`];
      const target = lines.findIndex((line, at) => at > index && !/^\s*(\/\/.*)?$/.test(line)) + 1;
      return names
        .split(',')
        .map((name) => name.trim())
        .filter(
          (name) =>
            !mutants.some(
              ({ status, mutatorName, location }) =>
                status === 'Ignored' && location.start.line === target && mutatorName === name,
            ),
        )
        .map((name) => `${place} names ${name || 'no mutator'}, and the line below it has no such mutant`);
    });
  });
}
