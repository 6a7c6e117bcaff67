public import Buses

/// A device on a scripted bus: what it answers to what is written to it.
public struct ScriptedDevice: Sendable {
  /// The bytes that the device sends, given what was written and how many are asked for.
  public let answer: @Sendable (_ written: [UInt8], _ count: Int) throws(I2CFailure) -> [UInt8]

  /// A device that does as a function says.
  public init(
    answer: @escaping @Sendable (_ written: [UInt8], _ count: Int) throws(I2CFailure) -> [UInt8]
  ) {
    self.answer = answer
  }

  /// A device that sends fixed bytes after what is written, and takes everything that is only
  /// written.
  ///
  /// Any other read fails with `noAcknowledgeOfData`.
  public init(answers: [[UInt8]: [UInt8]]) {
    self.init { written, count throws(I2CFailure) in
      if count == 0 { return [] }
      guard let bytes = answers[written], bytes.count == count else {
        throw I2CFailure(.noAcknowledgeOfData, detail: "nothing is scripted for \(written)")
      }
      return bytes
    }
  }
}
