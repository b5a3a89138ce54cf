/** Smallest part of an expression or a file of Terraform's language; comments are left out. */
export type Token =
  /** An identifier, a keyword or a number. */
  | { readonly kind: 'word'; readonly text: string }
  /** Punctuation: `::`, or one character. */
  | { readonly kind: 'mark'; readonly text: string }
  | { readonly kind: 'newline' }
  | { readonly kind: 'template'; readonly parts: Template };

/** A quoted text or heredoc: literal parts, and the tokens of each `${…}` and `%{…}`. */
export type Template = readonly (string | readonly Token[])[];

/** The tokens of a file, or of an expression. @throws SyntaxError where a text or an expression has no end */
export function tokensOf(text: string): readonly Token[] {
  return new Reader(text).expression(false);
}

/** The parts of a string of JSON configuration, which Terraform reads as a template. @throws SyntaxError as `tokensOf` */
export function templateOf(text: string): Template {
  return text.includes('${') || text.includes('%{') ? new Reader(text).template(() => false, false) : [text];
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\' };

class Reader {
  private at = 0;

  public constructor(private readonly text: string) {}

  /** Reads to the end, or to the brace that closes an interpolation. */
  public expression(inner: boolean): readonly Token[] {
    const tokens: Token[] = [];
    for (let depth = 0; this.at < this.text.length;) {
      const token = this.token();
      if (token === undefined) continue;
      if (token.kind === 'mark' && token.text === '{') depth++;
      if (token.kind === 'mark' && token.text === '}') {
        if (inner && depth === 0) return tokens;
        depth--;
      }
      tokens.push(token);
    }
    if (inner) throw new SyntaxError('an expression has no end');
    return tokens;
  }

  /** Reads literal text and interpolations until `ended` has taken the end. */
  public template(ended: () => boolean, escapes: boolean): Template {
    const parts: (string | readonly Token[])[] = [];
    let literal = '';
    while (!ended()) {
      if (this.at >= this.text.length) {
        if (escapes) throw new SyntaxError('a text has no end');
        break;
      }
      const escaped = this.skip(/\$\$\{|%%\{/y);
      if (escaped !== undefined) {
        literal += escaped.slice(1);
      } else if (this.skip(/[$%]\{~?/y) !== undefined) {
        if (literal !== '') parts.push(literal);
        literal = '';
        parts.push(this.expression(true));
      } else if (escapes && this.text[this.at] === '\\') {
        literal += this.escape();
      } else {
        literal += this.text[this.at++]!;
      }
    }
    if (literal !== '') parts.push(literal);
    return parts;
  }

  private token(): Token | undefined {
    if (this.skip(/[^\S\n]+|(?:#|\/\/)[^\n]*|\/\*[^]*?\*\//y) !== undefined) return undefined;
    if (this.skip(/\n/y) !== undefined) return { kind: 'newline' };
    if (this.skip(/"/y) !== undefined) {
      return { kind: 'template', parts: this.template(() => this.skip(/"/y) !== undefined, true) };
    }
    const heredoc = this.skip(/<<-?[\p{L}_][\p{L}\p{N}_-]*\r?\n/uy);
    if (heredoc !== undefined) return { kind: 'template', parts: this.heredoc(heredoc) };
    const word = this.skip(/[\p{L}_][\p{L}\p{N}_-]*|\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/uy);
    if (word !== undefined) return { kind: 'word', text: word };
    return { kind: 'mark', text: this.skip(/::/y) ?? this.text[this.at++]! };
  }

  private heredoc(start: string): Template {
    const name = start.replace(/^<<-?/, '').trim();
    const end = new RegExp(`[^\\S\\n]*${name}(?=\\r?(?:\\n|$))`, 'y');
    const ended = (): boolean => this.text[this.at - 1] === '\n' && this.skip(end) !== undefined;
    return this.template(ended, false);
  }

  private escape(): string {
    const [whole, code] =
      /^\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))/.exec(this.text.slice(this.at, this.at + 10)) ?? [];
    if (whole !== undefined) {
      this.at += whole.length;
      return String.fromCodePoint(parseInt(code ?? whole.slice(2), 16));
    }
    const next = this.text[this.at + 1] ?? '';
    this.at += 2;
    return ESCAPES[next] ?? next;
  }

  private skip(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }
}
