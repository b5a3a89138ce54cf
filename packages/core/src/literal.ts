/** How CDKTF writes a reference into a string until it resolves it. */
const TOKEN = /(\$\{TfToken\[[A-Za-z0-9._:-]+\]\})/;

/**
 * `${` and `%{` open a template in Terraform; with the first character doubled they stand for themselves.
 * A `$` or `%` at the end is wrapped, because what comes next may begin with `{` or be a reference.
 */
function escapeTemplates(literal: string): string {
  return literal.replace(/([$%])(?=\{)/g, '$1$1').replace(/[$%]+$/, '${"$&"}');
}

/**
 * Text as Terraform must see it so that it arrives byte for byte: template openers in the literal parts
 * are escaped, references (CDKTF tokens) stay references. Call it exactly once on a text, in the code
 * that puts the text into a resource; rendered texts and references may be joined. It is for attributes: as
 * an argument of a CDKTF function (`Fn.jsonencode`) escapes are not understood.
 */
export function renderLiteral(text: string): string {
  return text
    .split(TOKEN)
    .map((part, index) => (index % 2 === 1 ? part : escapeTemplates(part)))
    .join('');
}
