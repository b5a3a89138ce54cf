import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Charts name their image of the release before, until the release. */
export function setImageTag(tag: string): (chart: string) => void {
  return (chart) => {
    edit(join(chart, 'values.yaml'), (text) => text.replace(/^( {2}tag: )\S+$/m, `$1${tag}`));
  };
}

/** Until 1.20 its description of the chart was a template. */
export function useTemplateOfChart(chart: string): void {
  const template = join(chart, 'Chart.template.yaml');
  if (!existsSync(template)) return;
  renameSync(template, join(chart, 'Chart.yaml'));
  edit(join(chart, 'Chart.yaml'), (text) => text.replace('{{IS_PRERELEASE}}', 'false'));
}

/** Values with `${Name}` that a release fills in. */
export function useTemplateOfValues(filled: Readonly<Record<string, string>>): (chart: string) => void {
  return (chart) => {
    const template = join(chart, 'values.tmpl.yaml');
    const text = readFileSync(template, 'utf8');
    const values = Object.entries(filled).reduce(
      (all, [name, value]) => all.replaceAll(`\${${name}}`, value),
      text,
    );
    writeFileSync(join(chart, 'values.yaml'), values);
    rmSync(template);
  };
}

/**
 * The definitions of External Secrets are generated into the chart at a release. A dependency that is off by default,
 * and that only a registry has, is left out.
 */
export function addCustomResourceDefinitions(chart: string, module: string): void {
  const source = join(module, 'config', 'crds', 'bases');
  for (const name of readdirSync(source).filter((file) => /secrets\.io_/.test(file))) {
    const text = readFileSync(join(source, name), 'utf8').replace(/^---\n/, '');
    const kind = / {4}kind: (\S+)$/m.exec(text)?.[1] ?? '';
    const wanted = /^Cluster|^PushSecret$/.test(kind)
      ? `and .Values.installCRDs .Values.crds.create${kind}`
      : '.Values.installCRDs';
    writeFileSync(
      join(chart, 'templates', 'crds', name),
      `{{- if ${wanted} }}\n${literal(text).trimEnd()}\n{{- end }}\n`,
    );
  }
  edit(join(chart, 'Chart.yaml'), (text) => text.replace(/^dependencies:\n( {2}.*\n?)*/m, ''));
  rmSync(join(chart, 'Chart.lock'), { force: true });
}

/** Text that Helm prints as it is. */
export function literal(text: string): string {
  return text.replace(/\{\{/g, '{{ "{{" }}');
}

export function edit(file: string, change: (text: string) => string): void {
  if (existsSync(file)) writeFileSync(file, change(readFileSync(file, 'utf8')));
}
