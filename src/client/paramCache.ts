import { getParam } from './actions/getParam.ts'
import type { PocaClient } from './transactions.ts'

/** Governed parameters that are asked for again now and then only. */
export type ParamCache = {
  /** The value as it stood at most `refreshBlocks` before `height`. */
  read(key: string, height: bigint): Promise<bigint>
  /** Asks the chain again at the next reading. */
  forget(): void
}

/** Blocks after which a parameter is asked for again: a vote takes far longer. */
export const paramRefreshBlocks = 256n

/** Remembers governed parameters for some blocks. */
export function createParamCache(
  client: PocaClient,
  refreshBlocks: bigint = paramRefreshBlocks,
): ParamCache {
  const known = new Map<string, { readonly value: bigint; readonly height: bigint }>()
  return {
    async read(key, height) {
      const found = known.get(key)
      // Below what is known: the chain was taken back.
      if (found && found.height <= height && height < found.height + refreshBlocks) {
        return found.value
      }
      const value = await getParam(client, { key })
      known.set(key, { value, height })
      return value
    },
    forget: () => known.clear(),
  }
}
