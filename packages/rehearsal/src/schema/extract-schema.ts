import type { AttributeSchema, BlockSchema, BlockTypeSchema, CtyType, Nesting } from './model';
import type { ParsedClass, ParsedFile, ParsedMember } from './parsed-binding';
import { valueType } from './value-type';

/** A member that is an object or a collection of objects. */
interface Complex {
  readonly member: ParsedMember;
  /** Class of one object. */
  readonly object: ParsedClass;
  readonly nesting: Nesting;
  /** Whether each item is a list of objects in its turn. */
  readonly lists?: boolean;
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
    const descent = lastDescent(members);
    if (descent !== undefined) return descent;
    // One ascending row: the objects at its end are blocks, unless this provider has them as attributes.
    const isBlock = (member: ParsedMember): boolean =>
      !member.computed && complexOf(this.file, owner, member) !== undefined;
    return this.nested ? members.length : members.findLastIndex((member) => !isBlock(member)) + 1;
  }

  private objectAttribute(complex: Complex): AttributeSchema {
    const { member, object, nesting } = complex;
    if (!this.nested || complex.lists) return { type: this.complexType(complex), ...flags(member) };
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

  private complexType({ object, nesting, lists }: Complex): CtyType {
    const types = object.members.map((member) => {
      const complex = complexOf(this.file, object, member);
      return [member.name, complex === undefined ? valueType(member) : this.complexType(complex)] as const;
    });
    const one: CtyType = ['object', Object.fromEntries(types)];
    const item: CtyType = lists ? ['list', one] : one;
    return nesting === 'single' ? item : [nesting, item];
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

/** Index of the last member whose name is less than the one before. */
function lastDescent(members: readonly ParsedMember[]): number | undefined {
  const index = members.findLastIndex(
    (member, at) => at > 0 && member.name < (members[at - 1] as ParsedMember).name,
  );
  return index < 0 ? undefined : index;
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
  const nesting = member.created?.rest[0] === 'true' ? 'set' : 'list';
  const inner = created.base === 'cdktf.MapList' ? file.classes.get(object.item ?? '') : undefined;
  if (inner !== undefined) return { member, object: inner, nesting, lists: true, maxItems: 0 };
  return { member, object, nesting, maxItems: 0 };
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
