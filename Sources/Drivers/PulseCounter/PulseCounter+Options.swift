import Buses
import Configuration
import Quantities

extension PulseCounter {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "pulse-counter", revision: 1,
    summary: "Pulses of a meter: S0 output, flashing diode, reed contact",
    datasheet: "IEC 62053-31 (S0 pulse output)",
    attachment: .line,
    options: [
      OptionSpecification(
        "per-pulse", .quantity(.energy, 1...EnergyPerPulse.largest), .optional,
        help: "Energy that one pulse stands for; with it there are energy and power"),
      OptionSpecification(
        "debounce", .quantity(.duration, 0...10_000_000_000), .standard("0 s"),
        help: "Edges that come sooner after the last accepted edge are ignored"),
      OptionSpecification(
        "edge", .choice(Counted.allCases.map(\.rawValue)), .standard("rising"),
        help: "Which edges are pulses"),
    ],
    channels: [
      ChannelSpecification(
        "pulses", .count, resolution: 1_000_000_000, help: "Pulses since the counter was set up"),
      ChannelSpecification(
        "rate", .hertz, resolution: 0,
        help: "Pulses per second by the last two, or at most while none comes"),
      ChannelSpecification(
        "energy", .joule, resolution: 0, neededOption: "per-pulse",
        help: "Energy of all pulses; only with per-pulse"),
      ChannelSpecification(
        "power", .watt, resolution: 0, neededOption: "per-pulse",
        help: "Power by the last two pulses, or at most while none comes; only with per-pulse"),
    ],
    rawLayout: [
      RawString(
        "pulses, nanoseconds between the last two or 0, nanoseconds since the last or 2^64 - 1: "
          + "3 times 8 bytes, most significant first", bytes: 24)
    ],
    stimuli: ["rate"])

  /// Which edges are pulses.
  enum Counted: String, CaseIterable, Hashable, Sendable {
    case rising, falling, both

    func includes(_ direction: LineEdge.Direction) -> Bool {
      switch self {
      case .rising: direction == .rising
      case .falling: direction == .falling
      case .both: true
      }
    }
  }

  /// The energy that one pulse stands for.
  struct EnergyPerPulse: Hashable, Sendable {
    /// The largest energy, in nanojoule: 10^9 J, with which no total overflows.
    static let largest: Int128 = 1_000_000_000_000_000_000

    let nanojoules: UInt64

    /// The energy behind the key `per-pulse`; nil where it is not written.
    init?(_ options: OptionValues) throws(OptionConflict) {
      guard let quantity = options.quantity("per-pulse") else { return nil }
      guard (1...Self.largest).contains(quantity.nano) else {
        throw OptionConflict(
          option: "per-pulse", "'per-pulse' is out of range", remedy: "write for example '1 Wh'")
      }
      nanojoules = UInt64(quantity.nano)
    }

    /// The energy from the 8 bytes that `bytes` gave.
    init(_ bytes: [UInt8]) throws(DriverFailure) {
      guard bytes.count == 8 else {
        throw .malformed("calibration has \(bytes.count) bytes, expected 8")
      }
      nanojoules = bytes.long(at: 0)
      guard (1...Self.largest).contains(Int128(nanojoules)) else {
        throw .malformed("energy of a pulse is out of range")
      }
    }

    /// The energy in nanojoule, most significant byte first.
    var bytes: [UInt8] {
      var bytes: [UInt8] = []
      bytes.append(bigEndian: nanojoules)
      return bytes
    }
  }
}
