import { limits } from '../../primitives/limits.ts'
import type { DevControls } from '../backend.ts'
import { type Method, type MethodTable, method } from '../dispatch.ts'
import { createRpcError } from '../errors.ts'
import { formatTransaction, toQuantity } from '../format.ts'
import { boolean, count, hash, looseQuantity, object, optional, type Parser } from '../parse.ts'
import type { Services } from '../services.ts'

/** Milliseconds between blocks that a timer can still count. */
const INTERVAL_MAX_MS = 2 ** 31 - 1

/** evm_, hardhat_ and anvil_ methods: time and mining at the developer's will. */
export function createDevelopmentMethods(services: Services, dev: DevControls): MethodTable {
  const { backend } = services
  const shared = createShared(services, dev)
  return {
    evm_increaseTime: shared.increaseTime,
    evm_mine: shared.evmMine,
    evm_setNextBlockTimestamp: shared.setNextBlockTimestamp,
    evm_setAutomine: shared.setAutomine,
    evm_setIntervalMining: shared.setIntervalMining,
    evm_snapshot: shared.snapshot,
    evm_revert: shared.revert,
    hardhat_mine: shared.mine,
    hardhat_getAutomine: shared.getAutomine,
    hardhat_dropTransaction: shared.dropTransaction,
    hardhat_metadata: shared.metadata,
    anvil_increaseTime: shared.increaseTime,
    anvil_mine: shared.mine,
    anvil_setNextBlockTimestamp: shared.setNextBlockTimestamp,
    anvil_setAutomine: shared.setAutomine,
    anvil_getAutomine: shared.getAutomine,
    anvil_setIntervalMining: shared.setIntervalMining,
    anvil_snapshot: shared.snapshot,
    anvil_revert: shared.revert,
    anvil_dropTransaction: shared.dropTransaction,
    anvil_metadata: shared.metadata,
    anvil_nodeInfo: method([], async () => {
      const head = backend.head()
      const baseFee = await backend.nextBaseFee()
      return {
        currentBlockNumber: toQuantity(head.number),
        currentBlockTimestamp: Number(head.timestamp),
        currentBlockHash: head.hash,
        hardFork: 'osaka',
        transactionOrder: 'fees',
        environment: {
          baseFee: toQuantity(baseFee),
          chainId: Number(backend.chainId),
          gasLimit: toQuantity(head.gasLimit),
          gasPrice: toQuantity(baseFee),
        },
        forkConfig: { forkUrl: null, forkBlockNumber: null, forkRetryBackoff: null },
      }
    }),
    eth_pendingTransactions: method([], () => backend.pool().pending.map(formatTransaction)),
  }
}

type SharedName =
  | 'increaseTime'
  | 'evmMine'
  | 'mine'
  | 'setNextBlockTimestamp'
  | 'setAutomine'
  | 'getAutomine'
  | 'setIntervalMining'
  | 'snapshot'
  | 'revert'
  | 'dropTransaction'
  | 'metadata'

/** Methods that go by several names. Results are Hardhat's: times as decimal text. */
function createShared(
  { backend, instanceId }: Services,
  dev: DevControls,
): Readonly<Record<SharedName, Method>> {
  const setNextTimestamp = (timestamp: bigint) => {
    const head = backend.head().timestamp
    if (timestamp <= head) throw createRpcError({ code: 'RPC_TIME_NOT_LATER', timestamp, head })
    dev.setNextTimestamp(timestamp)
  }
  return {
    increaseTime: method([count(Number.MAX_SAFE_INTEGER)], ([seconds]) =>
      dev.increaseTime(seconds).toString(),
    ),
    evmMine: method([optional(mineOptions)], async ([options]) => {
      if (options?.timestamp !== undefined) setNextTimestamp(options.timestamp)
      await dev.mine({ blocks: options?.blocks ?? 1, intervalSeconds: 1 })
      return '0x0'
    }),
    mine: method(
      [optional(count(limits.devMineBlocksMax)), optional(count(Number.MAX_SAFE_INTEGER))],
      async ([blocks = 1, intervalSeconds = 1]) => {
        await dev.mine({ blocks, intervalSeconds })
        return true
      },
    ),
    setNextBlockTimestamp: method([looseQuantity()], ([timestamp]) => {
      setNextTimestamp(timestamp)
      return timestamp.toString()
    }),
    setAutomine: method([boolean], ([isOn]) => {
      dev.setAutomine(isOn)
      return true
    }),
    getAutomine: method([], () => dev.automine()),
    setIntervalMining: method([count(INTERVAL_MAX_MS)], ([ms]) => {
      dev.setInterval(ms)
      return true
    }),
    snapshot: method([], async () => toQuantity(await dev.snapshot())),
    revert: method([looseQuantity()], ([id]) => dev.revert(id)),
    dropTransaction: method([hash], ([id]) => dev.dropTransaction(id)),
    metadata: method([], () => ({
      clientVersion: backend.clientVersion,
      chainId: Number(backend.chainId),
      instanceId,
      latestBlockNumber: Number(backend.head().number),
      latestBlockHash: backend.head().hash,
    })),
  }
}

/** A timestamp, or anvil's object with a timestamp and a number of blocks. */
const mineOptions: Parser<{
  readonly timestamp: bigint | undefined
  readonly blocks: number | undefined
}> = (value, name) => {
  if (typeof value !== 'object') {
    return { timestamp: looseQuantity()(value, name), blocks: undefined }
  }
  const { timestamp, blocks } = object(value, name)
  return {
    timestamp: optional(looseQuantity())(timestamp, `${name}.timestamp`),
    blocks: optional(count(limits.devMineBlocksMax))(blocks, `${name}.blocks`),
  }
}
