import type { Hash, Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { NoticeBoard } from '../rpc/backend.ts'
import { NodeError } from './errors.ts'

/** A board in memory; when it is full the topic that was longest without a new notice goes. */
export function createNoticeBoard(): NoticeBoard {
  const topics = new Map<Hash, Set<Hex>>()
  return {
    post(topic, notice) {
      const size = (notice.length - 2) / 2
      const sizeMax = limits.noticeSizeMax
      if (size > sizeMax) {
        const text = `A notice of ${size} bytes is too big; at most ${sizeMax} are taken.`
        throw new NodeError({ code: 'NODE_NOTICE_TOO_BIG', size, sizeMax }, text)
      }
      const notices = topics.get(topic) ?? new Set()
      if (!notices.has(notice) && notices.size >= limits.noticesPerTopicMax) {
        const max = limits.noticesPerTopicMax
        const text = `The topic ${topic} already has ${max} notices.`
        throw new NodeError({ code: 'NODE_NOTICES_FULL', topic, max }, text)
      }
      notices.add(notice)
      topics.delete(topic)
      topics.set(topic, notices)
      const oldest = topics.keys().next().value
      if (topics.size > limits.noticeTopicsMax && oldest !== undefined) topics.delete(oldest)
    },
    read: (topic) => [...(topics.get(topic) ?? [])],
  }
}
