/** Thrown when something that must never happen did: a bug of ours, not a fault of input. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** States a fact that only a bug could make false. `sentence` says the fact. */
export function assert(condition: unknown, sentence: string): asserts condition {
  if (!condition) throw new AssertionError(sentence)
}
