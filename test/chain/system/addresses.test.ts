// Shows that both languages look for the system contracts at the same places.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { abis } from '../../../chain/system/abis.ts'
import { implementationOf, predeploys, taskEndings } from '../../../chain/system/addresses.ts'

const twin = readFileSync('contracts/libraries/Predeploys.sol', 'utf8')

describe('predeploys', () => {
  it('has the names and addresses of Predeploys.sol in the same order', () => {
    const constants = [...twin.matchAll(/address internal constant (\w+) = (0x[0-9a-fA-F]{40});/g)]
    expect(constants.length).toBeGreaterThan(20)
    expect(Object.entries(predeploys)).toEqual(
      constants.map(([, name = '', address = '']) => [camel(name), address.toLowerCase()]),
    )
  })

  it('has an ABI under the same name for what exists', () => {
    expect(Object.keys(predeploys)).toEqual(expect.arrayContaining(Object.keys(abis)))
  })
})

describe('implementationOf', () => {
  it('keeps the number and changes the prefix', () => {
    expect(implementationOf(predeploys.taskMarket)).toBe(
      '0x90cac0de00000000000000000000000000000009',
    )
  })
})

describe('taskEndings', () => {
  it('is where TaskMarket looks for its second piece', () => {
    const source = readFileSync('contracts/compute/TaskMarket.sol', 'utf8')
    expect(source).toMatch(new RegExp(`ENDINGS = ${taskEndings};`, 'i'))
  })
})

function camel(name: string): string {
  return name.toLowerCase().replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
}
