/** Words in the reason for a refusal, and the class that they mean; the first that fit decide. */
const classes: readonly (readonly [RegExp, string])[] = [
  [/only the proposer may end a block/, 'endBlock'],
  [/leaves the proposer without coin/, 'float'],
  [/correct nonce|wrong nonce/, 'nonce'],
  [/enough funds|sender cannot pay/, 'funds'],
  [/EIP-3607|sender is a contract/, 'sender'],
  [/INTRINSIC_GAS_TOO_LOW|below the intrinsic gas/, 'intrinsicGas'],
  [/less than the block's baseFeePerGas|below the base fee/, 'feeCap'],
  [/higher gas limit than the block|above what the block has left/, 'blockGas'],
]

/**
 * Why a transaction was refused, without the words. What cannot be decoded is one class, blobs too:
 * engines notice its faults in different orders.
 */
export function refusalClass(reason: string): string {
  // Behind this the library says which transaction it was, with all its fields.
  const [words = ''] = reason.split(' (vm ')
  return classes.find(([pattern]) => pattern.test(words))?.[1] ?? 'malformed'
}
