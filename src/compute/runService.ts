import { PocaError } from '../../chain/primitives/errors.ts'

/**
 * Runs a service until the process is told to end, and sets its exit code: 0 after SIGINT or
 * SIGTERM, 1 when it could not start. What went wrong is one sentence on stderr.
 */
export async function runService(
  start: () => Promise<{ readonly stop: () => Promise<void> }>,
): Promise<void> {
  try {
    const service = await start()
    await new Promise<void>((resolve) => {
      process.once('SIGINT', resolve)
      process.once('SIGTERM', resolve)
    })
    await service.stop()
  } catch (error) {
    if (!(error instanceof PocaError)) throw error
    process.stderr.write(`${error.message} [${error.code}]\n`)
    process.exitCode = 1
  }
}
