import { readFile } from 'node:fs/promises'
import type { PrivateKeyAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { PocaError } from '../../chain/primitives/errors.ts'
import type { Hex } from '../../chain/primitives/hex.ts'

/** What can be wrong with a key file. */
export type KeyFileErrorType =
  | { readonly code: 'KEY_FILE_UNREADABLE'; readonly path: string }
  | { readonly code: 'KEY_FILE_MALFORMED'; readonly path: string }

/** A key file that holds no key. */
export class KeyFileError extends PocaError<KeyFileErrorType> {}

/** The account of a key file: 32 bytes in hex, with or without 0x. */
export async function readKeyFile(path: string): Promise<PrivateKeyAccount> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    throw new KeyFileError(
      { code: 'KEY_FILE_UNREADABLE', path },
      `The key file ${path} cannot be read.`,
      { cause },
    )
  }
  const key: Hex = `0x${text.trim().replace(/^0x/, '')}`
  try {
    return privateKeyToAccount(key)
  } catch {
    // The cause would quote the key.
    throw new KeyFileError(
      { code: 'KEY_FILE_MALFORMED', path },
      `The key file ${path} must hold a private key: 64 hex digits.`,
    )
  }
}
