/// A model of the Texas Instruments INA226 monitor of voltage, current and power.
///
/// Conversions take the longest time that the data sheet allows. A result is made of the mean of
/// the signals at up to 16 instants of the conversion; where a signal has no value at one of them,
/// there is no result. The power register has no sign.
///
/// Not modelled: the alert pin with its functions and flag, high-speed mode, and noise.
/// Source: SBOS547 sections 6.5 (conversion times), 7.4 (modes), 7.5 (calculations) and 7.6
/// (registers).
public struct VirtualINA226: VirtualChip {
  /// What is wrong with it.
  public var fault: VirtualFault?

  private let voltage: Signal
  private let current: Signal
  private let shuntOhm: Double

  private var pointer: UInt8 = 0
  private var configuration: UInt16 = Self.powerOnConfiguration
  private var calibration: UInt16 = 0
  private var alertSettings: UInt16 = 0
  private var alertLimit: UInt16 = 0
  private var shuntCode: Int16 = 0
  private var busCode: Int16 = 0
  private var currentCode: Int16 = 0
  private var powerCode: UInt16 = 0
  private var isReady = false
  private var hasOverflowed = false
  private var convertingFrom: Int64?

  private static let powerOnConfiguration: UInt16 = 0x4127
  private static let readyFlag: UInt16 = 0x0008
  private static let overflowFlag: UInt16 = 0x0004

  /// A chip that measures a bus voltage in volt and, across a shunt, a current in ampere.
  ///
  /// It was powered when the signals began. Nil unless the shunt's resistance is positive.
  public init?(voltage: Signal, current: Signal, shuntOhm: Double) {
    guard shuntOhm > 0, shuntOhm.isFinite else { return nil }
    self.voltage = voltage
    self.current = current
    self.shuntOhm = shuntOhm
    convertingFrom = voltage.originNanoseconds
  }

  /// Whether all signals have a value.
  public func answers(at nanoseconds: Int64) -> Bool {
    voltage.value(at: nanoseconds) != nil && current.value(at: nanoseconds) != nil
  }

  /// Takes a register's number, and its two bytes where they follow.
  public mutating func write(_ bytes: [UInt8], at nanoseconds: Int64) -> Bool {
    advance(to: nanoseconds)
    guard let number = bytes.first else { return true }
    pointer = number
    guard bytes.count >= 3 else { return true }
    let value = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
    switch number {
    case 0x00: configure(value, at: nanoseconds)
    case 0x05: calibration = value & 0x7FFF
    case 0x06: alertSettings = value & 0xFC03
    case 0x07: alertLimit = value
    default: break
    }
    return true
  }

  /// The register whose number was written last; it is two bytes long.
  public mutating func read(_ count: Int, at nanoseconds: Int64) -> [UInt8]? {
    advance(to: nanoseconds)
    let value = register(pointer)
    if pointer == 0x06 { isReady = false }
    return [UInt8(value >> 8), UInt8(value & 0xFF)]
  }

  /// Brings every register to its power-on value; conversions go on.
  public mutating func powerCycle(at nanoseconds: Int64) {
    pointer = 0
    reset(at: nanoseconds)
  }

  private func register(_ number: UInt8) -> UInt16 {
    switch number {
    case 0x00: configuration
    case 0x01: UInt16(bitPattern: shuntCode)
    case 0x02: UInt16(bitPattern: busCode)
    case 0x03: powerCode
    case 0x04: UInt16(bitPattern: currentCode)
    case 0x05: calibration
    case 0x06:
      alertSettings | (isReady ? Self.readyFlag : 0) | (hasOverflowed ? Self.overflowFlag : 0)
    case 0x07: alertLimit
    case 0xFE: 0x5449
    case 0xFF: 0x2260
    default: 0
    }
  }

  private mutating func configure(_ value: UInt16, at nanoseconds: Int64) {
    guard value & 0x8000 == 0 else { return reset(at: nanoseconds) }
    // Bits 14 to 12 cannot be written; they read 100.
    configuration = 0x4000 | value & 0x0FFF
    let isPowerDown = value & 3 == 0
    if !isPowerDown { isReady = false }
    convertingFrom = isPowerDown ? nil : nanoseconds
  }

  private mutating func reset(at nanoseconds: Int64) {
    configuration = Self.powerOnConfiguration
    calibration = 0
    alertSettings = 0
    alertLimit = 0
    shuntCode = 0
    busCode = 0
    currentCode = 0
    powerCode = 0
    isReady = false
    hasOverflowed = false
    convertingFrom = nanoseconds
  }

  private mutating func advance(to nanoseconds: Int64) {
    guard fault != .neverReady, let start = convertingFrom else { return }
    let duration = conversionNanoseconds
    let ended = (nanoseconds - start) / duration
    guard ended > 0 else { return }
    let isContinuous = configuration & 4 != 0
    // Of several conversions that nobody saw, the last one is in the registers.
    let last = isContinuous ? start + (ended - 1) * duration : start
    convertingFrom = isContinuous ? last + duration : nil
    store(from: last, lasting: duration)
  }

  private mutating func store(from start: Int64, lasting duration: Int64) {
    let count = min(samples, 16)
    var volt = 0.0
    var ampere = 0.0
    for index in 0..<count {
      let instant = start + duration / count * index
      guard let first = voltage.value(at: instant), let second = current.value(at: instant) else {
        return
      }
      volt += first / Double(count)
      ampere += second / Double(count)
    }
    if configuration & 1 != 0 {
      shuntCode = Self.code(ampere * shuntOhm / 2.5e-6, within: -32_768...32_767)
      // Equation 3: the product overflows the register where calibration is set too high.
      let product = Int(shuntCode) * Int(calibration) / 2048
      currentCode = Int16(truncatingIfNeeded: product)
      hasOverflowed = Int16(exactly: product) == nil
    }
    if configuration & 2 != 0 {
      busCode = Self.code(volt / 1.25e-3, within: 0...32_767)
      powerCode = UInt16(Int(currentCode.magnitude) * Int(busCode) / 20_000)
    }
    isReady = true
  }

  private static func code(_ value: Double, within range: ClosedRange<Double>) -> Int16 {
    Int16(min(max(value.rounded(), range.lowerBound), range.upperBound))
  }

  private var samples: Int64 {
    [1, 4, 16, 64, 128, 256, 512, 1024][Int(configuration >> 9 & 7)]
  }

  /// The longest time of all samples of a conversion.
  private var conversionNanoseconds: Int64 {
    func longest(_ setting: UInt16) -> Int64 {
      [154_000, 224_000, 365_000, 646_000, 1_210_000, 2_328_000, 4_572_000, 9_068_000][
        Int(setting & 7)]
    }
    let shunt = configuration & 1 == 0 ? 0 : longest(configuration >> 3)
    let bus = configuration & 2 == 0 ? 0 : longest(configuration >> 6)
    return (shunt + bus) * samples
  }
}
