public import Buses

/// One exchange that a driver must make, and what the device answers.
public struct ScriptedExchange: Hashable, Sendable, CustomStringConvertible {
  /// How an exchange ends.
  public enum Outcome: Hashable, Sendable {
    /// The device takes everything written and sends these bytes.
    case bytes([UInt8])
    /// The exchange fails; `reading` is how many bytes the driver must have asked for.
    case failure(I2CFailure, reading: Int)
  }

  /// The device that must be addressed.
  public let address: I2CAddress
  /// The bytes that must be written.
  public let written: [UInt8]
  /// What then happens.
  public let outcome: Outcome
  /// Where the script says so.
  public let location: ScriptLocation

  /// An exchange in which `bytes` are written and nothing is read.
  public static func write(
    _ bytes: [UInt8], to address: I2CAddress, fileID: String = #fileID,
    filePath: String = #filePath, line: Int = #line, column: Int = #column
  ) -> ScriptedExchange {
    ScriptedExchange(
      address: address, written: bytes, outcome: .bytes([]),
      location: ScriptLocation(fileID: fileID, filePath: filePath, line: line, column: column))
  }

  /// An exchange in which `bytes` are read after `written` was written.
  public static func read(
    _ bytes: [UInt8], after written: [UInt8] = [], from address: I2CAddress,
    fileID: String = #fileID, filePath: String = #filePath, line: Int = #line,
    column: Int = #column
  ) -> ScriptedExchange {
    ScriptedExchange(
      address: address, written: written, outcome: .bytes(bytes),
      location: ScriptLocation(fileID: fileID, filePath: filePath, line: line, column: column))
  }

  /// An exchange that fails when `written` is written and `reading` bytes are to be read.
  public static func failure(
    _ kind: I2CFailure.Kind, writing written: [UInt8] = [], reading: Int = 0,
    at address: I2CAddress, fileID: String = #fileID, filePath: String = #filePath,
    line: Int = #line, column: Int = #column
  ) -> ScriptedExchange {
    ScriptedExchange(
      address: address, written: written, outcome: .failure(I2CFailure(kind), reading: reading),
      location: ScriptLocation(fileID: fileID, filePath: filePath, line: line, column: column))
  }

  /// How many bytes the driver must ask for.
  public var readCount: Int {
    switch outcome {
    case .bytes(let bytes): bytes.count
    case .failure(_, let reading): reading
    }
  }

  /// The exchange on one line, for example `0x76 write f7, read 8`.
  public var description: String {
    Self.lines(address, written, readCount).joined(separator: ", ")
  }

  static func lines(_ address: I2CAddress, _ written: [UInt8], _ readCount: Int) -> [String] {
    let bytes = written.map { byte in
      let digits = String(byte, radix: 16)
      return digits.count < 2 ? "0" + digits : digits
    }
    return [
      "device \(address)", "write \(bytes.isEmpty ? "nothing" : bytes.joined(separator: " "))",
      "read \(readCount)",
    ]
  }
}
