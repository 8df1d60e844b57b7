import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { invalidParams } from './errors.ts'

/** Reads a JSON value or throws `RPC_INVALID_PARAMS`; `name` is for the message. */
export type Parser<T> = (value: unknown, name: string) => T

/** A JSON object whose members are still unread. */
export type JsonObject = Readonly<Record<string, unknown>>

/* SCALARS */

/** A quantity, `0x` and no leading zeros, of at most `bits` bits. */
export function quantity(bits = 256): Parser<bigint> {
  return (value, name) => {
    const text = readHexText(value, name)
    if (text.length === 2) throw invalidParams(`${name}: hex number "0x"`)
    if (text.length > 3 && text[2] === '0') {
      throw invalidParams(`${name}: hex number with leading zero digits`)
    }
    if (text.length > 2 + bits / 4) throw invalidParams(`${name}: larger than ${bits} bits`)
    return BigInt(text)
  }
}

/** A quantity that may also come as a JSON number, as development tools send it. */
export function looseQuantity(max = Number.MAX_SAFE_INTEGER): Parser<bigint> {
  return (value, name) => {
    const isNumber = typeof value === 'number'
    if (isNumber && !(Number.isSafeInteger(value) && value >= 0)) {
      throw invalidParams(`${name}: not a whole number`)
    }
    const parsed = isNumber ? BigInt(value) : quantity(256)(value, name)
    if (parsed > BigInt(max)) throw invalidParams(`${name}: at most ${max}`)
    return parsed
  }
}

/** As `looseQuantity`, for counts and times. */
export function count(max: number): Parser<number> {
  return (value, name) => Number(looseQuantity(max)(value, name))
}

/** Bytes as hex, an even number of digits, at most `sizeMax`. */
export function bytes(sizeMax = Number.MAX_SAFE_INTEGER): Parser<Hex> {
  return (value, name) => {
    const text = readHexText(value, name)
    if (text.length % 2 !== 0) throw invalidParams(`${name}: hex string of odd length`)
    if (text.length / 2 - 1 > sizeMax) throw invalidParams(`${name}: at most ${sizeMax} bytes`)
    return text
  }
}

/** 20 bytes, any case. */
export const address: Parser<Address> = (value, name) => readFixed(value, name, 20)

/** 32 bytes. */
export const hash: Parser<Hash> = (value, name) => readFixed(value, name, 32)

/** A storage slot: up to 32 bytes, padded on the left. */
export const slot: Parser<Hash> = (value, name) => {
  const text = readHexText(value, name)
  if (text.length > 66) throw invalidParams(`${name}: longer than 32 bytes`)
  if (text.length === 2) throw invalidParams(`${name}: hex number "0x"`)
  return `0x${text.slice(2).padStart(64, '0')}`
}

/** true or false. */
export const boolean: Parser<boolean> = (value, name) => {
  if (typeof value !== 'boolean') throw invalidParams(`${name}: not a boolean`)
  return value
}

/** Any text. */
export const text: Parser<string> = (value, name) => {
  if (typeof value !== 'string') throw invalidParams(`${name}: not a string`)
  return value
}

/* COMPOSED */

/** Missing or null becomes undefined. */
export function optional<T>(parser: Parser<T>): Parser<T | undefined> {
  return (value, name) => (value === undefined || value === null ? undefined : parser(value, name))
}

/** A list of at most `max`. */
export function list<T>(parser: Parser<T>, max: number): Parser<readonly T[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw invalidParams(`${name}: not an array`)
    if (value.length > max) throw invalidParams(`${name}: more than ${max} items`)
    return value.map((item, index) => parser(item, `${name}[${index}]`))
  }
}

/** An object; arrays are none. */
export const object: Parser<JsonObject> = (value, name) => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalidParams(`${name}: not an object`)
  }
  // A non-null, non-array object out of JSON.parse has string keys.
  return value as JsonObject
}

/** A map with keys and values of their own form. */
export function record<K extends string, V>(
  key: Parser<K>,
  parser: Parser<V>,
): Parser<Readonly<Record<K, V>>> {
  return (value, name) => {
    const entries = Object.entries(object(value, name)).map(
      ([member, item]) => [key(member, name), parser(item, `${name}.${member}`)] as const,
    )
    // Object.fromEntries forgets the type of its keys, which `key` has just read.
    return Object.fromEntries(entries) as Record<K, V>
  }
}

function readHexText(value: unknown, name: string): Hex {
  if (typeof value !== 'string') throw invalidParams(`${name}: not a hex string`)
  if (!/^0x[0-9a-fA-F]*$/.test(value)) {
    throw invalidParams(
      value.startsWith('0x') ? `${name}: invalid hex digits` : `${name}: hex string without 0x`,
    )
  }
  // The pattern above is the definition of Hex.
  return value.toLowerCase() as Hex
}

function readFixed(value: unknown, name: string, size: number): Hex {
  const hex = readHexText(value, name)
  if (hex.length !== 2 + 2 * size) {
    throw invalidParams(`${name}: want ${size} bytes, have ${(hex.length - 2) / 2}`)
  }
  return hex
}
