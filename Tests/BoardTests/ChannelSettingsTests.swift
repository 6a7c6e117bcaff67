import Board
import BoardYAML
import Configuration
import Quantities
import Testing

@Suite struct ChannelSettingsTests {
  /// The settings that a board file gives to a channel.
  private func settings(_ text: String) throws -> ChannelSettings {
    let board = try board(
      """
      board: { name: a }
      buses: { b: { device: /dev/i2c-1 } }
      sensors:
        s: { driver: ina226, on: b, every: 1 s, shunt: 0.1 ohm, channels: { current: \(text) } }
      """)
    return try #require(board.sensors.first?.channels["current"])
  }

  @Test(
    arguments: [
      // Raw, scale, offset, calibrated; all in billionths.
      ("1", 1_500_000_000, 0, 2),  // 1.5 billionths: away from zero
      ("1", 1_499_999_999, 0, 1), ("-1", 1_500_000_000, 0, -2), ("-1", 1_499_999_999, 0, -1),
      ("3", 500_000_000, 0, 2), ("-3", 500_000_000, 0, -2), ("1", 499_999_999, 0, 0),
      ("1", 500_000_000, 0, 1), ("7", 1_000_000_000, -10, -3), ("7", -1_000_000_000, 0, -7),
      ("0", 1_000_000_000_000, 5, 5), ("3", -500_000_000, 1, -1),
      ("1000000007", 1_000_000_000, 0, 1_000_000_007),
    ] as [(String, Int128, Int128, Int128)])
  func `the product is rounded to the nearest billionth, halves away from zero`(
    _ raw: String, _ scale: Int128, _ offset: Int128, _ calibrated: Int128
  ) throws {
    let scaleText = Quantity(nano: scale, unit: .ratio).decimalText
    let offsetText = Quantity(nano: offset, unit: .ratio).decimalText
    let settings = try settings("{ calibrate: { scale: \(scaleText), offset: \(offsetText) } }")
    #expect(settings.scale == scale && settings.offset == offset)
    let quantity = Quantity(nano: try #require(Int128(raw)), unit: .ampere)
    #expect(settings.calibrated(quantity) == Quantity(nano: calibrated, unit: .ampere))
  }

  @Test func `without a calibration the value stays`() throws {
    let settings = try settings("{ valid: -5..5 }")
    for nano in [0, 1, -1, Int128.max / 1_000_000_000, Int128.min / 1_000_000_000] {
      let quantity = Quantity(nano: nano, unit: .ampere)
      #expect(settings.calibrated(quantity) == quantity)
    }
    #expect(settings.valid == -5_000_000_000...5_000_000_000)
  }

  @Test func `a calibrated value has the unit that the file gives it, for kernels too`() throws {
    let board = try board(
      """
      board: { name: a }
      buses: { b: { device: /dev/i2c-1 } }
      sensors:
        vane:
          { driver: ads1115, on: b, every: 1 s, inputs: [0, 2-3],
            channels: { voltage-0: { calibrate: { scale: 100, unit: deg }, valid: 0..360 } } }
        rotor:
          { driver: ads1115, on: b, address: 0x49, every: 1 s,
            channels: { voltage-0: { calibrate: { unit: m/s } } } }
      kernels:
        wind: { kind: wind, speed: rotor.voltage-0, direction: vane.voltage-0 }
        all: { kind: statistics, of: vane.*, window: 1 min, compute: [mean] }
      """)
    let settings = try #require(board.sensors.first?.channels["voltage-0"])
    #expect(
      settings.calibrated(Quantity(nano: 1_500_000_000, unit: .volt))
        == Quantity(nano: 150_000_000_000, unit: Unit(code: "deg")))
    let references = board.sensors[0].references.filter { $0.channel.hasPrefix("voltage") }
    #expect(references.map(\.unit.code) == ["deg"] + [String](repeating: "V", count: 7))
    let all = try #require(board.kernels.first { $0.name == "all" })
    #expect(all.inputs == [references[0], references[7]])
    #expect(all.outputs.map(\.unit.code) == ["deg", "V"])
  }

  @Test func `a value that cannot be kept is none`() throws {
    let settings = try settings("{ calibrate: { scale: 1000000000000, offset: 1000000000000 } }")
    for nano in [Int128.max, Int128.min, Int128.max / 1_000_000_000] {
      #expect(settings.calibrated(Quantity(nano: nano, unit: .ampere)) == nil)
    }
  }

  @Test func `agrees with arithmetic of more digits`() throws {
    let settings = try settings("{ calibrate: { scale: 1.234567891, offset: -0.4 } }")
    for nano in stride(from: -2_000_000 as Int128, to: 2_000_000, by: 7919) {
      // Twice the product plus one half, cut down towards zero, is the product rounded half away.
      let product = nano * 1_234_567_891
      let doubled = 2 * product.magnitude + 1_000_000_000
      let rounded = Int128(doubled / 2_000_000_000) * product.signum()
      let calibrated = settings.calibrated(Quantity(nano: nano, unit: .ampere))
      #expect(calibrated?.nano == rounded - 400_000_000)
    }
  }
}

/// The board that a text means; its errors are recorded as issues.
func board(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Board {
  let (node, diagnostics) = BoardYAML.node(parsing: Array(text.utf8))
  #expect(diagnostics == [], sourceLocation: sourceLocation)
  let root = try #require(node, sourceLocation: sourceLocation)
  return try BoardReader.board(from: root, fileSize: text.utf8.count).get()
}

/// The errors of a text, as `cairn check` would show them for a file `f`.
func errors(_ text: String) throws -> [String] {
  let (node, diagnostics) = BoardYAML.node(parsing: Array(text.utf8))
  #expect(diagnostics == [])
  let reading = BoardReader.reading(of: try #require(node), fileSize: text.utf8.count)
  #expect((reading.board == nil) == !reading.diagnostics.isEmpty)
  return reading.diagnostics.map { $0.line(in: "f") }
}
