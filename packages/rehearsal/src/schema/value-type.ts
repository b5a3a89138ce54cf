import type { ParsedMember } from './parsed-binding';
import type { CtyType } from './model';

/** Type of an attribute that holds no objects, from how the binding reads and stores it. */
export function valueType(member: Pick<ParsedMember, 'getter' | 'type' | 'created'>): CtyType {
  if (member.created !== undefined)
    return createdType(member.created.name, member.created.rest[0] === 'true');
  const getter = member.getter ?? '';
  const isSet = getter.includes('Fn.tolist(');
  if (member.type !== undefined) return declaredType(member.type, isSet);
  const read = /get(\w+)Attribute\(/.exec(getter)?.[1];
  return read === undefined ? 'dynamic' : getterType(read, isSet);
}

/** Type a declaration in TypeScript stands for, e.g. `{ [key: string]: string }[] | cdktf.IResolvable`. */
export function declaredType(text: string, isSet: boolean): CtyType {
  const type = unwrapped(text);
  if (type.endsWith('[]')) return [isSet ? 'set' : 'list', declaredType(type.slice(0, -2), false)];
  const map = /^\{ \[key: string\]: (.*) \}$/.exec(type)?.[1];
  // Terraform's own "any" is rendered as a map of anything.
  if (map === 'any') return 'dynamic';
  if (map !== undefined) return ['map', declaredType(map, false)];
  return primitive(type);
}

function unwrapped(text: string): string {
  const type = text.replaceAll(/\s*\|\s*(?:cdktf\.IResolvable|undefined)/g, '').trim();
  const array = /^Array<(.*)>$/.exec(type)?.[1];
  if (array !== undefined) return `${unwrapped(array)}[]`;
  const inBraces = /^\(([^()]*)\)(.*)$/.exec(type);
  return inBraces === null ? type : `${unwrapped(inBraces[1] ?? '')}${inBraces[2] ?? ''}`;
}

function primitive(type: string): CtyType {
  if (type === 'string' || type === 'number') return type;
  return type === 'boolean' ? 'bool' : 'dynamic';
}

function getterType(read: string, isSet: boolean): CtyType {
  const [, element = '', kind = ''] = /^(String|Number|Boolean|Any|)(ListMap|List|Map|)$/.exec(read) ?? [];
  const type = element === 'Boolean' ? 'bool' : element === 'Number' ? 'number' : 'string';
  if (element === 'Any') return 'dynamic';
  if (kind === 'List') return [isSet ? 'set' : 'list', type];
  if (kind === 'Map') return ['map', type];
  return type;
}

/** `cdktf.StringMap`, `cdktf.StringMapList`, … */
function createdType(name: string, isSet: boolean): CtyType {
  const [, element = '', isList] = /^cdktf\.(String|Number|Boolean|Any)Map(List)?$/.exec(name) ?? [];
  if (element === '') throw new Error(`there is no class ${name}`);
  if (element === 'Any') return 'dynamic';
  const map = ['map', element === 'Boolean' ? 'bool' : element === 'Number' ? 'number' : 'string'] as const;
  return isList === undefined ? map : [isSet ? 'set' : 'list', map];
}
