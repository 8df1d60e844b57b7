const WIDTH = 24
/** Milliseconds before anything is shown: short work needs no bar. */
const QUIET_MS = 2_000
const REDRAW_MS = 200

/** A line on stderr that fills as work is done. */
export type Progress = {
  /** Says how much is done by now. */
  to(done: number): void
  /** Ends the line. */
  end(): void
}

/** Shows how far `title` has come out of `total`; on a terminal in place, elsewhere by quarters. */
export function createProgress(title: string, total: number): Progress {
  const started = performance.now()
  const isTerminal = process.stderr.isTTY === true
  let drawnAt = started
  let quarter = 0
  let isShown = false
  const draw = (done: number): void => {
    const share = Math.min(1, total === 0 ? 1 : done / total)
    const filled = Math.round(WIDTH * share)
    const bar = `${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)}`
    const seconds = ((performance.now() - started) / 1_000).toFixed(0)
    const line = `${bar} ${Math.floor(share * 100)} % ${title} (${done} of ${total}, ${seconds} s)`
    process.stderr.write(isTerminal ? `\r${line}\u001b[K` : `${line}\n`)
    isShown = true
  }
  return {
    to(done) {
      const now = performance.now()
      if (now - started < QUIET_MS) return
      const reached = Math.floor((4 * done) / Math.max(total, 1))
      if (isTerminal ? now - drawnAt < REDRAW_MS : reached <= quarter) return
      drawnAt = now
      quarter = reached
      draw(done)
    },
    end() {
      if (!isShown) return
      if (isTerminal) process.stderr.write('\r\u001b[K')
    },
  }
}
