/** `ITaskMarket.TaskState`; all from `completed` on are terminal. */
export const taskStates = {
  none: 0,
  open: 1,
  running: 2,
  revealing: 3,
  attesting: 4,
  challenge: 5,
  completed: 6,
  cancelled: 7,
  aborted: 8,
  late: 9,
  rejected: 10,
  expired: 11,
} as const

/** `ITaskMarket.SlotState`. */
export const slotStates = {
  empty: 0,
  accepted: 1,
  committed: 2,
  revealed: 3,
  attested: 4,
  faulted: 5,
  settled: 6,
} as const

/** `INodeRegistry.NodeState`. */
export const nodeStates = { none: 0, challenged: 1, answered: 2, proved: 3, retired: 4 } as const

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
  return Object.entries(taskStates).find(([, value]) => value === state)?.[0] ?? String(state)
}
