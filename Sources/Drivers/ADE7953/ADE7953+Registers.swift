import Configuration

extension ADE7953 {
  /// Registers, by their addresses of two bytes; how many bytes one has follows from its address
  /// (tables 13 to 15).
  enum Register: UInt16, CustomStringConvertible {
    case gainVoltage = 0x007
    case gainA = 0x008
    case gainB = 0x009
    case unlock = 0x0FE
    case configuration = 0x102
    case powerFactorA = 0x10A
    case powerFactorB = 0x10B
    case period = 0x10E
    case optimum = 0x120
    case threshold = 0x203
    case apparentA = 0x210
    case apparentB = 0x211
    case activeA = 0x212
    case activeB = 0x213
    case reactiveA = 0x214
    case reactiveB = 0x215
    case currentA = 0x21A
    case currentB = 0x21B
    case voltage = 0x21C
    case energyA = 0x21E
    case energyB = 0x21F
    case flags = 0x22D
    case flagsA = 0x22E
    case flagsB = 0x231
    case version = 0x702

    /// The amplifications of the voltage and of both currents.
    static let gains: [Register] = [.gainVoltage, .gainA, .gainB]
    /// What one measurement has.
    static let results: [Register] = [
      .flagsA, .flagsB, .period, .voltage, .currentA, .activeA, .reactiveA, .apparentA,
      .powerFactorA, .energyA, .currentB, .activeB, .reactiveB, .apparentB, .powerFactorB, .energyB,
    ]

    /// How many bytes it has.
    var count: Int { self == .version ? 1 : Int(rawValue >> 8) + 1 }

    /// Its address, the high byte first.
    var bytes: [UInt8] { [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)] }

    /// Whether reading clears it (table 17, RSTREAD; table 15).
    var isClearedByReading: Bool {
      [.flagsA, .flagsB, .energyA, .energyB].contains(self)
    }

    /// Its address and what it holds.
    var description: String {
      let meaning =
        switch self {
        case .flagsA: "flags A"
        case .flagsB: "flags B"
        case .period: "period"
        case .voltage: "voltage"
        case .currentA: "current A"
        case .currentB: "current B"
        case .activeA: "active power A"
        case .activeB: "active power B"
        case .reactiveA: "reactive power A"
        case .reactiveB: "reactive power B"
        case .apparentA: "apparent power A"
        case .apparentB: "apparent power B"
        case .powerFactorA: "power factor A"
        case .powerFactorB: "power factor B"
        case .energyA: "active energy A"
        case .energyB: "active energy B"
        default: "setting"
        }
      return "register \(rawValue.hexadecimal), \(meaning)"
    }
  }

  /// Bits of the flags (tables 23 and 25).
  enum Flags {
    static let energyOverflow: UInt64 = 1 << 3
    static let noCrossing: UInt64 = 1 << 14
    static let reset: UInt64 = 1 << 20
  }

  /// The options as the registers and the formulas want them.
  struct Settings: Hashable, Sendable {
    /// Thousandths of codes in a volt.
    let perVolt: Int128
    /// Thousandths of codes in an ampere, for both currents.
    let perAmpere: [Int128]
    /// The codes of the three amplifications.
    let gains: [UInt8]

    /// The scales that make sense, in billionths: 1 to 10^8 codes.
    static let scales: ClosedRange<Int128> = 1_000_000_000...100_000_000_000_000_000
    /// Amplifications, by code (page 19); the voltage has not the last.
    static let gainWords = ["1", "2", "4", "8", "16", "22"]

    init(_ options: OptionValues) throws(OptionConflict) {
      perVolt = try Self.scale("codes-per-volt", options)
      let first = try Self.scale("codes-per-ampere", options)
      let second = options.number("codes-per-ampere-b")?.roundedQuotient(by: 1_000_000)
      perAmpere = [first, second ?? first]
      var gains: [UInt8] = []
      for name in ["gain-voltage", "gain-a", "gain-b"] {
        gains.append(UInt8(try options.code(name, among: Self.gainWords)))
      }
      self.gains = gains
    }

    private static func scale(
      _ name: String, _ options: OptionValues
    ) throws(OptionConflict) -> Int128 {
      guard let number = options.number(name) else {
        throw OptionConflict(
          option: name, "'\(name)' has no value", remedy: "write '\(name)' with a value")
      }
      return number.roundedQuotient(by: 1_000_000)
    }
  }
}
