import { buildModule } from '@nomicfoundation/hardhat-ignition/modules'

/**
 * The first contract once more, deployed declaratively:
 * `npx hardhat ignition deploy deploy/modules/counter.ts --network pocaLocal`.
 */
export default buildModule('Counter', (module) => {
  const counter = module.contract('Counter')
  module.call(counter, 'add', [3n])
  return { counter }
})
