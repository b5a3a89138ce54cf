import type { ComposeEntry, ComposeExport } from '@mlterra/core';

/** Lines that say where the services of a project answer, who logs in, and where the images come from. */
export function composeFacts(
  { entries, document }: Pick<ComposeExport, 'entries' | 'document'>,
  mirror = process.env.MLTERRA_IMAGE_MIRROR,
): readonly string[] {
  const published = entries.filter(({ isPublished }) => isPublished);
  const inner = entries.filter(({ isPublished }) => !isPublished);
  return [
    ...published.map((entry) => factOf(entry, entry.url)),
    ...inner.map((entry) => factOf(entry, `${entry.url}, within the project only`)),
    ...(mirror && JSON.stringify(document).includes(`"${mirror}/`)
      ? [
          `images: from the registry ${mirror}, as MLTERRA_IMAGE_MIRROR said; write it again without, for their own names`,
        ]
      : []),
  ];
}

function factOf({ name, login }: ComposeEntry, where: string): string {
  const user = login === undefined ? '' : `; user ${login.username}, password: ${login.variable} in .env`;
  return `${name}: ${where}${user}`;
}

/** What lies beside `compose.yaml` for whoever finds it. */
export function composeReadme(name: string, facts: readonly string[]): string {
  return `# ${name}

Made by \`mlterra compose\`, which writes everything here again; secrets in \`.env\` stay as they are.

\`\`\`sh
docker compose up --detach --wait   # starts it
docker compose ps --all             # shows it; tasks that have ended with 0 did their work
docker compose down                 # removes it and keeps the data; with --volumes the data goes too
\`\`\`

${facts.map((fact) => `- ${fact}\n`).join('')}`;
}
