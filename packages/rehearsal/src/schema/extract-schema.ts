import type { AttributeSchema, BlockSchema, BlockTypeSchema, CtyType, Nesting } from './model';
import type { ParsedClass, ParsedFile, ParsedMember } from './parsed-binding';
import { valueType } from './value-type';

/** A member that is an object or a collection of objects. */
interface Complex {
  readonly member: ParsedMember;
  /** Class of one object. */
  readonly object: ParsedClass;
  readonly nesting: Nesting;
  /** 0: no limit. */
  readonly maxItems: number;
}

/** The schema of the resource or data source a parsed file describes. */
export function extractBlock(file: ParsedFile, root: ParsedClass): BlockSchema {
  return new Extraction(file, hasNestedAttributes(file)).block(root);
}

class Extraction {
  public constructor(
    private readonly file: ParsedFile,
    /** Whether the provider has objects as attributes (protocol 6), and not only as blocks. */
    private readonly nested: boolean,
  ) {}

  public block(owner: ParsedClass): BlockSchema {
    const attributes: Record<string, AttributeSchema> = {};
    const blocks: Record<string, BlockTypeSchema> = {};
    const border = this.border(owner);
    owner.members.forEach((member, index) => {
      const complex = complexOf(this.file, owner, member);
      if (complex === undefined) attributes[member.name] = { type: valueType(member), ...flags(member) };
      else if (index < border) attributes[member.name] = this.objectAttribute(complex);
      else blocks[member.name] = this.blockType(complex);
    });
    return { attributes, blocks };
  }

  /** Index of the first block: attributes and blocks are each in the order of their names. */
  private border(owner: ParsedClass): number {
    const { members } = owner;
    const isBlock = (member: ParsedMember): boolean =>
      !member.computed && complexOf(this.file, owner, member) !== undefined;
    let border = members.length;
    while (border > 0 && isBlock(members[border - 1] as ParsedMember)) border -= 1;
    for (let index = members.length - 1; index > 0; index -= 1) {
      const [before, after] = [members[index - 1] as ParsedMember, members[index] as ParsedMember];
      if (after.name < before.name) return Math.max(index, border);
    }
    // One ascending row: either there are no attributes after the blocks' names, or there are no blocks.
    return this.nested ? members.length : border;
  }

  private objectAttribute(complex: Complex): AttributeSchema {
    const { member, object, nesting } = complex;
    if (!this.nested) return { type: this.wrapped(nesting, this.objectType(object)), ...flags(member) };
    return { nested: { nesting, attributes: this.nestedAttributes(object) }, ...flags(member) };
  }

  private nestedAttributes(object: ParsedClass): Record<string, AttributeSchema> {
    return Object.fromEntries(
      object.members.map((member) => {
        const complex = complexOf(this.file, object, member);
        return [
          member.name,
          complex === undefined
            ? { type: valueType(member), ...flags(member) }
            : this.objectAttribute(complex),
        ];
      }),
    );
  }

  private objectType(object: ParsedClass): CtyType {
    const types = object.members.map((member) => {
      const complex = complexOf(this.file, object, member);
      const type =
        complex === undefined
          ? valueType(member)
          : this.wrapped(complex.nesting, this.objectType(complex.object));
      return [member.name, type] as const;
    });
    return ['object', Object.fromEntries(types)];
  }

  private wrapped(nesting: Nesting, type: CtyType): CtyType {
    return nesting === 'single' ? type : [nesting, type];
  }

  private blockType(complex: Complex): BlockTypeSchema {
    return {
      nesting: complex.nesting,
      block: this.block(complex.object),
      minItems: complex.member.required ? 1 : 0,
      maxItems: complex.maxItems,
    };
  }
}

/** Settable objects before an attribute, with flags of their own inside, exist in protocol 6 only. */
function hasNestedAttributes(file: ParsedFile): boolean {
  for (const owner of file.classes.values()) {
    const descends = owner.members.findLastIndex(
      (member, index) => index > 0 && member.name < (owner.members[index - 1] as ParsedMember).name,
    );
    const lastSimple = owner.members.findLastIndex((member) => complexOf(file, owner, member) === undefined);
    const end = descends < 0 ? lastSimple : descends;
    for (const member of owner.members.slice(0, Math.max(end, 0))) {
      const complex = complexOf(file, owner, member);
      if (complex === undefined || (!member.optional && !member.required)) continue;
      if (complex.object.members.some((inner) => !sameFlags(inner, member))) return true;
    }
  }
  return false;
}

function sameFlags(one: ParsedMember, other: ParsedMember): boolean {
  return (
    one.computed === other.computed && one.optional === other.optional && one.required === other.required
  );
}

function complexOf(file: ParsedFile, owner: ParsedClass, member: ParsedMember): Complex | undefined {
  const created = member.created === undefined ? undefined : file.classes.get(member.created.name);
  if (created === undefined) return undefined;
  if (created.base === 'cdktf.ComplexObject') {
    // `super(…, false)` is one object, `super(…, false, 0)` the only one of a collection.
    const single = created.superArguments.length < 4;
    const nesting = single ? 'single' : collection(owner, file, member.name);
    return { member, object: created, nesting, maxItems: single ? 0 : 1 };
  }
  const object = file.classes.get(created.item ?? '');
  if (object === undefined) return undefined;
  if (created.base === 'cdktf.ComplexMap') return { member, object, nesting: 'map', maxItems: 0 };
  return { member, object, nesting: member.created?.rest[0] === 'true' ? 'set' : 'list', maxItems: 0 };
}

/** Whether the owner writes a collection as a list or as a set. */
function collection(owner: ParsedClass, file: ParsedFile, name: string): Nesting {
  const struct = `${owner.name.charAt(0).toLowerCase()}${owner.name.slice(1)}`.replace(
    /OutputReference$/,
    'ToHclTerraform',
  );
  const entries = owner.hcl.length > 0 ? owner.hcl : (file.structs.get(struct) ?? []);
  return entries.find((entry) => entry.name === name)?.type === 'set' ? 'set' : 'list';
}

function flags(member: ParsedMember): Pick<AttributeSchema, 'required' | 'optional' | 'computed'> {
  return { required: member.required, optional: member.optional, computed: member.computed };
}
