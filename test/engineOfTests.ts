/** The engine that the tests use: POCA_ENGINE=reference runs them all on the other one. */
export const engineOfTests: 'fast' | 'reference' =
  process.env.POCA_ENGINE === 'reference' ? 'reference' : 'fast'
