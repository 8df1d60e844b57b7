import { z } from 'zod'
import type { ChainSpec } from '../../params/chainSpec.ts'
import { devAddresses } from '../../params/devAccounts.ts'
import { smart, tesra } from '../../params/specs.ts'
import type { Address } from '../../primitives/hex.ts'
import { GenesisError } from './genesisErrors.ts'

const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address')
  .transform((value) => value.toLowerCase() as Address) // matched above

const keys = {
  genesisTime: z.iso.datetime().transform((text) => BigInt(Date.parse(text)) / 1_000n),
  signers: z.array(address).min(1).max(127),
  oracles: z.array(address).min(1),
  autoMineNode: address,
}

const deployment = z.discriminatedUnion('spec', [
  z.strictObject({ spec: z.literal('smart'), ...keys }),
  z.strictObject({
    spec: z.literal('tesra'),
    ...keys,
    beneficiaries: z.strictObject({
      foundationCommunity: address,
      foundation: address,
      team: address,
    }),
  }),
])

/**
 * The spec of a network from the file in which its founders name themselves.
 *
 * @throws GenesisError `GENESIS_DEPLOYMENT_MALFORMED`, or `GENESIS_DEV_KEY` when an account is one
 *   whose key everybody knows and `allowDevKeys` is not set.
 */
export function parseDeployment(
  json: unknown,
  options: { readonly allowDevKeys: boolean },
): ChainSpec {
  const result = deployment.safeParse(json)
  if (!result.success) {
    const issues = result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
    throw new GenesisError(
      { code: 'GENESIS_DEPLOYMENT_MALFORMED', issues },
      `The deployment file is malformed: ${issues.slice(0, 3).join('; ')}.`,
    )
  }
  const { data } = result
  const paid = data.spec === 'tesra' ? Object.values(data.beneficiaries) : []
  const named = [...data.signers, ...data.oracles, data.autoMineNode, ...paid]
  if (!options.allowDevKeys) named.forEach(requireOwnKey)
  return data.spec === 'smart' ? smart(pick(data)) : tesra(pick(data), data.beneficiaries)
}

function pick({ genesisTime, signers, oracles, autoMineNode }: z.output<typeof deployment>) {
  return { genesisTime, signers, oracles, autoMineNode }
}

function requireOwnKey(account: Address): void {
  const known: readonly Address[] = devAddresses
  if (!known.includes(account)) return
  throw new GenesisError(
    { code: 'GENESIS_DEV_KEY', address: account },
    `The key of ${account} is public; name an account of your own.`,
  )
}
