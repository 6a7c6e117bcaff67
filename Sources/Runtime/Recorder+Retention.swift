import Board
import Evidence

extension Recorder {
  /// The least room in which a head is written, in bytes.
  private static let roomForHead = 128 << 10

  /// What a retention policy has to do now; nil where nothing, or where the log cannot tell.
  func plan(
    _ settings: RetentionSettings, acknowledged: UInt64, unixMilliseconds now: UInt64?
  ) -> RetentionPlan? {
    guard let log, current.standing == .signing else { return nil }
    do throws(LogFailure) {
      return try settings.plan(
        log.storage(), acknowledged: acknowledged, unixMilliseconds: now
      ) { seq throws(LogFailure) in try log.bundle(startingAt: seq) }
    } catch {
      noteReadFailure(error)
      return nil
    }
  }

  /// Removes the entries before one; a signed event has said so and is durable.
  func drop(before seq: UInt64) {
    guard let log, current.standing == .signing else { return }
    do throws(LogFailure) {
      try log.drop(before: seq)
    } catch {
      // What could not be removed takes room and is no danger.
      noteReadFailure(error)
    }
  }

  /// Whether there is room for a head; where there is not, the next one waits for it.
  var hasRoomForHead: Bool {
    guard let storage = try? log?.storage() else { return true }
    return storage.freeBytes >= Self.roomForHead
  }
}
