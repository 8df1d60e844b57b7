// The table of what gas costs is only worth something when its programs do what their names say:
// each has to go on until its gas is used up, and every precompile of the chain has to be there.
import { createBlock } from '@ethereumjs/block'
import { createEVM, getActivePrecompiles } from '@ethereumjs/evm'
import { Account, Address } from '@ethereumjs/util'
import { describe, expect, test } from 'vitest'
import { evmOptionsOf } from '../../chain/evm/workspace.ts'
import { code, forever } from '../../scripts/gasTable/bytecode.ts'
import { addressBytes, allCases, type Case, SELF } from '../../scripts/gasTable/cases.ts'
import { hostOf, markdownOf, plotOf, tableOf } from '../../scripts/gasTable/report.ts'
import { common } from '../../scripts/gasTable/transactionCases.ts'

const cases = allCases()
const programs = cases.filter((item) => item.program !== undefined)

/** Runs a program on accounts as its case wants them, without their storage. */
async function run(item: Case, gasLimit: bigint) {
  const evm = await createEVM({ common, ...evmOptionsOf() })
  const accounts = new Map(item.accounts)
  accounts.set(SELF, { ...accounts.get(SELF), code: item.program ?? new Uint8Array() })
  for (const [key, { balance = 0n, code: program }] of accounts) {
    const address = new Address(addressBytes(key))
    await evm.stateManager.putAccount(address, new Account(1n, balance))
    if (program !== undefined) await evm.stateManager.putCode(address, program)
  }
  const to = new Address(addressBytes(SELF))
  const data = item.data ?? new Uint8Array()
  const block = createBlock({ header: { baseFeePerGas: 1n } }, { common })
  return (await evm.runCall({ block, to, data, gasLimit })).execResult
}

describe('the programs', () => {
  test.each(programs.map((item) => [item.name, item] as const))(
    '%s: runs until its gas is used up',
    async (_, item) => {
      const result = await run(item, 200_000n)
      expect(result.exceptionError?.error).toBe('out of gas')
      expect(result.executionGasUsed).toBe(200_000n)
    },
  )

  test('have names of their own and fit into a contract', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
    for (const { program } of programs) expect(program?.length).toBeLessThanOrEqual(24_576)
  })

  test('hold every precompile of the chain', () => {
    for (const address of getActivePrecompiles(common).keys()) {
      const name = `0x${address.replace(/^0+/, '').padStart(2, '0')} `
      expect(cases.some((item) => item.name.startsWith(name))).toBe(true)
    }
  })
})

test.each(cases.filter(({ group }) => group === 'precompiles').map((item) => [item.name, item]))(
  '%s: the input passes all checks',
  async (_, item) => {
    const address = Number.parseInt(item.name, 16)
    const evm = await createEVM({ common, ...evmOptionsOf() })
    const precompile = evm.getPrecompile(`0x${address.toString(16).padStart(40, '0')}`)
    if (precompile === undefined) throw new Error(`there is no precompile ${address}`)
    const data = item.data ?? new Uint8Array()
    const result = await precompile({ data, gasLimit: 17_000_000n, common, _EVM: evm })
    expect(result.exceptionError).toBeUndefined()
    // Except of the identity of nothing, something comes out.
    expect(result.returnValue.length > 0 || data.length === 0).toBe(true)
  },
)

test('programs are written as their instructions', () => {
  expect(code('PUSH0', 1, 0x1234n, 'DUP16', 'SWAP1', 'LOG4', 'CLZ')).toEqual(
    new Uint8Array([0x5f, 0x60, 1, 0x61, 0x12, 0x34, 0x8f, 0x90, 0xa4, 0x1e]),
  )
  expect(() => code('NOTHING')).toThrow('no instruction')
  const looped = forever(code('PC', 'POP'), code(7), 10)
  expect(looped).toEqual(
    new Uint8Array([0x60, 7, 0x5b, 0x58, 0x50, 0x58, 0x50, 0x58, 0x50, 0x58, 0x50, 0x60, 2, 0x56]),
  )
})

test('the documents name what was measured and what follows', () => {
  const rows = [
    { name: 'EXP', group: 'arithmetic', usPerGas: { reference: 0.5 } },
    { name: '0x06 BN254 addition', group: 'precompiles', usPerGas: { reference: 0.2, stock: 2 } },
    { name: 'transfer', group: 'transactions', usPerGas: { reference: 0.005 } },
  ] as const
  const table = { host: hostOf(), targets: ['reference', 'stock'], rows } as const
  expect(tableOf(table)).toMatch(/EXP +0\.5 *$/m)
  const markdown = markdownOf(table)
  // Half a microsecond a gas: 15 s for 30 M gas, and 2 M gas in a second.
  expect(markdown).toMatch(/\| EXP \| arithmetic \| 0\.5 \| {2}\| 2 M \| 15 \|/)
  expect(markdown).toContain('takes 210 s')
  expect(plotOf(table)).toContain('>0x06 BN254 addition</text>')
})
