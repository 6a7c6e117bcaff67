import BrokerTesting
import Foundation
import Testing

/// What a third party can make of raw bytes with the drivers alone.
@Suite struct DecodeTests {
  private let directory: Directory

  init() throws { directory = try Directory() }

  private static let raws = ["0800", "2580", "0100", "0800", "0008"].flatMap { ["--raw", $0] }

  private func decode(_ driver: String, _ arguments: [String]) async throws -> Cairn.Outcome {
    try await Cairn.run(Cairn.path, ["decode", driver] + arguments, in: directory)
  }

  @Test(arguments: [
    ("ina226", ["shunt"]), ("ina219", ["shunt"]), ("ina3221", ["shunt-1"]), ("ltc2945", ["shunt"]),
    ("acs37800", ["range", "divider", "sense"]),
    ("ade7953", ["codes-per-volt", "codes-per-ampere"]),
  ])
  func `an option that is required is never made up`(
    driver: String, options: [String]
  ) async throws {
    let outcome = try await decode(driver, ["--raw", "0000"])
    #expect(outcome.code == 2 && outcome.output.isEmpty)
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(
      outcome.errors.hasPrefix(
        "cairn: driver '\(driver)' lacks \(options.map { "'\($0)'" }.joined(separator: " and "));"))
    for option in options {
      #expect(outcome.errors.contains("--option '\(option)="), "\(outcome.errors)")
    }
    let description = try await decode(driver, ["--describe"]).output
    for option in options {
      let line = try #require(
        description.split(separator: "\n").first { $0.hasPrefix("  \(option):") })
      #expect(line.contains(", required; "), "\(line)")
    }
  }

  @Test func `the example in the error is one that works`() async throws {
    let shunt = try await decode("ina226", Self.raws + ["--option", "shunt=0.1 ohm"])
    #expect(shunt.code == 0, "\(shunt.errors)")
    let refusal = try await decode("ina226", Self.raws)
    #expect(refusal.errors.contains("--option 'shunt=0.1 ohm', or --calibration HEX"))
  }

  @Test func `calibration bytes stand in the place of the options that they were made of`()
    async throws
  {
    // The register 0x0800 and 50,000,000 nano-ohms: 0x0800 x 0.00512 / (0x0800 x 0.05) ampere.
    let calibrated = try await decode(
      "ina226", Self.raws + ["--calibration", "08000000000002faf080"])
    #expect(calibrated.code == 0, "\(calibrated.errors)")
    let written = try await decode("ina226", Self.raws + ["--option", "shunt=0.05 ohm"])
    #expect(calibrated.output == written.output)
    #expect(calibrated.output.contains("\"nano\":102400000}"), "\(calibrated.output)")
    // Bytes that do not hold the option do not excuse it.
    let useless = try await decode("ina219", ["--raw", "0000", "--calibration", "00"])
    #expect(useless.code == 2 && useless.errors.contains("lacks 'shunt'"))
  }

  @Test(arguments: [
    ("bme280", "calibration: 33 bytes that the driver read from the chip"),
    ("bmp280", "calibration: 24 bytes that the driver read from the chip"),
    ("dps310", "calibration: 18 bytes that the driver read from the chip"),
    ("bme680", "calibration: 42 bytes that the driver read from the chip"),
    ("ina226", "calibration: 10 bytes made of the options"),
    ("pulse-counter", "calibration: 8 bytes made of the options"),
    ("zero-crossing", "calibration: 1 byte made of the options"), ("sht3x", nil), ("hwmon", nil),
  ])
  func `a description says what calibration bytes there are`(
    driver: String, expected: String?
  ) async throws {
    let outcome = try await decode(driver, ["--describe"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let line = outcome.output.split(separator: "\n").first { $0.hasPrefix("calibration:") }
    if let expected {
      #expect(line?.hasPrefix(expected) == true, "\(outcome.output)")
    } else {
      #expect(line == nil)
    }
  }

  @Test func `a recording without a required option is refused`() async throws {
    let text =
      "cairn bus recording 1\ndriver ina226\naddress 0x40\nidentify\n  write fe, read 5449\n  write ff, read 2260\n"
    let file = try directory.write(text, to: "short.txt")
    let outcome = try await Cairn.run("playback", file, in: directory)
    #expect(outcome.code == 2)
    #expect(
      outcome.errors.contains("lacks 'shunt'; write what the board file says"), "\(outcome.errors)")
    #expect(outcome.errors.contains("'option shunt 0.1 ohm'"))
  }
}
