public import Buses

/// A chip that answers as one did when its exchanges were recorded.
///
/// What was written, and how many bytes are read, choose the answers; where the recording has
/// several, they come in their order, and then from the first again. A chip that is asked something
/// that was never recorded does not acknowledge.
public struct PlayedChip: VirtualChip {
  /// What is wrong with it.
  public var fault: VirtualFault?

  private struct Question: Hashable {
    let written: [UInt8]
    let count: Int
  }

  private let answers: [Question: [[UInt8]?]]
  private let writes: Set<[UInt8]>
  private var turns: [Question: Int] = [:]
  private var written: [UInt8] = []

  /// A chip that plays exchanges with one device.
  public init(_ exchanges: [BusExchange]) {
    var answers: [Question: [[UInt8]?]] = [:]
    for exchange in exchanges {
      let question = Question(written: exchange.written, count: exchange.readCount)
      if case .bytes(let bytes) = exchange.outcome {
        answers[question, default: []].append(bytes)
      } else {
        answers[question, default: []].append(nil)
      }
    }
    self.answers = answers
    writes = Set(exchanges.map(\.written))
  }

  /// Always: nothing moves it.
  public func answers(at nanoseconds: Int64) -> Bool { true }

  /// Takes what was written in the recording, whether it was read after it or not.
  public mutating func write(_ bytes: [UInt8], at nanoseconds: Int64) -> Bool {
    guard writes.contains(bytes) else { return false }
    written = bytes
    let alone = Question(written: bytes, count: 0)
    guard let recorded = answers[alone] else { return true }
    return next(alone, recorded) != nil
  }

  /// The recorded answer to what was written last.
  public mutating func read(_ count: Int, at nanoseconds: Int64) -> [UInt8]? {
    let question = Question(written: written, count: count)
    written = []
    // A plain read may come some time after a command.
    let plain = Question(written: [], count: count)
    let asked = answers[question] == nil ? plain : question
    guard let recorded = answers[asked], var bytes = next(asked, recorded) else { return nil }
    if fault == .corruptsChecksum, let last = bytes.indices.last { bytes[last] ^= 0xFF }
    return bytes
  }

  /// Begins with the first answers again.
  public mutating func powerCycle(at nanoseconds: Int64) {
    turns = [:]
    written = []
  }

  private mutating func next(_ question: Question, _ recorded: [[UInt8]?]) -> [UInt8]? {
    let turn = turns[question, default: 0]
    turns[question] = (turn + 1) % recorded.count
    return recorded[turn]
  }
}
