// tmp
import { describe, it } from 'node:test'
import { readEndBlockLogs } from '../../../chain/system/endBlockLogs.ts'
import { pocaSim } from '../support/pocaSim.ts'

describe('gas', () => {
  it('measure', async () => {
    const sim = await pocaSim()
    for (let i = 0; i < 5; i += 1) {
      const r = await sim.endBlock()
      const cost = r.gasUsed * r.effectiveGasPrice
      const logs = readEndBlockLogs(r.logs.map((l: any) => l) as never) as any
      console.log(r.gasUsed, r.effectiveGasPrice, JSON.stringify(logs, (_, v) => typeof v === 'bigint' ? v.toString() : v), cost)
    }
  })
})
