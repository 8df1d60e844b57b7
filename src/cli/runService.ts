/** Runs a service until the process is told to end by SIGINT or SIGTERM. */
export async function runService(
  start: () => Promise<{ readonly stop: () => Promise<void> }>,
): Promise<void> {
  const service = await start()
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve)
    process.once('SIGTERM', resolve)
  })
  await service.stop()
}
