import { disputeStates, nameState, nameTaskState } from '../../client/states.ts'
import type { Remedies } from '../act.ts'
import { moment } from '../ui/times.ts'

/** What the court's and the market's refusals mean for who disputes. */
export const remedies: Remedies = {
  TaskMarketUnknownTask: ({ taskId }) => `There is no task ${taskId}; check --task.`,
  TaskMarketUnknownSlot: ({ taskId, slot }) =>
    `Task ${taskId} has no slot ${slot}; slots are counted from 0.`,
  TaskMarketWrongState: ({ taskId, actual }) =>
    `Task ${taskId} is ${nameTaskState(Number(actual))}; a result can be disputed in the ` +
    'challenge window only, after the oracles have reported and before it is paid.',
  TaskMarketPastDeadline: ({ taskId, deadline }) =>
    `The challenge window of task ${taskId} ended at ${moment(Number(deadline))}.`,
  DisputeCourtUnknownDispute: ({ disputeId }) =>
    `There is no dispute ${disputeId}; open one with: poca dispute open --task N --slot N`,
  DisputeCourtNotAttested: ({ taskId, slot }) =>
    `No oracle has reported on slot ${slot} of task ${taskId} yet; come back when they have.`,
  DisputeCourtRefusedSlot: ({ taskId, slot }) =>
    `The oracles refused slot ${slot} of task ${taskId}, so nothing of it has to be shown; ` +
    `whoever says that it is right opens: poca dispute open --task ${taskId} --slot ${slot}`,
  DisputeCourtAlreadyDisputed: ({ taskId, slot, disputeId }) =>
    `Slot ${slot} of task ${taskId} is disputed already; ` +
    `follow it with: poca dispute show ${disputeId}`,
  DisputeCourtNoSuchLeaf: ({ leafIndex, from, to }) =>
    `Leaf ${leafIndex} is not of this slot, which has ${from} to ${Number(to) - 1}.`,
  DisputeCourtWrongState: ({ disputeId, actual }) =>
    `Dispute ${disputeId} is ${nameState(disputeStates, Number(actual))}, which does not allow ` +
    `this; see: poca dispute show ${disputeId}`,
  DisputeCourtBeforeDeadline: ({ disputeId, deadline }) =>
    `Dispute ${disputeId} is open until ${moment(Number(deadline))}; come back after that.`,
  DisputeCourtPastDeadline: ({ disputeId, deadline }) =>
    `The time for this ended at ${moment(Number(deadline))}; ` +
    `what was decided is carried out with: poca dispute close ${disputeId}`,
}
