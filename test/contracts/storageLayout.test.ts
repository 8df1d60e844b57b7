// Shows which changes of a layout the check of upgrades lets pass, with the Treasury and the code
// that replaces it in tests, and with one change of each kind that must not pass.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  compareLayouts,
  type Field,
  readLayouts,
  type StorageLayout,
} from '../../scripts/lib/storageLayout.ts'

const layoutOf = readLayouts()
const treasury = layoutOf('Treasury')

/** The layout with its fields changed, or the members of one of its structs. */
function changed(
  change: (fields: readonly Field[]) => readonly Field[],
  struct?: string,
): StorageLayout {
  if (struct === undefined) return { ...treasury, fields: change(treasury.fields) }
  const type = treasury.types[struct]
  assert.ok(type?.members)
  const members = change(type.members)
  return { ...treasury, types: { ...treasury.types, [struct]: { ...type, members } } }
}

describe('compareLayouts', () => {
  it('lets code with an appended field replace the Treasury', () => {
    const { problems, isSame } = compareLayouts(treasury, layoutOf('UpgradedTreasury'))
    assert.deepEqual(problems, [])
    assert.equal(isSame, false)
  })

  it('finds nothing in the same layout', () => {
    assert.deepEqual(compareLayouts(treasury, layoutOf('Treasury')), { problems: [], isSame: true })
  })

  it('refuses code that dropped a field', () => {
    const { problems } = compareLayouts(layoutOf('UpgradedTreasury'), treasury)
    assert.deepEqual(problems, ['_limit was removed or renamed'])
  })

  it('refuses a field that moved, was renamed or has another type', () => {
    const moved = changed(([first, ...rest]) => [{ ...(first as Field), slot: '9' }, ...rest])
    assert.deepEqual(compareLayouts(treasury, moved).problems, ['_budgets moved'])
    const renamed = changed(([first, ...rest]) => [{ ...(first as Field), label: '_x' }, ...rest])
    assert.deepEqual(compareLayouts(treasury, renamed).problems, [
      '_budgets was removed or renamed',
    ])
    const retyped = changed(([first, ...rest]) => [
      { ...(first as Field), type: 'uint256' },
      ...rest,
    ])
    assert.deepEqual(compareLayouts(treasury, retyped).problems, [
      '_budgets was struct ITreasury.Budget[] and is uint256',
    ])
  })

  it('refuses a change inside a struct', () => {
    const struct = 'struct ITreasury.Budget'
    const swapped = changed(
      (members) => members.map((m) => (m.label === 'drawn' ? { ...m, offset: 20 } : m)),
      struct,
    )
    assert.deepEqual(compareLayouts(treasury, swapped).problems, ['_budgets.drawn moved'])
  })

  it('lets a struct grow in a mapping and not in an array', () => {
    const grownSpending: StorageLayout = {
      ...treasury,
      types: {
        ...treasury.types,
        'struct ITreasury.Spending': {
          ...(treasury.types['struct ITreasury.Spending'] ?? { encoding: 'inplace' }),
          sizeBytes: 128,
        },
      },
    }
    assert.deepEqual(compareLayouts(treasury, grownSpending).problems, [
      '_spendings changed its size',
    ])
    const params = layoutOf('ProtocolParams')
    const entry = params.types['struct ProtocolParams.Entry']
    assert.ok(entry)
    const types = { ...params.types, 'struct ProtocolParams.Entry': { ...entry, sizeBytes: 96 } }
    assert.deepEqual(compareLayouts(params, { ...params, types }).problems, [])
  })

  it('refuses another root', () => {
    const { problems } = compareLayouts(treasury, { ...treasury, root: '0x1' })
    assert.deepEqual(problems, ['the whole layout moved to another root'])
  })
})
