import Buses
import Configuration
import Quantities

extension ZeroCrossing {
  /// What the driver is.
  public static let specification = DriverSpecification(
    name: "zero-crossing", revision: 1,
    summary: "Zero crossings of the mains: frequency of the grid",
    datasheet: "IEC 61000-4-30 edition 3 section 5.1 (power frequency)",
    attachment: .line,
    options: [
      OptionSpecification(
        "nominal", .quantity(.frequency, 10_000_000_000...1_000_000_000_000),
        .standard("50 Hz"),
        help: "Nominal frequency of the grid; from 4/5 to 4/3 of it can be measured"),
      OptionSpecification(
        "crossings-per-cycle", .choice(["1", "2"]), .standard("1"),
        help: "Rising edges in a cycle: 2 where the circuit gives one each half wave"),
    ],
    channels: [
      ChannelSpecification(
        "frequency", .hertz, resolution: 1000,
        help: "Mean frequency since the last measurement"),
      ChannelSpecification(
        "crossings", .count, resolution: 1_000_000_000,
        help: "Crossings since the meter was set up"),
    ],
    rawLayout: [
      RawString(
        "all crossings, crossings since the last measurement, regular intervals among them, "
          + "nanoseconds that those took: 4 times 8 bytes, most significant first", bytes: 32)
    ],
    stimuli: ["frequency"])

  static func crossingsPerCycle(_ options: OptionValues) throws(OptionConflict) -> UInt8 {
    UInt8(try options.code("crossings-per-cycle", among: ["1", "2"]) + 1)
  }
}
