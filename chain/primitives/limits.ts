/**
 * Every bound on what the outside can make us hold or do. A queue, cache or loop over outside data
 * takes its limit from here, so that one page answers "what if it grows?".
 */
export const limits = {
  /** JSON-RPC request body. */
  rpcBodySizeMax: 20 * 1024 * 1024,
  /** Calls in one JSON-RPC batch. */
  rpcBatchMax: 1_000,
  /** Blocks that one eth_getLogs may span. */
  logRangeMax: 100_000,
  /** Logs that one eth_getLogs may return. */
  logResultMax: 20_000,
  /** Filters and subscriptions alive at once. */
  rpcFiltersMax: 1_000,
  /** Milliseconds after which a filter nobody polls is dropped. */
  rpcFilterIdleMs: 5 * 60_000,
  /** WebSocket connections. */
  rpcSocketsMax: 256,
  /** Bytes waiting to be sent on one WebSocket before it is closed. */
  rpcSocketBacklogMax: 16 * 1024 * 1024,
  /** Gas of eth_call and eth_estimateGas. */
  rpcCallGasMax: 100_000_000n,
  /** Bytes that the trace of a block may hold: calls, and what they were given and returned. */
  traceSizeMax: 64 * 1024 * 1024,
  /** Bytes that jump tables and decoded pushes of known code may take. */
  programCacheSizeMax: 64 * 1024 * 1024,
  /** Memories of ended frames that are kept for the next. */
  spareMemoriesMax: 64,
  /** Milliseconds of execution after which a call is ended. */
  callMsMax: 5_000,
  /** Milliseconds for which execution keeps the process to itself. */
  executionSliceMs: 25,
  /** The CPU time for the candidates of a block is the block interval divided by this. */
  blockCpuDivisor: 2,
  /** How much more it is on development chains, whose blocks wait for one person. */
  devCpuFactor: 10,
  /** One candidate, and all heavy ones together, may have that time divided by this. */
  candidateCpuDivisor: 2,
  /** Gas limit above which a candidate is heavy. */
  lightCandidateGasMax: 200_000n,
  /** Calls longer than a slice that wait for their turn. */
  longCallsMax: 16,
  /** Raw transactions in the pool, in bytes. */
  poolSizeMax: 64 * 1024 * 1024,
  /** One raw transaction, in bytes. */
  poolTxSizeMax: 128 * 1024,
  /** Transactions one sender may have waiting. */
  poolSenderTxsMax: 1_024,
  /** How far above the next nonce a transaction may be. */
  poolNonceGapMax: 1_024,
  /** What a pool entry takes besides its raw transaction, in bytes. */
  poolEntryOverheadSize: 512,
  /** HTTP connections open at once. */
  rpcConnectionsMax: 1_024,
  /** Bytes of answers in one JSON-RPC batch. */
  rpcBatchResponseSizeMax: 64 * 1024 * 1024,
  /** Messages of one WebSocket being answered at once. */
  rpcSocketInFlightMax: 64,
  /** Hashes that a pending-transaction filter keeps for its owner. */
  rpcFilterHashesMax: 10_000,
  /** Blocks that one filter poll or fee history covers. */
  rpcBlocksPerCallMax: 1_024,
  /** Addresses or topics per position in one log filter. */
  rpcLogFilterItemsMax: 1_024,
  /** Milliseconds that eth_sendRawTransactionSync waits: by default, and at most. */
  rpcSyncWaitMs: 20_000,
  rpcSyncWaitMaxMs: 60_000,
  /** Storage slots in one eth_getProof. */
  rpcProofSlotsMax: 1_024,
  /** Blocks that one mining command of a development chain makes. */
  devMineBlocksMax: 100_000,
  /** Topics on the notice board, and notices and bytes under each. */
  noticeTopicsMax: 4_096,
  noticesPerTopicMax: 64,
  noticeSizeMax: 512,
  /** Transactions of one block whose tips make a suggestion. */
  feeSampleTxsMax: 1_024,
  /** Blocks that the node keeps at hand, and bytes of them. */
  blockViewsMax: 256,
  blockViewsSizeMax: 64 * 1024 * 1024,
  /** Previews of the next block whose state can still be asked about, and bytes of them. */
  pendingBlocksMax: 8,
  pendingBlocksSizeMax: 64 * 1024 * 1024,
  /** Snapshots that a development chain remembers. */
  devSnapshotsMax: 1_024,
  /** Blocks that automine makes so that one transaction is included. */
  automineBlocksMax: 16,
  /** Bytes of a file or an answer in which an oracle looks for the coin's price. */
  priceSourceSizeMax: 4_096,
  /** Trie nodes that the fast engine keeps in memory; each takes about 400 bytes. */
  stateNodesMax: 1_500_000,
  /** Bytes of contract code that the fast engine keeps in memory. */
  codeCacheSizeMax: 64 * 1024 * 1024,
  /** States whose roots the fast engine keeps at hand. */
  recentStatesMax: 8,
  /** Pieces of batches whose senders are being recovered, and what each may hold. */
  recoverySlots: 32,
  recoverySlotTxsMax: 4_096,
  recoverySlotSizeMax: 512 * 1024,
  /** Transactions that a thread takes at a time. */
  recoveryChunkTxsMin: 8,
  recoveryChunkTxsMax: 32,
  /** Transactions that are not worth another thread. */
  recoveryInlineTxsMax: 3,
  /** Recovery jobs begun and not finished, and their raw transactions in bytes. */
  recoveryJobsMax: 256,
  recoveryJobsSizeMax: 64 * 1024 * 1024,
  /** Single transactions that are recovered as one batch. */
  recoverySinglesMax: 1_024,
  /** Recovery threads replaced in the life of a process. */
  recoveryRestartsMax: 16,
  /** Milliseconds after which the owner of recovery threads looks for itself. */
  recoveryLookMs: 20,
  /** Senders remembered by the hash of their transaction. */
  senderCacheMax: 262_144,
  /** Latest time of a block, seconds since 1970: the contracts keep times in 40 bits. */
  timestampMax: 2n ** 40n - 1n,
} as const
