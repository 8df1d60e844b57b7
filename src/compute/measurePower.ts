import { digitPixels } from './digitsData.ts'
import { multiplyInt8, packColumns } from './matrix.ts'

const sampleMs = 200
const sampleRows = 16
const sampleColumns = 2_048

/** How fast this machine multiplies exactly, in million multiply-adds per second of one core. */
export function measurePower(): bigint {
  const rows = fillMatrix(sampleRows)
  const matrix = packColumns(fillMatrix(sampleColumns), digitPixels)
  // The first product is compiled, the later ones are measured.
  multiplyInt8(rows, matrix)
  const start = performance.now()
  let products = 0
  let elapsedMs = 0
  while (elapsedMs < sampleMs) {
    multiplyInt8(rows, matrix)
    products++
    elapsedMs = performance.now() - start
  }
  const multiplyAdds = products * sampleRows * sampleColumns * digitPixels
  return BigInt(Math.max(1, Math.floor(multiplyAdds / (elapsedMs * 1_000))))
}

function fillMatrix(count: number): Int8Array {
  return Int8Array.from({ length: count * digitPixels }, (_, i) => (i * 31) % 127)
}
