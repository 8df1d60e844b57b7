import { readAsciiKey } from '../../../chain/system/asciiKey.ts'
import { leaseStates, nameState } from '../../client/states.ts'
import type { Remedies } from '../act.ts'
import { coin } from '../ui/amounts.ts'

/** What the lease market's refusals mean for who leases. */
export const remedies: Remedies = {
  LeaseMarketUnknownLease: ({ leaseId }) =>
    `There is no lease ${leaseId}; offer one with: poca lease create --rate COIN`,
  LeaseMarketWrongState: ({ leaseId, actual }) =>
    `Lease ${leaseId} is ${nameState(leaseStates, Number(actual))}, which does not allow this; ` +
    `see: poca lease show ${leaseId}`,
  LeaseMarketNotClient: ({ leaseId }) =>
    `Lease ${leaseId} is another client's; name that one's key with --key-file.`,
  LeaseMarketNotWorker: ({ leaseId }) =>
    `Lease ${leaseId} is offered to another worker; name that one's key with --key-file.`,
  LeaseMarketMayNotClose: ({ leaseId, state }) =>
    `Lease ${leaseId} is ${nameState(leaseStates, Number(state))}: only its client may end it ` +
    "now, with that one's --key-file.",
  LeaseMarketSpecOutOfBounds: ({ field, value, min, max }) => {
    const name = readAsciiKey(field as `0x${string}`) // a bytes32 of the contract
    if (name === 'deposit') {
      return (
        `The deposit of ${coin(BigInt(String(value)))} does not pay for the minimum term; ` +
        `give --deposit ${coin(BigInt(String(min)), '').trim()} or more.`
      )
    }
    return `${name} is ${value} and must be from ${min} to ${max}.`
  },
  LeaseMarketRateTooHigh: ({ rate, max }) =>
    `A second costs ${coin(BigInt(String(rate)))} now and --rate allows ` +
    `${coin(BigInt(String(max)))}; raise it or lower --units.`,
  LeaseMarketPowerTooLow: ({ power, wanted }) =>
    `The account has proved a power of ${power} and the lease asks for ${wanted}; ` +
    'prove it by running: poca worker',
  LeaseMarketNotEligible: ({ worker }) =>
    `The account ${worker} is no eligible worker now; run poca worker until its power is proved.`,
  PriceBookStale: () =>
    'The oracles have posted no price of the coin lately, so nothing is priced in dollars; ' +
    'leave --units out, or on a development chain start it with: poca dev --oracles',
  PriceBookSourcesDisagree: () =>
    'The oracles disagree about the price of the coin; leave --units out or come back later.',
}
