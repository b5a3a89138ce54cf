import type * as TypeScript from 'typescript';
import type { ParsedClass, ParsedFile, ParsedHcl, ParsedMember, ParsedProperty } from './parsed-binding';

const FLAGS = /\/\/ (\S+) - computed: (true|false), optional: (true|false), required: (true|false)/;
const HELD = /(?:struct!\.|this\._)([A-Za-z0-9_$]+)/;

/** Reads the generated TypeScript of one type of a binding; that of a large type is several files. */
export function parseBinding(texts: readonly string[]): ParsedFile {
  // Loaded here because it takes a quarter of a second, and a run with a full cache does not need it.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const ts = require('typescript') as typeof TypeScript;
  const read = texts.map((text) => {
    const file = ts.createSourceFile('binding.ts', text, {
      languageVersion: ts.ScriptTarget.ES2022,
      jsDocParsingMode: ts.JSDocParsingMode.ParseNone,
    });
    return new Reader(ts, file, text).read();
  });
  return {
    classes: new Map(read.flatMap((each) => [...each.classes])),
    interfaces: new Map(read.flatMap((each) => [...each.interfaces])),
    structs: new Map(read.flatMap((each) => [...each.structs])),
  };
}

class Reader {
  private readonly classes = new Map<string, ParsedClass>();
  private readonly interfaces = new Map<string, ReadonlyMap<string, ParsedProperty>>();
  private readonly structs = new Map<string, readonly ParsedHcl[]>();

  public constructor(
    private readonly ts: typeof TypeScript,
    private readonly file: TypeScript.SourceFile,
    private readonly text: string,
  ) {}

  public read(): ParsedFile {
    const { ts } = this;
    for (const statement of this.file.statements) {
      if (ts.isClassDeclaration(statement) && statement.name !== undefined) {
        this.classes.set(statement.name.text, this.classOf(statement, statement.name.text));
      } else if (ts.isInterfaceDeclaration(statement)) {
        this.interfaces.set(statement.name.text, this.properties(statement));
      } else if (
        ts.isFunctionDeclaration(statement) &&
        statement.name !== undefined &&
        statement.name.text.endsWith('ToHclTerraform')
      ) {
        this.structs.set(statement.name.text, this.hcl(statement.body));
      }
    }
    return { classes: this.classes, interfaces: this.interfaces, structs: this.structs };
  }

  private classOf(node: TypeScript.ClassDeclaration, name: string): ParsedClass {
    const { ts } = this;
    const base = node.heritageClauses?.[0]?.types[0]?.expression;
    const members: Mutable<ParsedMember>[] = [];
    let tfResourceType: string | undefined;
    let superArguments: readonly string[] = [];
    let item: string | undefined;
    let hcl: readonly ParsedHcl[] = [];
    for (const member of node.members) {
      if (ts.isConstructorDeclaration(member)) {
        superArguments = this.superCall(member);
        continue;
      }
      const flags = FLAGS.exec(this.text.slice(member.pos, member.getStart(this.file)));
      if (flags !== null) {
        const [, attribute = '', computed, optional, required] = flags;
        members.push({
          name: attribute,
          computed: computed === 'true',
          optional: optional === 'true',
          required: required === 'true',
        });
      }
      const current = members.at(-1);
      const memberName = member.name === undefined ? '' : this.source(member.name);
      if (ts.isPropertyDeclaration(member)) {
        if (memberName === 'tfResourceType' && member.initializer !== undefined) {
          tfResourceType = unquoted(this.source(member.initializer));
        } else if (current !== undefined) {
          this.stored(member, current);
        }
      } else if (
        ts.isGetAccessorDeclaration(member) &&
        current !== undefined &&
        !memberName.endsWith('Input')
      ) {
        current.getter ??= this.returned(member);
      } else if (ts.isMethodDeclaration(member)) {
        if (memberName === 'get' && member.type !== undefined) item = this.source(member.type);
        if (memberName === 'synthesizeHclAttributes') hcl = this.hcl(member.body);
      }
    }
    return {
      name,
      base: base === undefined ? '' : this.source(base),
      ...(tfResourceType === undefined ? {} : { tfResourceType }),
      superArguments,
      members,
      ...(item === undefined ? {} : { item }),
      hcl,
    };
  }

  /** What is behind an attribute: `private _x?: string` or `private _x = new XList(this, "x", true)`. */
  private stored(member: TypeScript.PropertyDeclaration, into: Mutable<ParsedMember>): void {
    if (member.type !== undefined) into.type = this.source(member.type);
    if (member.initializer === undefined || !this.ts.isNewExpression(member.initializer)) return;
    const [, , ...rest] = member.initializer.arguments?.map((argument) => this.source(argument)) ?? [];
    into.created = { name: this.source(member.initializer.expression), rest };
  }

  private superCall(constructor: TypeScript.ConstructorDeclaration): readonly string[] {
    const { ts } = this;
    for (const statement of constructor.body?.statements ?? []) {
      if (!ts.isExpressionStatement(statement) || !ts.isCallExpression(statement.expression)) continue;
      if (statement.expression.expression.kind !== ts.SyntaxKind.SuperKeyword) continue;
      return statement.expression.arguments.map((argument) => this.source(argument));
    }
    return [];
  }

  private returned(accessor: TypeScript.GetAccessorDeclaration): string | undefined {
    const statement = accessor.body?.statements.find((each) => this.ts.isReturnStatement(each));
    return statement?.expression === undefined ? undefined : this.source(statement.expression);
  }

  /** The entries of `const attrs = {…}`. */
  private hcl(body: TypeScript.Block | undefined): readonly ParsedHcl[] {
    const { ts } = this;
    for (const statement of body?.statements ?? []) {
      if (!ts.isVariableStatement(statement)) continue;
      const value = statement.declarationList.declarations[0]?.initializer;
      if (value === undefined || !ts.isObjectLiteralExpression(value)) continue;
      return value.properties.flatMap((property) => {
        if (!ts.isPropertyAssignment(property) || !ts.isObjectLiteralExpression(property.initializer))
          return [];
        const parts = new Map(
          property.initializer.properties.flatMap((part) =>
            ts.isPropertyAssignment(part)
              ? [[this.source(part.name), this.source(part.initializer)] as const]
              : [],
          ),
        );
        return [
          {
            name: unquoted(this.source(property.name)),
            property: HELD.exec(parts.get('value') ?? '')?.[1] ?? '',
            type: unquoted(parts.get('type') ?? ''),
            storageClassType: unquoted(parts.get('storageClassType') ?? ''),
          },
        ];
      });
    }
    return [];
  }

  private properties(node: TypeScript.InterfaceDeclaration): ReadonlyMap<string, ParsedProperty> {
    const { ts } = this;
    return new Map(
      node.members.flatMap((member) =>
        ts.isPropertySignature(member) && member.type !== undefined
          ? [
              [
                this.source(member.name),
                { optional: member.questionToken !== undefined, type: this.source(member.type) },
              ] as const,
            ]
          : [],
      ),
    );
  }

  private source(node: TypeScript.Node): string {
    return this.text.slice(node.getStart(this.file), node.end);
  }
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

function unquoted(text: string): string {
  return text.replace(/^(['"])(.*)\1$/, '$2');
}
