import { devAccounts, devMnemonic, devRoles } from '../../../chain/params/devAccounts.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { short } from '../ui/amounts.ts'
import type { DevChain } from './devChain.ts'

/** What a development chain says of itself when it is ready. */
export function banner(
  { node, server }: DevChain,
  options: {
    readonly dataDir: string
    readonly blockTime: number
    readonly accounts: boolean
    readonly fresh: boolean
  },
): string {
  const { url } = server
  const kept = node.chain.head().height > 0n ? `block ${node.chain.head().height}` : 'new'
  const blocks =
    options.blockTime === 0
      ? 'on each transaction'
      : `on each transaction + every ${options.blockTime} s`
  const rows: readonly (readonly [string, string])[] = [
    ['RPC', `${url}          ${url.replace('http', 'ws')}`],
    [
      'Chain id',
      `${node.chainId} (0x${node.chainId.toString(16)})                 currency HPC, 18 decimals`,
    ],
    ['Genesis', short(node.genesisHash)],
    ['Blocks', `${blocks}        final in the same block`],
    ['State', `${options.dataDir}  (${kept}; kept, --fresh starts anew)`],
    ...accountRows(options.accounts),
    ['Mnemonic', devMnemonic],
    ['Contracts', contracts()],
  ]
  return [
    '',
    `  POCA dev chain                                        ${packageJson.version} · node ${process.versions.node}`,
    ...rows.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    '  WARNING    these keys are public. Never fund them on another network.',
    '',
  ].join('\n')
}

function accountRows(all: boolean): readonly (readonly [string, string])[] {
  const rows = devAccounts().map(({ address, privateKey }, index) => {
    const role = index === devRoles.signer ? '  signs blocks' : ''
    const value = all
      ? `${address}  ${privateKey}${role}`
      : `${address}  10,000 HPC   key ${short(privateKey)}`
    return [index === 0 ? 'Accounts' : '', `(${index}) ${value}`] as const
  })
  if (all) return rows
  return [
    ...rows.slice(0, 1),
    ['', `… ${rows.length - 1} more: --accounts shows all with their keys`],
  ]
}

function contracts(): string {
  const named = [
    ['Hub', predeploys.systemHub],
    ['Reserve', predeploys.emissionReserve],
    ['Market', predeploys.taskMarket],
    ['Params', predeploys.protocolParams],
    ['Governor', predeploys.pocaGovernor],
    ['Supply', predeploys.supplyMeter],
  ] as const
  return named.map(([name, address]) => `${name} ${short(address)}`).join(' · ')
}
