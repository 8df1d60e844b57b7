/** Words in the reason for a refusal, and the class that they mean; the first that fit decide. */
const classes: readonly (readonly [RegExp, string])[] = [
  [/blob transactions? (is|are) not accepted/i, 'blob'],
  [/only the proposer may end a block/i, 'endBlock'],
  [/leaves the proposer without coin/i, 'float'],
  [/correct nonce|nonce too (low|high)|wrong nonce/i, 'nonce'],
  [/enough funds|insufficient (funds|balance)/i, 'funds'],
  [/EIP-3607|not EOA/i, 'sender'],
  [/INTRINSIC_GAS_TOO_LOW|intrinsic gas|floor/i, 'intrinsicGas'],
  [/less than the block's baseFeePerGas|base fee/i, 'feeCap'],
  [/higher gas limit than the block|gas limit of the block/i, 'blockGas'],
]

/**
 * Why a transaction was refused, without the words. What cannot even be decoded is of one class:
 * engines notice its faults in different orders.
 */
export function refusalClass(reason: string): string {
  // Behind this the library says which transaction it was, with all its fields.
  const [words = ''] = reason.split(' (vm ')
  return classes.find(([pattern]) => pattern.test(words))?.[1] ?? 'malformed'
}
