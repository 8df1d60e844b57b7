import { setImmediate as nextTurn } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, Address, bytesToHex } from '@ethereumjs/util'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../chain/primitives/limits.ts'
import { FlatState } from '../../../chain/state/flatState.ts'
import { createStateTree } from '../../../chain/state/stateTree.ts'
import { createMemoryLog } from './memoryLog.ts'

const SEED = Number(process.env.POCA_FUZZ_SEED ?? 7)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Small numbers that repeat for a seed. */
function createRandom(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state % below
  }
}

function addressOf(index: number): Address {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(16, index * 2_654_435_761)
  return new Address(bytes)
}

function wordOf(index: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(28, index)
  return bytes
}

describe(`flat state, seed ${SEED}`, () => {
  it('has the root of the stock state manager after each of many blocks, also read from the log', async () => {
    const random = createRandom(SEED)
    const common = new Common({ chain: Mainnet, hardfork: Hardfork.Prague })
    const stock = new MerkleStateManager({ common })
    const log = createMemoryLog()
    let tree = createStateTree(log)
    let stateRoot = bytesToHex(await stock.getStateRoot())
    for (let block = 0; block < 60; block++) {
      // Every few blocks nothing is in memory any more, or only what was used last.
      if (block % 7 === 6) tree = createStateTree(log, block % 2 === 0 ? 1 : 50)
      const flat = new FlatState(tree, tree.rootOf(stateRoot))
      for (let step = 0; step < 40; step++) {
        const address = addressOf(random(block < 10 ? 12 : 300))
        const kind = random(10)
        if (kind < 5) {
          const account = new Account(
            BigInt(random(5)),
            BigInt(random(1_000)) << BigInt(random(200)),
            (await stock.getAccount(address))?.storageRoot,
            (await stock.getAccount(address))?.codeHash,
          )
          await stock.putAccount(address, account)
          await flat.putAccount(address, account)
        } else if (kind === 5) {
          await stock.deleteAccount(address)
          // It would give the storage of before to an account made anew.
          await stock.setStateRoot(await stock.getStateRoot())
          await flat.deleteAccount(address)
        } else if (kind === 6) {
          const code = new Uint8Array(random(40)).fill(random(256))
          await stock.putCode(address, code)
          await flat.putCode(address, code)
        } else if ((await stock.getAccount(address)) !== undefined) {
          const key = wordOf(random(30))
          const value =
            random(3) === 0 ? new Uint8Array() : wordOf(random(70_000)).subarray(random(32))
          await stock.putStorage(address, key, value)
          await flat.putStorage(address, key, value)
          expect(await flat.getStorage(address, key)).toEqual(await stock.getStorage(address, key))
        }
        expect(await flat.getCode(address)).toEqual(await stock.getCode(address))
      }
      const patch = flat.finish()
      stateRoot = bytesToHex(await stock.getStateRoot())
      expect(patch.stateRoot).toBe(stateRoot)
      log.append(patch)
    }
  })
})

describe('the code of many contracts', () => {
  it('does not all stay in memory until the block ends', async () => {
    const SIZE = 24_576
    const count = Math.ceil((3 * limits.codeCacheSizeMax) / SIZE)
    const log = createMemoryLog()
    const read: WeakRef<Uint8Array>[] = []
    const source = {
      ...log,
      code: () => {
        const code = new Uint8Array(SIZE)
        read.push(new WeakRef(code))
        return code
      },
    }
    const tree = createStateTree(source)
    const state = new FlatState(tree, undefined)
    for (let i = 0; i < count; i++) {
      await state.putAccount(addressOf(i), new Account(1n, 0n, undefined, wordOf(i + 1)))
    }
    for (let i = 0; i < count; i++) expect(state.getCodeSync(addressOf(i))).toHaveLength(SIZE)
    // References that were made in a turn of the event loop hold until it ends.
    await nextTurn()
    collectGarbage()
    const held = read.filter((one) => one.deref() !== undefined).length
    expect(held * SIZE).toBeLessThan(2.1 * limits.codeCacheSizeMax)
    expect(state.getCodeSync(addressOf(count - 1))).toHaveLength(SIZE)
  })
})
