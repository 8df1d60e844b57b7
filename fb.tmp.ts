import { randomBytes } from 'node:crypto'
import { createFeeMarket1559Tx } from '@ethereumjs/tx'
import { bytesToHex } from '@ethereumjs/util'
import { keccak256 } from './chain/crypto/keccak.ts'
import { decodeSignature, privateKeyToAddress, sign } from './chain/crypto/secp256k1.ts'
import { withNativeCrypto } from './chain/evm/workspace.ts'
import { createTestChain } from './test/chain/evm/harness.ts'
import { common, smallGenesis } from './test/chain/fixtures/smallChain.ts'

const B = Number(process.argv[2] ?? 5000),
  ROUNDS = 4
const native = withNativeCrypto(common)
const keys = Array.from({ length: B }, () => randomBytes(32))
const addrs = keys.map((k) => privateKeyToAddress(k))
const g = smallGenesis()
const genesis = {
  ...g,
  gasLimit: 2_000_000_000n,
  accounts: [
    ...g.accounts,
    ...addrs.map((address) => ({
      address,
      balance: 10n ** 20n,
      nonce: 0n,
      code: '0x',
      storage: [],
    })),
  ],
} as any
const chain = await createTestChain({ genesis })
for (let r = 0; r < ROUNDS; r++) {
  const txs = keys.map((key, i) => {
    const tx = createFeeMarket1559Tx(
      {
        chainId: common.chainId(),
        nonce: BigInt(r),
        gasLimit: 21000n,
        maxFeePerGas: 10n ** 11n,
        maxPriorityFeePerGas: 1n,
        to: bytesToHex(randomBytes(20)),
        value: 1n,
      },
      { common: native, freeze: false },
    )
    const s = decodeSignature(sign(tx.getHashedMessageToSign(), key))
    const raw = tx.addSignature(BigInt(s.yParity), s.r, s.s).serialize()
    return { raw, hash: bytesToHex(keccak256(raw)), gas: 21000n, sender: addrs[i] }
  })
  const c0 = process.cpuUsage()
  const t = performance.now()
  const b = await chain.build(txs as any)
  const ms = performance.now() - t
  const c = process.cpuUsage(c0)
  console.log(
    B,
    'txs',
    ((ms * 1000) / B).toFixed(1),
    'us/tx wall',
    ((c.user + c.system) / B).toFixed(1),
    'us cpu',
    b.receipts.count,
    b.dropped.length,
    b.raw.length,
  )
}
