import { readFileSync } from 'node:fs';
import type typescript from 'typescript';
import { stagesUnreadable, syntaxError } from './errors';

const SHARED_STAGE = 'shared';

/**
 * Names of the stages that an environment.ts defines, `shared` first where it has a function of that name.
 * The file is parsed, never run.
 * @throws MlterraError naming file and line, when the names are not literal
 */
export function readStageNames(file: string): readonly string[] {
  return parseStageNames(readFileSync(file, 'utf8'), file);
}

/** {@link readStageNames} of a source text; `name` stands for the file in errors. */
export function parseStageNames(source: string, name: string): readonly string[] {
  // Loading TypeScript takes longer than all else a command does before its work: only when there is something to parse.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const ts = require('typescript') as typeof typescript;
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const [problem] = ts.transpileModule(source, { reportDiagnostics: true }).diagnostics ?? [];
  if (problem !== undefined) {
    const line = file.getLineAndCharacterOfPosition(problem.start ?? 0).line + 1;
    throw syntaxError(`${name}:${line}`, ts.flattenDiagnosticMessageText(problem.messageText, ' '));
  }
  return new StageReader(ts, file).read();
}

class StageReader {
  public constructor(
    private readonly ts: typeof typescript,
    private readonly file: typescript.SourceFile,
  ) {}

  public read(): readonly string[] {
    const definition = this.definition();
    const shared = this.property(definition, 'shared');
    const stages = this.property(definition, 'stages');
    if (stages === undefined) throw this.unreadable(definition, 'the definition has no property "stages"');
    return [...(this.isGiven(shared) ? [SHARED_STAGE] : []), ...this.keys(stages)];
  }

  /** The argument of `defineEnvironment`. */
  private definition(): typescript.ObjectLiteralExpression {
    const exported = this.file.statements.find(this.ts.isExportAssignment);
    if (exported === undefined) throw this.unreadable(this.file, 'it has no "export default"');
    const call = this.resolve(exported.expression);
    if (!this.ts.isCallExpression(call) || !this.isDefineEnvironment(call.expression)) {
      throw this.unreadable(exported, 'what it exports is not a call of defineEnvironment');
    }
    const argument = call.arguments[0] === undefined ? undefined : this.resolve(call.arguments[0]);
    if (argument === undefined || !this.ts.isObjectLiteralExpression(argument)) {
      throw this.unreadable(call, 'the argument of defineEnvironment is not an object literal');
    }
    return argument;
  }

  private isDefineEnvironment(callee: typescript.Expression): boolean {
    if (this.ts.isPropertyAccessExpression(callee)) return callee.name.text === 'defineEnvironment';
    return this.ts.isIdentifier(callee) && this.importedName(callee.text) === 'defineEnvironment';
  }

  /** The name under which an imported identifier is exported, for `import { defineEnvironment as define }`. */
  private importedName(local: string): string {
    for (const statement of this.file.statements) {
      const bindings = this.ts.isImportDeclaration(statement)
        ? statement.importClause?.namedBindings
        : undefined;
      if (bindings === undefined || !this.ts.isNamedImports(bindings)) continue;
      const specifier = bindings.elements.find((element) => element.name.text === local);
      if (specifier) return (specifier.propertyName ?? specifier.name).text;
    }
    return local;
  }

  private property(
    definition: typescript.ObjectLiteralExpression,
    name: string,
  ): typescript.Node | undefined {
    for (const member of definition.properties) {
      if (this.ts.isSpreadAssignment(member)) {
        throw this.unreadable(member, 'the definition spreads another object');
      }
      if (this.literalName(member.name) !== name) continue;
      if (this.ts.isPropertyAssignment(member)) return this.resolve(member.initializer);
      if (this.ts.isShorthandPropertyAssignment(member)) return this.resolve(member.name);
      return member;
    }
    return undefined;
  }

  private keys(stages: typescript.Node): string[] {
    if (!this.ts.isObjectLiteralExpression(stages)) {
      throw this.unreadable(stages, '"stages" is not an object literal');
    }
    return stages.properties.map((member) => {
      if (this.ts.isSpreadAssignment(member))
        throw this.unreadable(member, '"stages" spreads another object');
      const name = this.literalName(member.name);
      if (name === undefined) throw this.unreadable(member, `the name ${member.name.getText()} is computed`);
      return name;
    });
  }

  private literalName(name: typescript.PropertyName): string | undefined {
    if (this.ts.isIdentifier(name) || this.ts.isStringLiteralLike(name) || this.ts.isNumericLiteral(name))
      return name.text;
    if (this.ts.isComputedPropertyName(name) && this.ts.isStringLiteralLike(name.expression))
      return name.expression.text;
    return undefined;
  }

  private isGiven(shared: typescript.Node | undefined): boolean {
    return shared !== undefined && !(this.ts.isIdentifier(shared) && shared.text === 'undefined');
  }

  /** Looks through parentheses and type assertions, and at the initializer of a `const` of this file. */
  private resolve(expression: typescript.Expression, seen: readonly string[] = []): typescript.Expression {
    const inner = this.withoutAssertions(expression);
    if (!this.ts.isIdentifier(inner) || seen.includes(inner.text)) return inner;
    const initializer = this.constant(inner.text);
    return initializer === undefined ? inner : this.resolve(initializer, [...seen, inner.text]);
  }

  private constant(name: string): typescript.Expression | undefined {
    for (const statement of this.file.statements) {
      if (
        !this.ts.isVariableStatement(statement) ||
        !(statement.declarationList.flags & this.ts.NodeFlags.Const)
      )
        continue;
      for (const declaration of statement.declarationList.declarations) {
        if (this.ts.isIdentifier(declaration.name) && declaration.name.text === name)
          return declaration.initializer;
      }
    }
    return undefined;
  }

  private unreadable(node: typescript.Node, why: string): Error {
    const { line, character } = this.file.getLineAndCharacterOfPosition(node.getStart(this.file));
    return stagesUnreadable(`${this.file.fileName}:${line + 1}:${character + 1}`, why);
  }

  private withoutAssertions(expression: typescript.Expression): typescript.Expression {
    if (
      this.ts.isParenthesizedExpression(expression) ||
      this.ts.isAsExpression(expression) ||
      this.ts.isSatisfiesExpression(expression) ||
      this.ts.isNonNullExpression(expression)
    ) {
      return this.withoutAssertions(expression.expression);
    }
    return expression;
  }
}
