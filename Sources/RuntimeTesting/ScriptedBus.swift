public import Buses

/// One opening of a scripted I2C bus.
public struct ScriptedBus: I2CBus, Sendable {
  private let name: String
  private let hardware: ScriptedHardware

  init(name: String, hardware: ScriptedHardware) {
    self.name = name
    self.hardware = hardware
  }

  /// Makes the exchange that the script says.
  public mutating func transfer(
    to address: I2CAddress, writing bytes: Span<UInt8>, reading buffer: inout MutableSpan<UInt8>
  ) throws(I2CFailure) {
    let written = bytes.indices.map { bytes[$0] }
    let answer = try hardware.answer(
      on: name, to: address, written: written, count: buffer.count)
    for (index, byte) in answer.prefix(buffer.count).enumerated() { buffer[index] = byte }
  }
}
