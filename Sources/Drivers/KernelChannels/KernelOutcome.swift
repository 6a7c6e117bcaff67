import Buses

/// Why one channel of a kernel's device has no value; the number stands in the raw bytes.
enum KernelChannelFault: UInt8, CaseIterable, Hashable, Sendable {
  case noSuchAttribute = 0x10
  case noData = 0x11
  case noAnswer = 0x12
  case busy = 0x13
  case timeout = 0x14
  case other = 0x15
  case faultFlag = 0x16
  case notANumber = 0x17
  case ambiguous = 0x18

  init(_ kind: KernelDeviceFailure.Kind) {
    self =
      switch kind {
      case .noSuchAttribute: .noSuchAttribute
      case .noData: .noData
      case .noAnswer: .noAnswer
      case .busy: .busy
      case .timeout: .timeout
      case .ambiguous: .ambiguous
      case .noSuchDevice, .deviceGone, .unsupported, .other: .other
      }
  }

  var cause: String {
    switch self {
    case .noSuchAttribute: "the kernel's driver has no such channel or label"
    case .noData: "the kernel's driver has no data, as for a channel that is switched off"
    case .noAnswer: "the chip does not answer the kernel's driver"
    case .busy: "the kernel's device is busy"
    case .timeout: "the kernel's driver waited for the chip in vain"
    case .other: "the kernel's driver failed to read the chip"
    case .faultFlag: "the kernel's driver reports a fault of the sensing part"
    case .notANumber: "the kernel's text is no number of at most nine decimals"
    case .ambiguous: "several channels have the label"
    }
  }
}

/// What the kernel said of one channel, in billionths of the kernel's unit.
enum KernelOutcome: Hashable, Sendable {
  /// The value, or a raw number that needs its offset and scale.
  case value(Int128, offset: Int128 = 0, scale: Int128 = 1_000_000_000)
  /// No value.
  case fault(KernelChannelFault)

  /// The status byte before a value.
  private static let valueStatus: UInt8 = 1

  /// How many bytes an outcome has.
  static func byteCount(isScaled: Bool) -> Int { isScaled ? 49 : 17 }

  /// The status and the value, where `isScaled` with offset and scale, most significant byte first.
  func bytes(isScaled: Bool) -> [UInt8] {
    var bytes: [UInt8]
    switch self {
    case .value(let value, let offset, let scale):
      bytes = [Self.valueStatus]
      for number in isScaled ? [value, offset, scale] : [value] { bytes.append(bigEndian: number) }
    case .fault(let fault):
      bytes = [UInt8](repeating: 0, count: Self.byteCount(isScaled: isScaled))
      bytes[0] = fault.rawValue
    }
    return bytes
  }

  /// Reads what `bytes` wrote; the number of bytes must be right.
  init(_ bytes: [UInt8], isScaled: Bool) throws(DriverFailure) {
    if bytes[0] == Self.valueStatus {
      self =
        isScaled
        ? .value(bytes.int128(at: 1), offset: bytes.int128(at: 17), scale: bytes.int128(at: 33))
        : .value(bytes.int128(at: 1))
      return
    }
    guard let fault = KernelChannelFault(rawValue: bytes[0]) else {
      throw .malformed("unknown status \(bytes[0].hexadecimal)")
    }
    guard bytes.dropFirst().allSatisfy({ $0 == 0 }) else {
      throw .malformed("status \(bytes[0].hexadecimal) has a value")
    }
    self = .fault(fault)
  }
}

extension [UInt8] {
  /// The sixteen bytes at `index` as a number in two's complement, the most significant first.
  fileprivate func int128(at index: Int) -> Int128 {
    Int128(truncatingIfNeeded: self[index..<(index + 16)].reduce(0) { $0 << 8 | UInt128($1) })
  }
}
