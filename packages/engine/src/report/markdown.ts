import type { CommandResult, StackResult } from '../run/result';
import { counts, planLines } from './tables';

/** A plan as a comment on a pull request. */
export function renderMarkdown(result: CommandResult): string {
  const lines: string[] = [];
  for (const { name, stacks, error, noStage, notes } of result.environments) {
    lines.push(`### Plan for \`${name}\``, '');
    if (noStage !== undefined) lines.push(`no stage ${noStage}`, '');
    if (error !== undefined) lines.push('```', plain(error.message), '```', '');
    if (stacks.length > 0) {
      lines.push('| stack | status | changes | why |', '|---|---|---|---|');
      for (const stack of stacks) {
        lines.push(`| \`${stack.key}\` | ${stack.status} | ${counts(stack)} | ${cell(why(stack))} |`);
      }
      lines.push('');
    }
    const details = stacks.filter(({ plan }) => plan !== undefined).flatMap(planLines);
    if (details.length > 0) {
      lines.push(
        '<details><summary>Changes</summary>',
        '',
        '```',
        ...details.map(plain),
        '```',
        '',
        '</details>',
        '',
      );
    }
    lines.push(...notes.map((note) => `> ${note}`));
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function why({ reasons, error }: StackResult): string {
  return [...reasons, ...(error === undefined ? [] : [error.message])].join('; ');
}

function cell(text: string): string {
  return text.replace(/\|/g, '\\|').replace(/\n/g, ' ');
}

/** Without terminal colours, and without anything that would end the code block. */
function plain(line: string): string {
  // eslint-disable-next-line no-control-regex
  return line.replace(/\u001b\[[0-9;]*m/g, '').replace(/```/g, "'''");
}
