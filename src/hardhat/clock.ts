import { numberToHex } from 'viem'
import type { Hex } from '../../chain/primitives/hex.ts'

/** What the clock sees of a JSON-RPC request. */
type Request = { readonly method: string }

/** Sends a request past the clock; answers with the JSON-RPC response. */
type Send = (method: string, params: unknown[]) => Promise<unknown>

/** Requests by which a test sets the time of the next block itself. */
const setters = ['evm_setNextBlockTimestamp', 'evm_increaseTime']

/** Requests that make a block at once, at a time that nobody named. */
const makers = ['eth_sendTransaction', 'eth_sendRawTransaction']

/** Seconds from one block to the next when nothing else is said. */
const blockSeconds = 1n

/**
 * Has time pass on simulated chains by blocks and by verbs, never by the clock on the wall: each
 * block is a second after the one before. A rule about seconds then gives the same result on any
 * machine.
 */
export function createClock() {
  /** Connections on which the time of the next block has been set. */
  const isSet = new WeakSet<object>()
  return {
    /** Called before every request on such a network. */
    async tick(connection: object, { method }: Request, send: Send): Promise<void> {
      if (setters.includes(method)) isSet.add(connection)
      if (!makers.includes(method) || isSet.delete(connection)) return
      // The shape is that of the JSON-RPC specification.
      const response = (await send('eth_getBlockByNumber', ['latest', false])) as {
        readonly result: { readonly timestamp: Hex }
      }
      const time = BigInt(response.result.timestamp) + blockSeconds
      await send('evm_setNextBlockTimestamp', [numberToHex(time)])
    },
  }
}
