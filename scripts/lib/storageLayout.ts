import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArtifacts, root } from './hardhatArtifacts.ts'

/** Where a variable or a member of a struct lies. */
export type Field = {
  readonly label: string
  /** From the start of the layout or of the struct. */
  readonly slot: string
  /** Bytes from the right end of the slot. */
  readonly offset: number
  /** Name of its type in `types`. */
  readonly type: string
}

export type TypeLayout = {
  readonly encoding: string
  readonly sizeBytes: number
  readonly key?: string
  readonly value?: string
  readonly base?: string
  readonly members?: readonly Field[]
}

/** What a contract keeps, free of whatever changes from one compilation to the next. */
export type StorageLayout = {
  /** First slot, which the name of the layout decides. */
  readonly root: string
  readonly fields: readonly Field[]
  readonly types: Readonly<Record<string, TypeLayout>>
}

export type LayoutChange = { readonly problems: readonly string[]; readonly isSame: boolean }

type SolcField = Omit<Field, 'slot'> & { readonly slot: string }

type SolcType = {
  readonly encoding: string
  readonly label: string
  readonly numberOfBytes: string
  readonly key?: string
  readonly value?: string
  readonly base?: string
  readonly members?: readonly SolcField[]
}

type SolcLayout = {
  readonly storage: readonly SolcField[]
  readonly types: Readonly<Record<string, SolcType>> | null
}

/** Reads layouts of compiled contracts by name. */
export function readLayouts(folder = join(root, 'artifacts')) {
  const artifacts = readArtifacts(folder)
  const outputs = new Map<string, BuildOutput>()
  return (name: string): StorageLayout => {
    const artifact = artifacts.artifactOf(name) as ReturnType<typeof artifacts.artifactOf> & {
      readonly inputSourceName: string // Hardhat 3 writes it into every artifact
    }
    const { buildInfoId, inputSourceName } = artifact
    const output = outputs.get(buildInfoId) ?? readOutput(folder, buildInfoId)
    outputs.set(buildInfoId, output)
    const compiled = output.output.contracts[inputSourceName]?.[name]
    if (compiled === undefined) throw new Error(`There is no storage layout of ${name}.`)
    return normalize(compiled.storageLayout)
  }
}

/** Whether code with the layout `next` may run on what code with the layout `last` has stored. */
export function compareLayouts(last: StorageLayout, next: StorageLayout): LayoutChange {
  const isSame = JSON.stringify(last) === JSON.stringify(next)
  if (isSame) return { problems: [], isSame }
  const problems =
    last.fields.length > 0 && last.root !== next.root
      ? ['the whole layout moved to another root']
      : compareFields(last.fields, next.fields, { last, next, path: '', seen: new Set() })
  return { problems, isSame }
}

type BuildOutput = {
  readonly output: {
    readonly contracts: Readonly<
      Record<string, Readonly<Record<string, { readonly storageLayout: SolcLayout }>>>
    >
  }
}

type Comparison = {
  readonly last: StorageLayout
  readonly next: StorageLayout
  readonly path: string
  /** Types compared already, for those that contain themselves. */
  readonly seen: Set<string>
}

function compareFields(
  last: readonly Field[],
  next: readonly Field[],
  comparison: Comparison,
): readonly string[] {
  const found = new Map(next.map((field) => [field.label, field]))
  return last.flatMap((old) => {
    const path = `${comparison.path}${old.label}`
    const field = found.get(old.label)
    if (field === undefined) return [`${path} was removed or renamed`]
    if (field.slot !== old.slot || field.offset !== old.offset) return [`${path} moved`]
    return compareTypes(old.type, field.type, false, { ...comparison, path })
  })
}

/** `canGrow`: nothing lies behind the value, as in a mapping. */
function compareTypes(
  lastName: string,
  nextName: string,
  canGrow: boolean,
  comparison: Comparison,
): readonly string[] {
  const { last, next, path, seen } = comparison
  const pair = `${lastName} ${nextName} ${canGrow}`
  if (seen.has(pair)) return []
  seen.add(pair)
  const old = last.types[lastName]
  const type = next.types[nextName]
  if (old === undefined || type === undefined || lastName !== nextName) {
    return [`${path} was ${lastName} and is ${nextName}`]
  }
  if (old.encoding !== type.encoding) return [`${path} is encoded in another way`]
  const grew = type.sizeBytes > old.sizeBytes
  if (type.sizeBytes < old.sizeBytes || (grew && !canGrow)) return [`${path} changed its size`]
  const inner = { ...comparison, path: `${path}.` }
  return [
    ...(old.key === type.key ? [] : [`${path} has keys of another type`]),
    ...(old.value && type.value ? compareTypes(old.value, type.value, true, comparison) : []),
    ...(old.base && type.base ? compareTypes(old.base, type.base, false, comparison) : []),
    ...compareFields(old.members ?? [], type.members ?? [], inner),
  ]
}

function normalize({ storage, types }: SolcLayout): StorageLayout {
  const nameOf = (id: string) => types?.[id]?.label ?? id
  const first = storage[0]
  const base = first === undefined ? 0n : BigInt(first.slot)
  const fieldOf = (field: SolcField, from: bigint): Field => ({
    label: field.label,
    slot: (BigInt(field.slot) - from).toString(),
    offset: field.offset,
    type: nameOf(field.type),
  })
  const entries = Object.values(types ?? {}).map((type): readonly [string, TypeLayout] => [
    type.label,
    {
      encoding: type.encoding,
      sizeBytes: Number(type.numberOfBytes),
      ...(type.key === undefined ? {} : { key: nameOf(type.key) }),
      ...(type.value === undefined ? {} : { value: nameOf(type.value) }),
      ...(type.base === undefined ? {} : { base: nameOf(type.base) }),
      ...(type.members === undefined
        ? {}
        : { members: type.members.map((member) => fieldOf(member, 0n)) }),
    },
  ])
  return {
    root: `0x${base.toString(16)}`,
    fields: storage.map((field) => fieldOf(field, base)),
    types: Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1))),
  }
}

function readOutput(folder: string, id: string): BuildOutput {
  return JSON.parse(readFileSync(join(folder, 'build-info', `${id}.output.json`), 'utf8'))
}
