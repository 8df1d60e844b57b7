// A node with --audit-every executes some blocks on the reference engine as well, and stops when
// the two disagree. Here one of them has a precompile that the other does not have.
import { createAddressFromString } from '@ethereumjs/util'
import { expect, test } from 'vitest'
import { keepReceipts } from '../../../chain/codec/receipts.ts'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import { createAuditedEngine } from '../../../chain/evm/auditedEngine.ts'
import type { Candidate, Engine } from '../../../chain/evm/engine.ts'
import { EvmError } from '../../../chain/evm/errors.ts'
import { corruptNode } from '../../../chain/state/errors.ts'
import { proposerKey, signTx } from '../fixtures/smallChain.ts'
import { candidatesOf, createTestChain, proposer, type TestChain } from './harness.ts'

const oddity = '0x0000000000000000000000000000000000b0b0b0'
const callOddity = signTx({ nonce: 0n, to: oddity })
const quiet: readonly Candidate[] = []

/** A chain whose engine has the precompile; its second engine has not. */
function createOddChain(): Promise<TestChain> {
  return createTestChain({
    evmOpts: {
      customPrecompiles: [
        {
          address: createAddressFromString(oddity),
          function: () => ({ executionGasUsed: 1_000n, returnValue: new Uint8Array() }),
        },
      ],
    },
  })
}

function buildOn(engine: Engine, chain: TestChain, candidates: readonly Candidate[]) {
  return engine.build({
    parent: chain.parent(),
    timestamp: chain.parent().timestamp + 1n,
    proposer,
    sign: (hash) => sign(hash, proposerKey),
    candidates: () => candidatesOf(candidates),
  })
}

test('a block on which both engines agree passes', async () => {
  const odd = await createOddChain()
  const audited = createAuditedEngine(odd.engine, { by: odd.second, every: 1 })
  const built = await buildOn(audited, odd, quiet)
  const request = { parent: odd.parent(), proposer, raw: built.raw }
  expect((await audited.verify(request)).hash).toBe(built.hash)
})

test('a block on which they differ is not built', async () => {
  const odd = await createOddChain()
  const audited = createAuditedEngine(odd.engine, { by: odd.second, every: 1 })
  await expect(buildOn(audited, odd, [callOddity])).rejects.toMatchObject({
    facts: { code: 'EVM_ENGINES_DIFFER', height: 1n },
    message: expect.stringContaining('start it with --engine reference'),
  })
})

test('a block that only one of them takes for valid stops the node, whichever it is', async () => {
  const odd = await createOddChain()
  const { raw } = await buildOn(odd.engine, odd, [callOddity])
  const request = { parent: odd.parent(), proposer, raw }
  const differ = { facts: { code: 'EVM_ENGINES_DIFFER', height: 1n } }
  const taking = createAuditedEngine(odd.engine, { by: odd.second, every: 1 })
  await expect(taking.verify(request)).rejects.toMatchObject(differ)
  const refusing = createAuditedEngine(odd.second, { by: odd.engine, every: 1 })
  await expect(refusing.verify(request)).rejects.toMatchObject(differ)
})

test('a block that both refuse is refused', async () => {
  const odd = await createOddChain()
  const { raw } = await buildOn(odd.engine, odd, quiet)
  const audited = createAuditedEngine(odd.engine, { by: odd.second, every: 1 })
  const request = { parent: odd.parent(), proposer, raw: raw.subarray(1) }
  await expect(audited.verify(request)).rejects.toMatchObject({ code: 'EVM_MALFORMED_BLOCK' })
})

test('a second engine that cannot read its state agrees with no refusal', async () => {
  const odd = await createOddChain()
  const { raw } = await buildOn(odd.engine, odd, [callOddity])
  const verify = () => Promise.reject(corruptNode(7, 'it is gone'))
  const audited = createAuditedEngine(odd.second, { by: { ...odd.engine, verify }, every: 1 })
  await expect(audited.verify({ parent: odd.parent(), proposer, raw })).rejects.toMatchObject({
    code: 'STATE_CORRUPT',
  })
})

test('a block that is given up for its time is nobody else’s business', async () => {
  const odd = await createOddChain()
  const { raw } = await buildOn(odd.second, odd, quiet)
  const facts = { code: 'EVM_BLOCK_TOO_LONG', msMax: 1 } as const
  const verify = () => Promise.reject(new EvmError(facts, 'too long'))
  const audited = createAuditedEngine({ ...odd.engine, verify }, { by: odd.second, every: 1 })
  await expect(audited.verify({ parent: odd.parent(), proposer, raw })).rejects.toMatchObject({
    code: 'EVM_BLOCK_TOO_LONG',
  })
})

test('only heights that are multiples of N are audited', async () => {
  const odd = await createOddChain()
  const heights: bigint[] = []
  const by: Engine = {
    ...odd.second,
    verify(request) {
      heights.push(request.parent.height + 1n)
      return odd.second.verify(request)
    },
  }
  const audited = createAuditedEngine(odd.engine, { by, every: 3 })
  for (let height = 1; height <= 7; height++) odd.add(await buildOn(audited, odd, quiet))
  expect(heights).toEqual([3n, 6n])
})

test.each([
  ['verdict on the system transaction', { isDegraded: true }],
  ['state root', { stateRoot: `0x${'00'.repeat(32)}` as const }],
  ['list of receipts', { receipts: keepReceipts([]) }],
])('another %s stops the node', async (what, change) => {
  const odd = await createOddChain()
  const verify: Engine['verify'] = async (request) => ({
    ...(await odd.second.verify(request)),
    ...change,
  })
  const audited = createAuditedEngine(odd.engine, { by: { ...odd.second, verify }, every: 1 })
  await expect(buildOn(audited, odd, quiet)).rejects.toMatchObject({
    facts: { code: 'EVM_ENGINES_DIFFER', height: 1n, reason: `another ${what}` },
  })
})
