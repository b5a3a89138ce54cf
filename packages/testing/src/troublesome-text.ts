/**
 * A file that Terraform, Helm, Compose, Kubernetes, shells and YAML would each like to read in their own way. It has to
 * arrive byte for byte on every platform.
 */
export const TROUBLESOME_TEXT = [
  'terraform: ${HOME} $${HOME} %{ if true }yes%{ endif } %%{ ${upper("x")} ${',
  'helm: {{ .Values.secret }} {{- range }} {{/* no comment */}}',
  'compose, kubernetes: $HOME $$HOME $(HOME) $$(HOME) ${HOME:-none} $',
  'shell: `id` $(id) !! * ~ & | ; < > \'single\' "double" \\ \\\\ \\n \\t',
  'yaml: "- a": [1e3, 0x10, null, true, .] # no comment',
  'helm --set: a,b={c,d} e.f[0]=g',
  'letters: äöü ß Ω 日本語 🐘 \u00a0 \u2028',
  '\ttab, and spaces at the end:   ',
  '%',
  '',
  'no newline at the end $',
].join('\n');
