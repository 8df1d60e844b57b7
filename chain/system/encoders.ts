import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  type DecodeFunctionResultReturnType,
  decodeFunctionResult,
  encodeFunctionData,
} from 'viem'
import type { Address, Hex } from '../primitives/hex.ts'
import { emissionReserveAbi } from './abi/emissionReserve.ts'
import { protocolParamsAbi } from './abi/protocolParams.ts'
import { signerBoardAbi } from './abi/signerBoard.ts'
import { supplyMeterAbi } from './abi/supplyMeter.ts'
import { systemHubAbi } from './abi/systemHub.ts'
import { predeploys } from './addresses.ts'
import { asciiKey } from './asciiKey.ts'

/** What the block producer tells the system contracts at the end of a block; `EndBlockInput`. */
export type EndBlockInput = {
  /** Of the block being ended. */
  readonly height: bigint
  /** Voting round in which the parent was decided. */
  readonly parentRound: number
  readonly parentGasUsed: bigint
  /** Wei per gas. */
  readonly parentBaseFee: bigint
  readonly parentProposer: Address
  /** Bit i: seat i signed the parent's certificate. */
  readonly parentSigners: bigint
  /** Seats that missed their turn since the parent. */
  readonly skippedSeats: readonly number[]
  readonly evidence: readonly Hex[]
}

/** A read of a system contract: what to send where, and how to read the answer. */
export type SystemCall<T> = {
  readonly to: Address
  readonly data: Hex
  readonly decode: (returnData: Hex) => T
}

/** Where the system transaction goes. */
export const systemTxTarget: Address = predeploys.systemHub

/** Calldata of the system transaction. */
export function encodeEndBlock(input: EndBlockInput): Hex {
  return encodeFunctionData({ abi: systemHubAbi, functionName: 'endBlock', args: [input] })
}

/** Height of the last block that was ended: proof that a block ran its system transaction. */
export function lastBlockCall(): SystemCall<bigint> {
  return call(predeploys.systemHub, systemHubAbi, 'lastBlock', [])
}

/** Whose turn it is to propose `height` in `round`. */
export function proposerAtCall(height: bigint, round: number): SystemCall<Address> {
  return lowered(call(predeploys.signerBoard, signerBoardAbi, 'proposerAt', [height, round]))
}

/** How many seats there are. */
export function seatCountCall(): SystemCall<bigint> {
  return call(predeploys.signerBoard, signerBoardAbi, 'seatCount', [])
}

/** Who holds a seat. */
export function seatAtCall(seat: number): SystemCall<Address> {
  return lowered(call(predeploys.signerBoard, signerBoardAbi, 'seatAt', [seat]))
}

/** The value of a governed parameter, by its key: `fee.floor`. */
export function paramCall(key: string): SystemCall<bigint> {
  return call(predeploys.protocolParams, protocolParamsAbi, 'get', [asciiKey(key)])
}

/** Every governed parameter with its bounds. */
export function paramsCall() {
  return call(predeploys.protocolParams, protocolParamsAbi, 'all', [])
}

/** The least base fee, wei per gas. */
export function baseFeeFloorCall(): SystemCall<bigint> {
  return paramCall('fee.floor')
}

/** The base fee moves by at most one part in this many per block. */
export function baseFeeDenominatorCall(): SystemCall<bigint> {
  return paramCall('fee.denominator')
}

/** When a fork becomes active, 0 when it is not scheduled. */
export function forkTimeCall(name: string): SystemCall<bigint> {
  return call(predeploys.protocolParams, protocolParamsAbi, 'forkTime', [asciiKey(name)])
}

/** Coin that has left the reserve. */
export function releasedCall(): SystemCall<bigint> {
  return call(predeploys.emissionReserve, emissionReserveAbi, 'released', [])
}

/** Cap, issued, burned, locked and circulating coin. */
export function supplyCall() {
  return call(predeploys.supplyMeter, supplyMeterAbi, 'supply', [])
}

/** Addresses cross module borders in lower case; viem decodes to checksummed ones. */
function lowered(read: SystemCall<Address>): SystemCall<Address> {
  return { ...read, decode: (data) => read.decode(data).toLowerCase() as Address }
}

function call<
  const abi extends Abi,
  name extends ContractFunctionName<abi, 'view' | 'pure'>,
  args extends ContractFunctionArgs<abi, 'view' | 'pure', name>,
>(to: Address, abi: abi, functionName: name, args: args) {
  // The type parameters tie name and arguments to the ABI; viem's own parameter types cannot be
  // inferred through a generic, so they are asserted.
  type Encode = Parameters<typeof encodeFunctionData>[0]
  type Decode = Parameters<typeof decodeFunctionResult>[0]
  return {
    to,
    data: encodeFunctionData({ abi, functionName, args } as unknown as Encode),
    decode: (data: Hex) =>
      decodeFunctionResult({
        abi,
        functionName,
        args,
        data,
      } as unknown as Decode) as DecodeFunctionResultReturnType<abi, name, args>,
  }
}
