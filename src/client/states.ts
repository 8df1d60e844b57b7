/** `ITaskBook.TaskState`; all from `completed` on are terminal. */
export const taskStates = {
  none: 0,
  open: 1,
  assigned: 2,
  running: 3,
  revealing: 4,
  attesting: 5,
  challenge: 6,
  disputed: 7,
  completed: 8,
  cancelled: 9,
  aborted: 10,
  late: 11,
  rejected: 12,
  expired: 13,
} as const

/** `ITaskBook.SlotState`. */
export const slotStates = {
  empty: 0,
  offered: 1,
  accepted: 2,
  committed: 3,
  revealed: 4,
  attested: 5,
  refused: 6,
  repair: 7,
  faulted: 8,
  settled: 9,
} as const

/** `IDisputeCourt.DisputeKind`. */
export const disputeKinds = { none: 0, reexecute: 1, chunkMissing: 2 } as const

/** `IDisputeCourt.DisputeState`. */
export const disputeStates = { none: 0, voting: 1, appealable: 2, asked: 3, closed: 4 } as const

/** `ILeaseMarket.LeaseState`; all from `closed` on are terminal. */
export const leaseStates = {
  none: 0,
  offered: 1,
  lapsed: 2,
  running: 3,
  reclaiming: 4,
  reclaimable: 5,
  overdrawn: 6,
  expired: 7,
  closed: 8,
  cancelled: 9,
  aborted: 10,
} as const

/** `INodeRegistry.NodeState`. */
export const nodeStates = { none: 0, challenged: 1, committed: 2, proved: 3, retired: 4 } as const

/** `Verdict` of IOracleHub. */
export const verdicts = {
  none: 0,
  valid: 1,
  invalid: 2,
  late: 3,
  aborted: 4,
  unavailable: 5,
} as const

/** Whether a task in that state has ended. */
export function isTerminal(state: number): boolean {
  return state >= taskStates.completed
}

/** Name of a task's state, for people. */
export function nameTaskState(state: number): string {
  return nameState(taskStates, state)
}

/** Name of a state out of a table of states, for people. */
export function nameState(states: Readonly<Record<string, number>>, state: number): string {
  return Object.entries(states).find(([, value]) => value === state)?.[0] ?? String(state)
}
