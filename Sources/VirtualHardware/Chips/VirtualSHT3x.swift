/// A model of the Sensirion SHT3x-DIS sensor of temperature and humidity, in single-shot mode.
///
/// Measurements take the longest time that the data sheet allows; meanwhile, and while it starts
/// up, the chip does not acknowledge its address. A result can be read once. A command that the
/// chip does not know is acknowledged and sets bit 1 of the status.
///
/// Not modelled: periodic mode and alert limits (their commands count as unknown), noise, and the
/// heater's effect. The bus cannot hold its clock, so commands with clock stretching act like
/// those without.
/// Source: data sheet SHT3x-DIS version 6, sections 2.2 (times), 4.3 to 4.12 (commands, status,
/// checksum, conversion); application note on the identification code, version 3.
public struct VirtualSHT3x: VirtualChip {
  /// What is wrong with it.
  public var fault: VirtualFault?

  private enum Answer: Sendable {
    case nothing
    case words([UInt16])
    case measurement(startedAt: Int64)
  }

  private let temperature: Signal
  private let humidity: Signal
  private let serialNumber: UInt32
  private var status: UInt16 = Self.powerOnStatus
  private var answer = Answer.nothing
  private var busyUntil = Int64.min

  /// An alert is pending and a reset was detected.
  private static let powerOnStatus: UInt16 = 0x8010
  private static let heaterBit: UInt16 = 0x2000
  private static let commandFailedBit: UInt16 = 0x0002
  /// Bits 15, 11, 10 and 4, those that can be cleared.
  private static let clearableBits: UInt16 = 0x8C10

  /// A chip that measures signals in degrees Celsius and %RH.
  public init(temperature: Signal, humidity: Signal, serialNumber: UInt32 = 0x0C41_7A2E) {
    self.temperature = temperature
    self.humidity = humidity
    self.serialNumber = serialNumber
  }

  /// Whether it is idle and all signals have a value.
  public func answers(at nanoseconds: Int64) -> Bool {
    nanoseconds >= busyUntil && temperature.value(at: nanoseconds) != nil
      && humidity.value(at: nanoseconds) != nil
  }

  /// Takes one 16-bit command.
  public mutating func write(_ bytes: [UInt8], at nanoseconds: Int64) -> Bool {
    guard answers(at: nanoseconds) else { return false }
    answer = .nothing
    guard bytes.count == 2 else {
      status |= Self.commandFailedBit
      return true
    }
    let command = UInt16(bytes[0]) << 8 | UInt16(bytes[1])
    let statusBefore = status
    status &= ~Self.commandFailedBit
    switch command {
    case 0x2400, 0x2C06: measure(nanoseconds, takes: 15_000_000)
    case 0x240B, 0x2C0D: measure(nanoseconds, takes: 6_000_000)
    case 0x2416, 0x2C10: measure(nanoseconds, takes: 4_000_000)
    case 0xF32D: answer = .words([statusBefore])
    case 0x3041: status &= ~Self.clearableBits
    case 0x306D: status |= Self.heaterBit
    case 0x3066: status &= ~Self.heaterBit
    // Ends periodic mode, which never runs here.
    case 0x3093: break
    case 0x30A2: restart(at: nanoseconds, takes: 1_500_000)
    case 0x3780, 0x3682:
      answer = .words([UInt16(serialNumber >> 16), UInt16(serialNumber & 0xFFFF)])
    default: status |= Self.commandFailedBit
    }
    return true
  }

  /// The words that the last command asked for; nil where there are none, or none yet.
  public mutating func read(_ count: Int, at nanoseconds: Int64) -> [UInt8]? {
    guard answers(at: nanoseconds) else { return nil }
    var bytes: [UInt8]
    switch answer {
    case .nothing: return nil
    case .words(let words): bytes = words.flatMap(SensirionWord.bytes)
    case .measurement(let start):
      guard fault != .neverReady, let celsius = temperature.value(at: start),
        let percent = humidity.value(at: start)
      else { return nil }
      bytes = [(celsius + 45) / 175, percent / 100].flatMap { part in
        SensirionWord.bytes(UInt16((min(max(part, 0), 1) * 65_535).rounded()))
      }
    }
    answer = .nothing
    if fault == .corruptsChecksum {
      for index in stride(from: 2, to: bytes.count, by: 3) { bytes[index] ^= 0xFF }
    }
    return bytes.count > count ? Array(bytes.prefix(count)) : bytes
  }

  /// Forgets everything and starts up, which takes 1 ms.
  public mutating func powerCycle(at nanoseconds: Int64) {
    restart(at: nanoseconds, takes: 1_000_000)
  }

  private mutating func measure(_ nanoseconds: Int64, takes duration: Int64) {
    answer = .measurement(startedAt: nanoseconds)
    busyUntil = nanoseconds + duration
  }

  private mutating func restart(at nanoseconds: Int64, takes duration: Int64) {
    status = Self.powerOnStatus
    answer = .nothing
    busyUntil = nanoseconds + duration
  }
}
