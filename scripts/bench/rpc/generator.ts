// Sends a file of signed transactions to a JSON-RPC server and watches its blocks until they hold
// them. Runs in a process of its own, so that what it costs is not on the server's account.
//
//   node scripts/bench/rpc/generator.ts '{ ...GeneratorJob }'
//
// Writes lines of JSON: { "event": "begin" }, { "event": "admitted" }, { "event": "end", "result" }.
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { keccak256 } from '../../../chain/crypto/keccak.ts'
import { quantilesOf } from '../quantiles.ts'
import { readItems } from '../txFile.ts'
import type { GeneratorJob, GeneratorResult } from './generatorJob.ts'
import { createRpcClient } from './rpcClient.ts'

const POLL_MS = 20
/** Blocks that may go by without one of ours before the rest counts as lost. */
const BARREN_BLOCKS_MAX = 3

/** A part of the file, and what has become of it. */
type Part = {
  /** Place of each transaction, by its hash. */
  readonly places: ReadonlyMap<string, number>
  readonly bodies: readonly Buffer[]
  /** When each was due to be sent and was seen in a block; 0 until then. */
  readonly dueAt: Float64Array
  readonly seenAt: Float64Array
  readonly counts: {
    accepted: number
    refused: number
    included: number
    blocks: number
    gas: number
    firstRefusal?: string
  }
}

const job: GeneratorJob = JSON.parse(process.argv[2] ?? '{}')
const raws = readItems(job.txsPath)
const sender = createRpcClient(job.url, job.connections)
const watcher = createRpcClient(job.url)
let height = 0n

await run()
sender.close()
watcher.close()

async function run(): Promise<void> {
  const warmup = partOf(raws.slice(0, job.warmupCount))
  const part = partOf(raws.slice(job.warmupCount, job.warmupCount + job.count))
  height = BigInt(String(await watcher.call('eth_blockNumber')))
  if (warmup.places.size > 0) await play(warmup, () => undefined)

  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  const cpuBefore = process.cpuUsage()
  say({ event: 'begin' })
  const begin = performance.now()
  let admitted = begin
  await play(part, () => {
    admitted = performance.now()
    say({ event: 'admitted' })
  })
  delay.disable()
  const { user, system } = process.cpuUsage(cpuBefore)
  const { dueAt, seenAt, counts } = part
  const latencies = [...seenAt].flatMap((at, index) => (at > 0 ? [at - (dueAt[index] ?? 0)] : []))
  const isLive = job.mining === 'interval' && latencies.length > 0
  const result: GeneratorResult = {
    ...counts,
    sent: part.places.size,
    admissionSeconds: (admitted - begin) / 1_000,
    seconds: (seenAt.reduce((last, at) => Math.max(last, at), admitted) - begin) / 1_000,
    ...(isLive ? { latencyMs: quantilesOf(latencies) } : {}),
    cpuUs: user + system,
    loopDelayP99Ms: delay.percentile(99) / 1e6,
  }
  say({ event: 'end', result })
}

function partOf(items: readonly Uint8Array[]): Part {
  return {
    places: new Map(items.map((raw, index) => [`0x${hexOf(keccak256(raw))}`, index])),
    bodies: bodiesOf(items, job.batch),
    dueAt: new Float64Array(items.length),
    seenAt: new Float64Array(items.length),
    counts: { accepted: 0, refused: 0, included: 0, blocks: 0, gas: 0 },
  }
}

/** Sends a part and waits until it is in blocks. */
async function play(part: Part, onAdmitted: () => void): Promise<void> {
  let isSending = true
  const watching = job.mining === 'interval' ? watch(part, () => isSending) : Promise.resolve()
  await sendAll(part)
  isSending = false
  onAdmitted()
  if (job.mining === 'manual') await mineAll(part)
  await watching
}

/** Sends every body: as fast as answers come, or each at its time whatever comes back. */
async function sendAll(part: Part): Promise<void> {
  const { bodies } = part
  const { perSecond } = job
  const begin = performance.now()
  if (perSecond === undefined) {
    let next = 0
    const lanes = Array.from({ length: job.connections }, async () => {
      for (let at = next++; at < bodies.length; at = next++) {
        await sendBody(part, at, performance.now())
      }
    })
    await Promise.all(lanes)
    return
  }
  const open: Promise<void>[] = []
  for (let at = 0; at < bodies.length; at++) {
    const due = begin + (at * job.batch * 1_000) / perSecond
    const wait = due - performance.now()
    if (wait > 0) await setTimeout(wait)
    open.push(sendBody(part, at, due))
  }
  await Promise.all(open)
}

async function sendBody({ bodies, dueAt, counts }: Part, at: number, due: number): Promise<void> {
  const first = at * job.batch
  dueAt.fill(due, first, first + job.batch)
  const body = bodies[at]
  if (body === undefined) return
  const answer: unknown = JSON.parse(await sender.post(body))
  for (const one of Array.isArray(answer) ? answer : [answer]) {
    if (one.error === undefined) counts.accepted++
    else {
      counts.refused++
      counts.firstRefusal ??= String(one.error.message)
    }
  }
}

/** Looks for new blocks until all that was accepted is in one, or no more comes. */
async function watch(part: Part, isSending: () => boolean): Promise<void> {
  const { counts } = part
  let barren = 0
  const started = performance.now()
  while (isSending() || counts.included < counts.accepted) {
    const before = counts.included
    const isNew = await look(part)
    if (isNew) barren = counts.included > before || isSending() ? 0 : barren + 1
    if (barren >= BARREN_BLOCKS_MAX) return
    if ((performance.now() - started) / 1_000 > job.secondsMax) return
    await setTimeout(POLL_MS)
  }
}

/** Asks for blocks until all that was accepted is in one, or no more comes. */
async function mineAll(part: Part): Promise<void> {
  const { counts } = part
  let barren = 0
  const started = performance.now()
  while (counts.included < counts.accepted && barren < BARREN_BLOCKS_MAX) {
    const before = counts.included
    await watcher.call('evm_mine')
    await look(part)
    barren = counts.included > before ? 0 : barren + 1
    if ((performance.now() - started) / 1_000 > job.secondsMax) return
  }
}

/** Reads the blocks that are new; false when there are none. */
async function look(part: Part): Promise<boolean> {
  const head = BigInt(String(await watcher.call('eth_blockNumber')))
  const isNew = head > height
  for (; height < head; height += 1n) await readBlock(part, height + 1n)
  return isNew
}

type BlockAnswer = { readonly transactions: readonly string[]; readonly gasUsed: string }

async function readBlock({ places, seenAt, counts }: Part, number: bigint): Promise<void> {
  const params = [`0x${number.toString(16)}`, false]
  // Every server answers with these two fields, as the specification of JSON-RPC says.
  const block = (await watcher.call('eth_getBlockByNumber', params)) as BlockAnswer
  const now = performance.now()
  let own = 0
  for (const hash of block.transactions) {
    const index = places.get(hash)
    if (index === undefined) continue
    seenAt[index] = now
    own++
  }
  counts.included += own
  if (own === 0) return
  counts.blocks++
  counts.gas += Number(block.gasUsed)
}

function bodiesOf(items: readonly Uint8Array[], batch: number): readonly Buffer[] {
  const calls = items.map(
    (raw, id) =>
      `{"jsonrpc":"2.0","id":${id},"method":"eth_sendRawTransaction","params":["0x${hexOf(raw)}"]}`,
  )
  if (batch === 1) return calls.map((call) => Buffer.from(call))
  return Array.from({ length: Math.ceil(calls.length / batch) }, (_, at) =>
    Buffer.from(`[${calls.slice(at * batch, (at + 1) * batch).join(',')}]`),
  )
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}
