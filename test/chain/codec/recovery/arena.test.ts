// Chunks may be done in any order and by any thread: what lies in the slot at the end is the same.
// What a dead thread had claimed is claimed again; nothing is lost or done twice.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type Arena,
  type Claim,
  claim,
  clearSlot,
  countDone,
  createArena,
  endOfPiece,
  fillSlot,
  isWhole,
  OWNER,
  openArena,
  releaseClaims,
  type Slot,
  work,
} from '../../../../chain/codec/recovery/arena.ts'
import { createBatch, type Recovered } from '../../../../chain/codec/recovery/recoverBatch.ts'
import { limits } from '../../../../chain/primitives/limits.ts'
import { createKnownBatch } from './batches.ts'

const arena = createArena()

function slotAt(index: number, of: Arena = arena): Slot {
  const slot = of.slots[index]
  if (slot === undefined) throw new RangeError(`no slot ${index}`)
  return slot
}

/** What a slot holds, cut to its piece. */
function read(slot: Slot, count: number): Recovered {
  return {
    hashes: slot.hashes.slice(0, 32 * count),
    senders: slot.senders.slice(0, 20 * count),
    ok: slot.ok.slice(0, count),
  }
}

function claimAll(thread: number): readonly Claim[] {
  const claims: Claim[] = []
  for (let next = claim(arena, thread); next !== undefined; next = claim(arena, thread)) {
    claims.push(next)
  }
  return claims
}

describe('work', () => {
  test('gives the same in every order of the chunks', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 150 }),
        fc.integer({ min: 0, max: 3 }),
        fc.nat(),
        fc.infiniteStream(fc.nat()),
        (count, threads, first, random) => {
          const { batch, expected } = createKnownBatch(count, first)
          const slot = slotAt(0)
          fillSlot(slot, batch, { from: 0, to: count, sequence: 0 }, threads)
          const claims = [...claimAll(OWNER)]
          while (claims.length > 0) {
            const [picked] = claims.splice((random.next().value ?? 0) % claims.length, 1)
            expect(isWhole(slot, countDone(slot, 0))).toBe(false)
            work(arena, picked!)
          }
          expect(isWhole(slot, countDone(slot, 0))).toBe(true)
          expect(read(slot, count)).toEqual(expected)
          clearSlot(slot)
        },
      ),
      { numRuns: 30 },
    )
  })

  test('is seen by another view of the same memory', () => {
    const { batch, expected } = createKnownBatch(20)
    const other = openArena(arena.buffer)
    fillSlot(slotAt(3), batch, { from: 0, to: 20, sequence: 0 }, 1)
    for (let next = claim(other, 7); next !== undefined; next = claim(other, 7)) work(other, next)
    expect(read(slotAt(3), 20)).toEqual(expected)
    clearSlot(slotAt(3))
  })
})

describe('claim', () => {
  test('takes from the oldest piece first, also when the numbers wrap around', () => {
    const { batch } = createKnownBatch(8)
    const sequences = [2 ** 31 + 1, 2 ** 31 - 1, 2 ** 31]
    for (const [i, sequence] of sequences.entries()) {
      fillSlot(slotAt(i), batch, { from: 0, to: 8, sequence }, 1)
    }
    expect(claimAll(OWNER).map(({ slot }) => arena.slots.indexOf(slot))).toEqual([1, 2, 0])
    for (const slot of arena.slots) clearSlot(slot)
  })

  test('gives what a dead thread had claimed to another, and what was done to nobody', () => {
    const { batch, expected } = createKnownBatch(97)
    const slot = slotAt(0)
    fillSlot(slot, batch, { from: 0, to: 97, sequence: 0 }, 1)
    const dead = [claim(arena, 5), claim(arena, 5), claim(arena, 5)]
    work(arena, dead[1]!)
    const others = claimAll(6)
    for (const other of others) work(arena, other)
    expect(isWhole(slot, countDone(slot, 0))).toBe(false)

    releaseClaims(arena, 5)
    const again = claimAll(OWNER)
    expect(again.map(({ chunk }) => chunk)).toEqual([dead[0]?.chunk, dead[2]?.chunk])
    for (const each of again) work(arena, each)
    expect(isWhole(slot, countDone(slot, 0))).toBe(true)
    expect(read(slot, 97)).toEqual(expected)
    clearSlot(slot)
  })

  test('finds the chunk that a thread passed without claiming', () => {
    const { batch } = createKnownBatch(64)
    const slot = slotAt(0)
    fillSlot(slot, batch, { from: 0, to: 64, sequence: 0 }, 1)
    // The cursor is the fifth word of the header.
    Atomics.add(slot.header, 4, 3)
    releaseClaims(arena, 5)
    expect(claimAll(OWNER).map(({ chunk }) => chunk)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    clearSlot(slot)
  })
})

describe('endOfPiece', () => {
  test('cuts a batch into pieces that fit a slot, without a gap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: limits.recoverySlotSizeMax }), { maxLength: 12 }),
        (sizes) => {
          const batch = createBatch(sizes.map((size) => new Uint8Array(size)))
          let from = 0
          while (from < sizes.length) {
            const to = endOfPiece(batch, from)
            expect(to).toBeGreaterThan(from)
            const size = sizes.slice(from, to).reduce((sum, each) => sum + each, 0)
            expect(size).toBeLessThanOrEqual(limits.recoverySlotSizeMax)
            from = to
          }
          expect(from).toBe(sizes.length)
        },
      ),
      { numRuns: 50 },
    )
  })

  test('holds no more transactions than a slot', () => {
    const batch = createBatch(Array.from({ length: 9_000 }, () => Uint8Array.of(1)))
    expect(endOfPiece(batch, 0)).toBe(limits.recoverySlotTxsMax)
    expect(endOfPiece(batch, 8_000)).toBe(9_000)
  })

  test('says that a transaction is bigger than a slot', () => {
    const big = new Uint8Array(limits.recoverySlotSizeMax + 1)
    expect(endOfPiece(createBatch([Uint8Array.of(1), big]), 0)).toBe(1)
    expect(endOfPiece(createBatch([Uint8Array.of(1), big]), 1)).toBe(1)
  })
})
