import Buses
import Drivers

/// A device of the kernel with texts for its attributes, which can fail as a test says.
struct KernelDeviceDouble: KernelDevice {
  var texts: [String: String]
  var failures: [String: KernelDeviceFailure] = [:]
  var isGone = false
  /// The attributes that were asked for, in their order.
  private(set) var asked: [String] = []

  init(_ texts: [String: String]) {
    self.texts = texts
  }

  mutating func attributes() throws(KernelDeviceFailure) -> [String] {
    if isGone { throw KernelDeviceFailure(.deviceGone) }
    return Array(texts.keys)
  }

  mutating func attribute(_ name: String) throws(KernelDeviceFailure) -> String {
    asked.append(name)
    if isGone { throw KernelDeviceFailure(.deviceGone) }
    if let failure = failures[name] { throw failure }
    guard let text = texts[name] else {
      throw KernelDeviceFailure(.noSuchAttribute, detail: name)
    }
    return text
  }
}

/// Sixteen bytes of a number, most significant first.
func sixteen(_ number: Int128) -> [UInt8] {
  (0..<16).map { UInt8(truncatingIfNeeded: number >> (120 - 8 * $0)) }
}

/// One measurement of a device, through bytes.
func measured(
  _ sensor: inout some KernelSensor, _ device: inout KernelDeviceDouble
) throws -> Measurement {
  let raw = try sensor.fetch(from: &device)
  return try sensor.decode(raw)
}
