import { protocolParams } from '../../params/protocolParams.ts'
import { limits } from '../../primitives/limits.ts'
import { readAsciiKey } from '../../system/asciiKey.ts'
import {
  paramsCall,
  proposerAtCall,
  type SystemCall,
  seatAtCall,
  seatCountCall,
  supplyCall,
} from '../../system/encoders.ts'
import type { Backend, BlockView } from '../backend.ts'
import { blockRef, findState } from '../blockRef.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { createRpcError } from '../errors.ts'
import { explainFailure } from '../estimateGas.ts'
import { toQuantity } from '../format.ts'
import { bytes, hash } from '../parse.ts'
import type { Services } from '../services.ts'

/** poca_ methods: what only this chain has, read from its system contracts. */
export function createPocaMethods({ backend }: Services): MethodTable {
  return {
    poca_postNotice: method([hash, bytes(limits.noticeSizeMax)], ([topic, notice]) => {
      backend.notices.post(topic, notice)
      return true
    }),
    poca_notices: method([hash], ([topic]) => backend.notices.read(topic)),
    poca_supply: method([blockRef], async ([ref]) => {
      const block = await findState(backend, ref)
      const supply = await readSystem(backend, block, supplyCall())
      return {
        cap: toQuantity(supply.cap),
        issued: toQuantity(supply.issued),
        burned: toQuantity(supply.burned),
        locked: toQuantity(supply.locked),
        circulating: toQuantity(supply.circulating),
      }
    }),
    poca_params: method([blockRef], async ([ref]) => {
      const params = await readSystem(backend, await findState(backend, ref), paramsCall())
      return params.map(({ key, value, min, max }) => {
        const name = readAsciiKey(key)
        const definition = protocolParams.find((param) => param.key === name)
        return {
          key: name,
          value: toQuantity(value),
          min: toQuantity(min),
          max: toQuantity(max),
          unit: definition?.unit ?? null,
          meaning: definition?.meaning ?? null,
        }
      })
    }),
    poca_seats: method([blockRef], async ([ref]) => {
      const block = await findState(backend, ref)
      const count = Number(await readSystem(backend, block, seatCountCall()))
      const next = await readSystem(backend, block, proposerAtCall(block.number + 1n, 0))
      const seats = []
      for (let seat = 0; seat < count; seat++) {
        const signer = await readSystem(backend, block, seatAtCall(seat))
        seats.push({ seat: toQuantity(seat), signer, isNext: signer === next })
      }
      return seats
    }),
  }
}

/** Reads a system contract in the state after `block`. */
async function readSystem<T>(
  backend: Backend,
  block: BlockView,
  { to, data, decode }: SystemCall<T>,
): Promise<T> {
  const result = await backend.call({ to, data, gas: limits.rpcCallGasMax }, block)
  if (result.failure !== undefined) throw explainFailure(result, limits.rpcCallGasMax)
  if (result.returnData === '0x') {
    const reason = `there is no system contract at ${to} in block ${block.number}`
    throw createRpcError({ code: 'RPC_EXECUTION_FAILED', reason })
  }
  return decode(result.returnData)
}
