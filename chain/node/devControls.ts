import { hexToBytes } from '@ethereumjs/util'
import { decodeSignature, sign } from '../crypto/secp256k1.ts'
import type { Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { DevControls } from '../rpc/backend.ts'
import type { ClockState } from './clock.ts'
import type { Node } from './node.ts'

type Snapshot = {
  readonly id: bigint
  readonly height: bigint
  readonly clock: ClockState
}

/** The development controls of a node; `onRevert` is called when the head has moved back. */
export function createDevControls(
  node: Node,
  accounts: DevControls['accounts'],
  onRevert: () => void,
): DevControls {
  const { clock, chain, pool, lock } = node
  const keys = new Map<Hex, Uint8Array>(
    accounts.map(({ address, privateKey }) => [address, hexToBytes(privateKey)]),
  )
  let snapshots: Snapshot[] = []
  let lastId = 0n
  return {
    accounts,
    sign(hash, address) {
      const key = keys.get(address)
      return key && decodeSignature(sign(hexToBytes(hash), key))
    },
    async mine({ blocks, intervalSeconds }) {
      for (let i = 0; i < blocks; i++) {
        if (i > 0 && intervalSeconds > 1) {
          const { timestamp } = chain.head()
          clock.setNext(timestamp + BigInt(Math.floor(intervalSeconds)), chain.head())
        }
        await node.mine()
      }
    },
    increaseTime: (seconds) => clock.increase(seconds),
    setNextTimestamp: (timestamp) => clock.setNext(timestamp, chain.head()),
    automine: node.automine,
    setAutomine: node.setAutomine,
    setInterval: node.setInterval,
    snapshot: () =>
      lock(async () => {
        lastId += 1n
        const { height } = chain.head()
        snapshots.push({ id: lastId, height, clock: clock.save() })
        if (snapshots.length > limits.devSnapshotsMax) snapshots.shift()
        return lastId
      }),
    revert: (id) =>
      lock(async () => {
        const snapshot = snapshots.find((item) => item.id === id)
        if (snapshot === undefined) return false
        snapshots = snapshots.filter((item) => item.id < id)
        await chain.revertTo(snapshot.height)
        clock.restore(snapshot.clock)
        for (const { hash } of [...pool.content().pending, ...pool.content().queued]) {
          pool.remove(hash)
        }
        await pool.onBlock({ included: [] })
        onRevert()
        return true
      }),
    dropTransaction: (hash) => pool.remove(hash),
  }
}
