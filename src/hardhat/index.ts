/** What `poca-chain/hardhat` offers: the chain's genesis and block end on Hardhat's own network. */
export { parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
export { type EndBlockOptions, endBlock, inputAfter } from './endBlock.ts'
export { loadGenesis, proposerAt, type RPCProvider } from './loadGenesis.ts'
