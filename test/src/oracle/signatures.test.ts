// Shows that only members' signatures of just this digest are counted, whatever else lies on the
// notice board, and how a quorum of them is put together.
import fc from 'fast-check'
import { concat, type Hex, keccak256, numberToHex, size } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { compactSignature, findSignatures, takeQuorum } from '../../../src/oracle/signatures.ts'

const accounts = [1, 2, 3, 4].map((n) => privateKeyToAccount(numberToHex(n, { size: 32 })))
const committee = {
  digest: keccak256('0x01'),
  members: accounts.slice(0, 3).map(({ address }) => address),
  quorum: 2,
}
const digest = keccak256('0x02')
const signed = (index: number, hash: Hex = digest) => {
  const account = accounts[index]
  if (!account) throw new Error(`there is no account ${index}`)
  return account.sign({ hash }).then(compactSignature)
}

describe('findSignatures', () => {
  it('finds members by their index', async () => {
    const notices = [await signed(2), await signed(0)]
    const found = await findSignatures(notices, digest, committee)
    expect(size(notices[0] ?? '0x')).toBe(64)
    expect([...found]).toEqual([
      [2, notices[0]],
      [0, notices[1]],
    ])
  })

  it('passes over strangers, other digests and repetitions', async () => {
    const own = await signed(1)
    const notices = [await signed(3), await signed(0, keccak256('0x03')), own, own]
    const found = await findSignatures(notices, digest, committee)
    expect([...found]).toEqual([[1, own]])
  })

  it('passes over any rubbish', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), async (bytes) => {
        const notice: Hex = `0x${Buffer.from(bytes).toString('hex')}`
        expect((await findSignatures([notice], digest, committee)).size).toBe(0)
      }),
    )
    const whole: Hex = `0x${'ff'.repeat(64)}`
    expect((await findSignatures([whole, '0x'], digest, committee)).size).toBe(0)
  })
})

describe('takeQuorum', () => {
  it('waits for enough signatures', async () => {
    expect(takeQuorum(new Map([[1, '0xaa']]), committee)).toBeUndefined()
  })

  it('takes just enough, the lowest members first', () => {
    const found = new Map<number, Hex>([
      [2, '0xcc'],
      [0, '0xaa'],
      [1, '0xbb'],
    ])
    expect(takeQuorum(found, committee)).toEqual({
      bitmap: 0b011,
      signatures: concat(['0xaa', '0xbb']),
    })
    found.delete(1)
    expect(takeQuorum(found, committee)).toEqual({
      bitmap: 0b101,
      signatures: concat(['0xaa', '0xcc']),
    })
  })
})
