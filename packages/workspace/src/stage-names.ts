import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { stagesUnreadable } from './errors';

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
  return new StageReader(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true)).read();
}

class StageReader {
  public constructor(private readonly file: ts.SourceFile) {}

  public read(): readonly string[] {
    const definition = this.definition();
    const shared = this.property(definition, 'shared');
    const stages = this.property(definition, 'stages');
    if (stages === undefined) throw this.unreadable(definition, 'the definition has no property "stages"');
    return [...(this.isGiven(shared) ? [SHARED_STAGE] : []), ...this.keys(stages)];
  }

  /** The argument of `defineEnvironment`. */
  private definition(): ts.ObjectLiteralExpression {
    const exported = this.file.statements.find(ts.isExportAssignment);
    if (exported === undefined) throw this.unreadable(this.file, 'it has no "export default"');
    const call = this.resolve(exported.expression);
    if (!ts.isCallExpression(call) || !this.isDefineEnvironment(call.expression)) {
      throw this.unreadable(exported, 'what it exports is not a call of defineEnvironment');
    }
    const argument = call.arguments[0] === undefined ? undefined : this.resolve(call.arguments[0]);
    if (argument === undefined || !ts.isObjectLiteralExpression(argument)) {
      throw this.unreadable(call, 'the argument of defineEnvironment is not an object literal');
    }
    return argument;
  }

  private isDefineEnvironment(callee: ts.Expression): boolean {
    if (ts.isPropertyAccessExpression(callee)) return callee.name.text === 'defineEnvironment';
    return ts.isIdentifier(callee) && this.importedName(callee.text) === 'defineEnvironment';
  }

  /** The name under which an imported identifier is exported, for `import { defineEnvironment as define }`. */
  private importedName(local: string): string {
    for (const statement of this.file.statements) {
      const bindings = ts.isImportDeclaration(statement) ? statement.importClause?.namedBindings : undefined;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      const specifier = bindings.elements.find((element) => element.name.text === local);
      if (specifier) return (specifier.propertyName ?? specifier.name).text;
    }
    return local;
  }

  private property(definition: ts.ObjectLiteralExpression, name: string): ts.Node | undefined {
    for (const member of definition.properties) {
      if (ts.isSpreadAssignment(member)) {
        throw this.unreadable(member, 'the definition spreads another object');
      }
      if (this.literalName(member.name) !== name) continue;
      if (ts.isPropertyAssignment(member)) return this.resolve(member.initializer);
      if (ts.isShorthandPropertyAssignment(member)) return this.resolve(member.name);
      return member;
    }
    return undefined;
  }

  private keys(stages: ts.Node): string[] {
    if (!ts.isObjectLiteralExpression(stages)) {
      throw this.unreadable(stages, '"stages" is not an object literal');
    }
    return stages.properties.map((member) => {
      if (ts.isSpreadAssignment(member)) throw this.unreadable(member, '"stages" spreads another object');
      const name = this.literalName(member.name);
      if (name === undefined) throw this.unreadable(member, `the name ${member.name.getText()} is computed`);
      return name;
    });
  }

  private literalName(name: ts.PropertyName): string | undefined {
    if (ts.isIdentifier(name) || ts.isStringLiteralLike(name) || ts.isNumericLiteral(name)) return name.text;
    if (ts.isComputedPropertyName(name) && ts.isStringLiteralLike(name.expression))
      return name.expression.text;
    return undefined;
  }

  private isGiven(shared: ts.Node | undefined): boolean {
    return shared !== undefined && !(ts.isIdentifier(shared) && shared.text === 'undefined');
  }

  /** Looks through parentheses and type assertions, and at the initializer of a `const` of this file. */
  private resolve(expression: ts.Expression, seen: readonly string[] = []): ts.Expression {
    const inner = withoutAssertions(expression);
    if (!ts.isIdentifier(inner) || seen.includes(inner.text)) return inner;
    const initializer = this.constant(inner.text);
    return initializer === undefined ? inner : this.resolve(initializer, [...seen, inner.text]);
  }

  private constant(name: string): ts.Expression | undefined {
    for (const statement of this.file.statements) {
      if (!ts.isVariableStatement(statement) || !(statement.declarationList.flags & ts.NodeFlags.Const))
        continue;
      for (const declaration of statement.declarationList.declarations) {
        if (ts.isIdentifier(declaration.name) && declaration.name.text === name)
          return declaration.initializer;
      }
    }
    return undefined;
  }

  private unreadable(node: ts.Node, why: string): Error {
    const { line, character } = this.file.getLineAndCharacterOfPosition(node.getStart(this.file));
    return stagesUnreadable(`${this.file.fileName}:${line + 1}:${character + 1}`, why);
  }
}

function withoutAssertions(expression: ts.Expression): ts.Expression {
  if (
    ts.isParenthesizedExpression(expression) ||
    ts.isAsExpression(expression) ||
    ts.isSatisfiesExpression(expression) ||
    ts.isNonNullExpression(expression)
  ) {
    return withoutAssertions(expression.expression);
  }
  return expression;
}
