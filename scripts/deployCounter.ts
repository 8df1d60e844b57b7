// Deploys contracts/examples/Counter.sol and counts to one. The README's first contract:
//   npx hardhat run scripts/deployCounter.ts --no-compile --network pocaLocal
import { network } from 'hardhat'

const { viem } = await network.create()
const counter = await viem.deployContract('Counter')
console.log(`Counter is at ${counter.address}`)

const hash = await counter.write.increment()
const client = await viem.getPublicClient()
const { blockNumber, gasUsed } = await client.waitForTransactionReceipt({ hash })
console.log(`increment() is in block ${blockNumber} and used ${gasUsed} gas`)
console.log(`count() is ${await counter.read.count()}`)
