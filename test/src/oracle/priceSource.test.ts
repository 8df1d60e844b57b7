// Shows what an oracle takes as a price of the coin, from text, from a real file and from a real
// server on this machine, and that it refuses all else with the code that says why.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filePrice, fixedPrice, priceSourceAt, urlPrice } from '../../../src/oracle/priceSource.ts'

const signal = new AbortController().signal
const noon = Date.parse('2026-06-01T12:00:00Z')
const now = () => noon
const quote = (usd: unknown, observedAt = '2026-06-01T12:00:00Z') =>
  JSON.stringify({ usd, observedAt })

describe('fixedPrice', () => {
  it('reads dollars to a millionth of a millionth', async () => {
    expect(await fixedPrice('0.25').read(signal)).toBe(250_000_000_000n)
    expect(await fixedPrice('12.000000000001').read(signal)).toBe(12_000_000_000_001n)
  })

  it('takes the bounds of the chain and nothing past them', async () => {
    expect(await fixedPrice('0.000000001').read(signal)).toBe(1_000n)
    expect(await fixedPrice('1000000').read(signal)).toBe(10n ** 18n)
    for (const usd of ['0.000000000999', '1000000.000000000001', '0']) {
      expect(() => fixedPrice(usd), usd).toThrow(
        expect.objectContaining({ code: 'PRICE_SOURCE_OUT_OF_BOUNDS' }),
      )
    }
  })

  it.each(['', '-1', '1e3', '.5', '1,5', '0x1', 'NaN', '0.0000000000001', ' 1'])(
    'refuses "%s"',
    (usd) => {
      expect(() => fixedPrice(usd)).toThrow(
        expect.objectContaining({ code: 'PRICE_SOURCE_MALFORMED' }),
      )
    },
  )
})

describe('filePrice', () => {
  let folder: string
  let path: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'poca-price-'))
    path = join(folder, 'price.json')
  })
  afterAll(() => rm(folder, { recursive: true }))

  const codeOf = async (text: string) => {
    await writeFile(path, text)
    return filePrice(path, now)
      .read(signal)
      .then(String)
      .catch((error: { code: string }) => error.code)
  }

  it('reads what another program wrote, again each time', async () => {
    expect(await codeOf(quote('0.25'))).toBe('250000000000')
    expect(await codeOf(quote('0.5'))).toBe('500000000000')
  })

  it('takes a price for ten minutes, either way, and no second longer', async () => {
    expect(await codeOf(quote('1', '2026-06-01T11:50:00Z'))).toBe('1000000000000')
    expect(await codeOf(quote('1', '2026-06-01T11:49:59Z'))).toBe('PRICE_SOURCE_OLD')
    expect(await codeOf(quote('1', '2026-06-01T14:10:00+02:00'))).toBe('1000000000000')
    expect(await codeOf(quote('1', '2026-06-01T12:10:01Z'))).toBe('PRICE_SOURCE_OLD')
  })

  it('refuses what is no price, and what is too long for one', async () => {
    for (const text of ['', '{', 'null', '{"usd":"1"}', quote(1), quote('1', 'today')]) {
      expect(await codeOf(text), text).toBe('PRICE_SOURCE_MALFORMED')
    }
    expect(await codeOf(quote('0'))).toBe('PRICE_SOURCE_OUT_OF_BOUNDS')
    expect(await codeOf(quote('1').padEnd(4_096))).toBe('1000000000000')
    expect(await codeOf(quote('1').padEnd(4_097))).toBe('PRICE_SOURCE_TOO_LARGE')
  })

  it('says when there is no file', async () => {
    const missing = join(folder, 'missing.json')
    await expect(filePrice(missing, now).read(signal)).rejects.toMatchObject({
      facts: { code: 'PRICE_SOURCE_UNREADABLE', source: missing },
    })
  })
})

describe('urlPrice', () => {
  let server: Server
  let origin: string
  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/moved') response.writeHead(302, { location: '/price' }).end()
      else if (request.url === '/gone') response.writeHead(404).end(quote('1'))
      else if (request.url === '/endless') {
        const timer = setInterval(() => response.write(' '.repeat(1_024)), 1)
        response.on('close', () => clearInterval(timer))
      } else if (request.url !== '/silent') response.end(quote('0.25'))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    if (typeof address !== 'object' || !address) throw new Error('the server has no port')
    origin = `http://127.0.0.1:${address.port}`
  })
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })

  it('reads a price', async () => {
    expect(await urlPrice(`${origin}/price`, now).read(signal)).toBe(250_000_000_000n)
  })

  it('names itself without what may be secret', () => {
    expect(urlPrice('https://me:word@prices.example/coin?key=word').name).toBe(
      'https://prices.example/coin',
    )
  })

  it.each([
    ['/moved', 'PRICE_SOURCE_UNREADABLE'],
    ['/gone', 'PRICE_SOURCE_UNREADABLE'],
    ['/endless', 'PRICE_SOURCE_TOO_LARGE'],
  ])('refuses %s', async (path, code) => {
    await expect(urlPrice(origin + path, now).read(signal)).rejects.toMatchObject({ code })
  })

  it('stops waiting when it is told to', async () => {
    const stop = new AbortController()
    const reading = urlPrice(`${origin}/silent`, now).read(stop.signal)
    stop.abort()
    await expect(reading).rejects.toMatchObject({ code: 'PRICE_SOURCE_UNREADABLE' })
  })

  it.each(['http://prices.example', 'ftp://localhost/price', 'http://127.0.0.1.prices.example'])(
    'refuses the address %s',
    (address) => {
      expect(() => priceSourceAt(address)).toThrow(
        expect.objectContaining({ code: 'PRICE_SOURCE_ADDRESS' }),
      )
    },
  )
})
