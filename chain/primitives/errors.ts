/** The least every error's facts contain: a code that tests and `docs/errors.md` know. */
export type ErrorFacts = { readonly code: string }

/**
 * Base of every error about something outside our control. Carries a code and its facts; the
 * message is one sentence that says what happened and what to do.
 */
export class PocaError<T extends ErrorFacts = ErrorFacts> extends Error {
  readonly facts: T

  constructor(facts: T, message: string, options?: { readonly cause?: unknown }) {
    super(message, options)
    this.name = new.target.name
    this.facts = facts
  }

  get code(): T['code'] {
    return this.facts.code
  }
}
