import { devOnly, type MethodTable, method } from '../dispatch.ts'
import type { Services } from '../services.ts'
import { createBlockMethods } from './blocks.ts'
import { createChainMethods } from './chain.ts'
import { createDebugMethods } from './debug.ts'
import { createDevelopmentMethods } from './development.ts'
import { createFilterMethods } from './filters.ts'
import { createPocaMethods } from './poca.ts'
import { createSigningMethods } from './signing.ts'
import { createStateMethods } from './state.ts'
import { createTransactionMethods } from './transactions.ts'
import { createTxpoolMethods } from './txpool.ts'

/**
 * Every method that the node answers. Those for developers are there on development chains only.
 */
export function createMethods(services: Services): MethodTable {
  const { dev } = services.backend
  const table: MethodTable = {
    ...createChainMethods(services),
    ...createBlockMethods(services),
    ...createStateMethods(services),
    ...createTransactionMethods(services),
    ...createFilterMethods(services),
    ...createTxpoolMethods(services),
    ...createDebugMethods(services),
    ...createPocaMethods(services),
    ...(dev === undefined
      ? { eth_accounts: method([], () => []) }
      : devOnly({
          ...createSigningMethods(services, dev),
          ...createDevelopmentMethods(services, dev),
        })),
  }
  const namespaces = Object.keys(table).map((name) => name.split('_', 1)[0] ?? '')
  const modules = Object.fromEntries(namespaces.map((namespace) => [namespace, '1.0']))
  return { ...table, rpc_modules: method([], () => modules) }
}
