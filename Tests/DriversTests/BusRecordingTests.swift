import Buses
import BusesTesting
import Drivers
import Foundation
import Testing

/// Recordings of exchanges: their text, and what they tell of a driver.
@Suite struct BusRecordingTests {
  static let text = """
    cairn bus recording 1
    driver sht4x
    address 0x44
    option repeatability low
    identify
      write 89
      read beef92000081
    reset
      write 94
      wait 1000000 ns
    configure
    begin
      write e0
      wait 1600000 ns
    fetch
      read 666693666693
      value temperature 25 Cel
      value humidity 44 %RH
    begin
      write e0
      wait 1600000 ns
    fetch
      read 6 bytes, fails: no acknowledge at the address
      failure measurement is not ready

    """

  static func driver(_ repeatability: String = "low") throws -> SHT4x {
    try SHT4x(
      options: options(SHT4x.self, ["repeatability": repeatability]),
      address: try #require(I2CAddress(0x44)))
  }

  @Test func `a text is read and written without a change`() throws {
    let recording = try BusRecording(parsing: Self.text)
    #expect(recording.text == Self.text)
    #expect(recording.steps.count == 7)
    #expect(recording.options == ["repeatability": "low"])
    #expect(recording.exchanges.count == 7)
    #expect(recording.differences(of: try Self.driver()) == [])
  }

  @Test(arguments: [
    ("write 94", "write 95", "call 2, reset: recorded 'write 95', came a write of 1"),
    ("wait 1600000", "wait 1600001", "call 4, begin: recorded 'wait 1600001 ns', came"),
    ("44 %RH", "43 %RH", "call 5, fetch: recorded"),
    ("read 666693666693", "read 666693666694", "call 5, fetch: recorded"),
    ("  write 89\n", "  write 89\n  write 89\n", "call 1, identify: recorded 'write 89', came"),
    (
      "fails: no acknowledge at the address", "fails: timeout",
      "call 7, fetch: recorded 'failure measurement is not ready', came 'failure timeout'"
    ),
  ])
  func `a driver that does otherwise is told, at the call`(
    old: String, new: String, difference: String
  ) throws {
    let changed = Self.text.replacingOccurrences(of: old, with: new)
    let differences = try BusRecording(parsing: changed).differences(of: try Self.driver())
    #expect(differences.first?.hasPrefix(difference) == true, "\(differences)")
  }

  @Test func `another option shows as another exchange`() throws {
    let recording = try BusRecording(parsing: Self.text)
    #expect(
      recording.differences(of: try Self.driver("high")).first
        == "call 4, begin: recorded 'write e0', came a write of 1 and a read of 0 bytes: 'write fd'"
    )
  }

  @Test(arguments: [
    ("cairn bus recording 1", "cairn bus recording 2", 1, "this is no bus recording"),
    ("address 0x44", "address 68", 3, "'68' is no address"),
    ("address 0x44\n", "", 4, "'identify' stands before driver and address"),
    ("write 89", "write 8", 6, "'write 8' is no exchange"),
    ("write 94", "wrote 94", 9, "'wrote 94' is not understood"),
    ("wait 1000000 ns", "wait 1 ms", 10, "'1 ms' is no time"),
    ("value humidity 44 %RH", "value humidity many %RH", 18, "'many %RH' is no value"),
    ("fails: no acknowledge at the address", "fails: often", 23, "is no exchange"),
  ])
  func `a text that is no recording is refused with its line`(
    old: String, new: String, line: Int, message: String
  ) throws {
    let changed = Self.text.replacingOccurrences(of: old, with: new)
    let failure = #expect(throws: BusRecordingFailure.self) {
      try BusRecording(parsing: changed)
    }
    #expect(failure?.line == line)
    #expect(failure?.message.contains(message) == true, "\(String(describing: failure))")
  }

  @Test func `any mutation is refused or is a recording whose text is itself`() throws {
    var generator = SteadyGenerator(seed: 5)
    for _ in 0..<2000 {
      var bytes = Array(Self.text.utf8)
      let index = Int.random(in: bytes.indices, using: &generator)
      switch Int.random(in: 0..<3, using: &generator) {
      case 0: bytes[index] = UInt8.random(in: 9...126, using: &generator)
      case 1: bytes.remove(at: index)
      default: bytes.insert(UInt8.random(in: 9...126, using: &generator), at: index)
      }
      guard let recording = try? BusRecording(parsing: String(decoding: bytes, as: UTF8.self))
      else { continue }
      #expect(try BusRecording(parsing: recording.text) == recording)
    }
  }

  @Test func `a measurement of several steps is recorded with all of them`() throws {
    let address = try #require(I2CAddress(0x48))
    let text = """
      cairn bus recording 1
      driver ads1115
      address 0x48
      option inputs [0, 1]
      identify
        write 02, read 8000
        write 03, read 7fff
      reset
        write 014387
        wait 138938889 ns
      configure
      begin
        write 01c387
        wait 8730556 ns
      proceed
        write 01, read c387
        write 00, read 4000
        write 01d387
        wait 8730556 ns
      fetch
        write 01, read d387
        write 00, read 2000
        value voltage-0 2.048 V
        value voltage-1 1.024 V

      """
    func driver(_ inputs: String) throws -> any I2CSensor {
      try ADS1115(options: options(ADS1115.self, ["inputs": inputs]), address: address)
    }
    var recording = BusRecording(
      driver: "ads1115", address: address, options: ["inputs": "[0, 1]"])
    var bus = RecordingI2CBus(
      ScriptedI2CBus(
        try BusRecording(parsing: text).exchanges.map { exchange in
          guard case .bytes(let bytes) = exchange.outcome else { throw TestFailure("no bytes") }
          return bytes.isEmpty
            ? .write(exchange.written, to: address)
            : .read(bytes, after: exchange.written, from: address)
        }))
    var waits: [Duration] = []
    var chip = try driver("[0, 1]")
    recording.take(1, of: &chip, on: &bus) { waits.append($0) }
    #expect(recording.text == text)
    #expect(waits == [138_938_889, 8_730_556, 8_730_556].map { .nanoseconds($0) })
    #expect(recording.differences(of: try driver("[0, 1]")) == [])
    #expect(
      recording.differences(of: try driver("[0, 1, 2]"))
        == ["call 6, fetch: the driver proceeds before it"])
    #expect(
      recording.differences(of: try driver("0"))
        == ["call 5, proceed: recorded 'write 01, read c387', did not come"])
  }

  /// Every recording in the folder is a test of its driver.
  @Test(arguments: recordings)
  func `a driver does what its recording holds`(path: String) throws {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let recording = try BusRecording(parsing: text)
    let type = try #require(
      DriverCatalogue.i2c.first { $0.specification.name == recording.driver })
    let driver = try type.init(
      options: standardOptions(type, recording.options), address: recording.address)
    #expect(recording.differences(of: driver) == [])
    #expect(recording.steps.contains { if case .measurement = $0.result { true } else { false } })
  }

  static var recordings: [String] {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "Recordings")
    let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (files ?? []).sorted().map { folder.appending(path: $0).path }
  }
}
