import type { SenderRecovery } from '../../codec/recovery/senderRecovery.ts'
import type { ByteTable } from '../../codec/table.ts'
import type { PreparedBlock } from '../engine.ts'
import { scanRawBlock } from '../rawBlock.ts'

/**
 * Finds the transactions of a block and begins to recover their senders, beside what runs now.
 * @throws EvmError `EVM_MALFORMED_BLOCK`
 */
export function prepareBlock(
  recovery: SenderRecovery,
  raw: Uint8Array,
): NonNullable<PreparedBlock> {
  const scanned = scanRawBlock(raw)
  const senders = recovery.begin(batchOf(scanned.transactions), { mayBeKnown: true })
  // Whoever verifies the block waits for it; a block that nobody verifies may fail in silence.
  senders.catch(() => undefined)
  return { scanned, senders }
}

/** The transactions one behind another, as recovery takes them. */
function batchOf({ bytes, spans }: ByteTable) {
  const count = spans.length >> 1
  const offsets = new Int32Array(count + 1)
  let size = 0
  for (let i = 0; i < count; i++) {
    size += (spans[2 * i + 1] ?? 0) - (spans[2 * i] ?? 0)
    offsets[i + 1] = size
  }
  const out = new Uint8Array(size)
  for (let i = 0; i < count; i++) {
    out.set(bytes.subarray(spans[2 * i], spans[2 * i + 1]), offsets[i])
  }
  return { bytes: out, offsets }
}
