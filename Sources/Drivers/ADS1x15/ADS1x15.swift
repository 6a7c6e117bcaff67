public import Buses
public import Configuration
import Quantities

/// Texas Instruments ADS1115 (16 bits) and ADS1015 (12 bits): voltages at eight combinations of
/// four inputs, over I2C.
///
/// Ranges: up to 6.144, 4.096, 2.048, 1.024, 0.512 or 0.256 V, positive and negative, but never
/// outside the supply. Accuracy (ADS1115): 0.15 % of the value and 3 steps of offset.
///
/// Each of `inputs` is converted once in a measurement, one after the other, for the chip has one
/// converter. The channels are the voltages at the pins: what stands behind them (the divider of a
/// soil probe or a wind vane, the burden of a 4 to 20 mA loop) is a factor, an offset and a unit in
/// the board file's `calibrate`.
///
/// The driver takes single shots: the chip rests, `begin` makes it convert once, and the OS bit of
/// the configuration register tells when it is done. The register is among the raw bytes, for the
/// worth of a step depends on it. The comparator is off; its latch bit, which then does nothing,
/// is set, so that a configuration that a reset left is never the one that was written.
///
/// With `samples`, for a voltage that alternates as behind a current clamp or a transformer, the
/// chip converts one input without end, and its conversion register is read once in the longest
/// time that a conversion may take; then it rests again. The chip tells at its ALERT/RDY pin only
/// when a conversion is new, and the pin, which needs a line, is not used. So no conversion is read
/// twice, but some are left out: the time of the exchange and of waking up comes on top of each
/// wait, and other parts on the bus come in between. At 860 Hz, 100 kHz on the bus and a quiet
/// machine about 500 samples come in a second. Root mean square, mean, minimum and maximum do not
/// depend on that over some tens of periods; the distance of two samples in time is not known, so
/// frequencies and phases cannot be computed from them.
///
/// The chip has no identity register; the thresholds of the comparator, as a reset leaves them,
/// stand for it. Addresses 0x48 to 0x4B by the wiring of ADDR.
///
/// Source: Texas Instruments SBAS444E (ADS1115) and SBAS473F (ADS1015). Section numbers are those
/// of SBAS444E.
public struct ADS1x15<Chip: ADS1x15Chip>: I2CSensor {
  let address: I2CAddress
  /// The inputs, in the order of the channels.
  let inputs: [String]
  /// What stands in the configuration register while each of them is converted.
  let settings: [UInt16]
  /// How many conversions of one input make a measurement; nil where each input is converted once.
  let samples: Int?
  /// The longest time between two conversions.
  private let period: Duration
  /// The register after each conversion of the measurement that is going on, and the conversions.
  private var registers: [UInt8] = []
  private var conversions: [UInt8] = []
  /// Whether a conversion was started whose end was not seen.
  private var isConverting = false

  /// The longest time of a measurement: all conversions, without the exchanges between them.
  public let conversionTime: Duration

  /// A driver for the chip at an address, with its inputs, range, rate and samples.
  public init(options: OptionValues, address: I2CAddress) throws(OptionConflict) {
    self.address = address
    let names = options.texts("inputs").map(\.text)
    let chosen = ADS1x15Coding.inputs.filter { names.contains($0.key) }
    guard !chosen.isEmpty, chosen.count == names.count else {
      throw OptionConflict(
        option: "inputs",
        names.isEmpty ? "'inputs' has no value" : "'inputs' names an input twice",
        remedy: "name each input once, for example [0, 1, 2-3]")
    }
    samples = options.integer("samples")
    guard samples == nil || chosen.count == 1 else {
      throw OptionConflict(
        option: "samples", "'samples' are of one input, but 'inputs' names \(chosen.count)",
        remedy: "name one input, or leave 'samples' out")
    }
    let range = try options.step("range", among: ADS1x15Coding.ranges)
    let rate = try options.step(
      "rate", among: Chip.rates.map { (key: "\($0) Hz", value: Int128($0) * 1_000_000_000) })
    let mode =
      ADS1x15Coding.withoutComparator | (samples == nil ? ADS1x15Coding.singleShot : 0)
      | UInt16(range) << 9 | UInt16(rate) << 5
    inputs = chosen.map(\.key)
    settings = chosen.map { mode | $0.value << 12 }
    let period = Self.period(Chip.rates[rate])
    self.period = period
    conversionTime =
      samples.map { Self.wakeTime + period * $0 } ?? (Self.wakeTime + period) * chosen.count
  }

  /// What the driver is.
  public static var specification: DriverSpecification { Chip.specification }

  /// The time that the chip takes to wake up, doubled (section 9.4.2.1).
  private static var wakeTime: Duration { .microseconds(50) }

  /// The longest period of a rate, which may be 10 % low (section 7.5).
  private static func period(_ rate: Int) -> Duration {
    .nanoseconds(10_000_000_000 / (9 * rate) + 1)
  }

  /// Checks that the thresholds are as a reset leaves them (sections 9.6.4 and 9.6.1).
  public mutating func identify<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) {
    let low = try bus.word(ADS1x15Coding.lowThreshold, of: address)
    let high = try bus.word(ADS1x15Coding.highThreshold, of: address)
    // The lowest four bits are not used by the chip with 12 bits.
    guard low & 0xFFF0 == 0x8000, high & 0xFFF0 == 0x7FF0 else {
      throw .wrongIdentity(
        found: "thresholds \(low.hexadecimal) and \(high.hexadecimal)",
        expected: "0x8000 and 0x7fff")
    }
  }

  /// Makes the chip rest, as a reset does; the one there is resets other chips too (section 9.5.1.2).
  ///
  /// A conversion that an earlier run left going on ends with its own settings, and a start during
  /// it is ignored (sections 9.4.2.2 and 9.6.3), so the longest of all is waited for.
  public mutating func reset<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try rest(on: &bus)
    isConverting = false
    return Self.wakeTime + Self.period(Chip.rates.min() ?? 1)
  }

  /// Starts the conversion of the first input, or conversions without end (section 9.6.3).
  ///
  /// Throws `notReady` where the conversion of another input may still be going on.
  public mutating func begin<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    if isConverting, samples == nil {
      let found = try bus.word(ADS1x15Coding.configuration, of: address)
      guard found & ADS1x15Coding.start != 0 else { throw .notReady }
    }
    isConverting = true
    (registers, conversions) = ([], [])
    return try start(0, on: &bus)
  }

  /// Takes a conversion and waits for the next, of the next input or of the same; the last is left
  /// to `fetch`.
  public mutating func proceed<Bus: I2CBus & ~Copyable>(
    on bus: inout Bus
  ) throws(DriverFailure) -> Duration? {
    let taken = conversions.count / 2
    guard taken < (samples ?? inputs.count) - 1 else { return nil }
    guard samples == nil else {
      conversions += try bus.receive(2, after: [ADS1x15Coding.conversion], from: address)
      return period
    }
    try take(from: &bus)
    return try start(taken + 1, on: &bus)
  }

  /// Fetches the last conversion, and gives all with their configuration registers.
  ///
  /// Throws `wasReset` where the configuration is not as it was set, by a reset or by somebody
  /// else, and `notReady` while the chip converts.
  public mutating func fetch<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) -> [[UInt8]] {
    try take(from: &bus)
    let raw = [registers, conversions]
    (registers, conversions) = ([], [])
    if samples != nil { try rest(on: &bus) }
    isConverting = false
    return raw
  }

  /// Takes the configuration register, which must be as it was set, and a conversion.
  private mutating func take<Bus: I2CBus & ~Copyable>(
    from bus: inout Bus
  ) throws(DriverFailure) {
    let found = try bus.receive(2, after: [ADS1x15Coding.configuration], from: address)
    let setting = settings[registers.count / 2]
    guard found.word(at: 0) & ~ADS1x15Coding.start == setting else {
      throw .wasReset(
        "configuration register is \(found.word(at: 0).hexadecimal), "
          + "was set to \(setting.hexadecimal)")
    }
    // In conversions without end the bit never says that none is going on.
    guard samples != nil || found.word(at: 0) & ADS1x15Coding.start != 0 else { throw .notReady }
    conversions += try bus.receive(2, after: [ADS1x15Coding.conversion], from: address)
    registers += found
  }

  private func start<Bus: I2CBus & ~Copyable>(
    _ index: Int, on bus: inout Bus
  ) throws(DriverFailure) -> Duration {
    try bus.set(
      ADS1x15Coding.configuration, to: settings[index] | ADS1x15Coding.start, of: address)
    return Self.wakeTime + period
  }

  private func rest<Bus: I2CBus & ~Copyable>(on bus: inout Bus) throws(DriverFailure) {
    try bus.set(
      ADS1x15Coding.configuration, to: settings[0] | ADS1x15Coding.singleShot, of: address)
  }
}
