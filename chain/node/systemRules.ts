import type { SystemRules } from '../evm/engine.ts'
import { protocolParams } from '../params/protocolParams.ts'
import { assert } from '../primitives/assert.ts'
import {
  baseFeeDenominatorCall,
  baseFeeFloorCall,
  encodeEndBlock,
  lastBlockCall,
  systemTxTarget,
} from '../system/encoders.ts'
import type { Genesis } from '../system/genesis/genesisFile.ts'

/** How execution finds the system contracts of a chain. */
export function systemRulesOf(genesis: Genesis): SystemRules {
  const probe = encodeEndBlock({
    height: 0n,
    parentRound: 0,
    parentGasUsed: 0n,
    parentBaseFee: 0n,
    parentProposer: '0x0000000000000000000000000000000000000000',
    parentSigners: 0n,
    skippedSeats: [],
    evidence: [],
  })
  return {
    hub: systemTxTarget,
    gas: genesis.config.poca.systemTxGas,
    // The first four bytes.
    endBlockSelector: `0x${probe.slice(2, 10)}`,
    encodeEndBlock,
    lastBlock: lastBlockCall(),
    baseFeeFloor: { ...baseFeeFloorCall(), ...boundsOf('fee.floor') },
    baseFeeDenominator: { ...baseFeeDenominatorCall(), ...boundsOf('fee.denominator') },
  }
}

function boundsOf(key: string) {
  const parameter = protocolParams.find((one) => one.key === key)
  assert(parameter !== undefined, `${key} is one of the governed parameters`)
  const { min, max, value } = parameter
  return { min, max, initial: value }
}
